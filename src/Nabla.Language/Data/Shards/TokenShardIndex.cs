using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nabla.Language.Data;

/// <summary>One file of tokens.</summary>
public sealed record TokenShard
{
    /// <summary>Gets the name of the file.</summary>
    public required string File { get; init; }

    /// <summary>Gets what it is for.</summary>
    public required TokenSplit Split { get; init; }

    /// <summary>Gets the number of tokens in it.</summary>
    public required int Tokens { get; init; }

    /// <summary>Gets the SHA-256 of the file, in hexadecimal.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>
/// What is in a folder of shards: the content of its <c>index.json</c>, which is written last, so that a folder with an index is
/// whole.
/// </summary>
public sealed record TokenShardIndex
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "index.json";

    private const int CurrentVersion = 1;

    /// <summary>Gets the version of the file's form.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Gets the tokenizer that made the tokens.</summary>
    public required SavedTokenizer Tokenizer { get; init; }

    /// <summary>Gets the width of a model's logits; every token is below it.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Gets the token that each document begins with.</summary>
    public required int EndOfTextId { get; init; }

    /// <summary>Gets the number of documents.</summary>
    public required long Documents { get; init; }

    /// <summary>Gets the number of tokens in all files.</summary>
    public required long Tokens { get; init; }

    /// <summary>Gets the files, in the order of the corpus.</summary>
    public required IReadOnlyList<TokenShard> Shards { get; init; }

    /// <summary>Returns the index as indented JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, TokenShardIndexJson.Default.TokenShardIndex);

    /// <summary>Reads an index.</summary>
    /// <exception cref="JsonException">The text is no such JSON, or its numbers contradict each other.</exception>
    public static TokenShardIndex FromJson(string json)
    {
        TokenShardIndex index = JsonSerializer.Deserialize(json, TokenShardIndexJson.Default.TokenShardIndex)
            ?? throw new JsonException("The file holds null.");
        bool isSound = index is { Version: CurrentVersion, VocabularySize: > 0, Documents: >= 0 }
            && index is { Tokenizer: not null, Shards: not null }
            && IsFileName(index.Tokenizer.File)
            && (uint)index.EndOfTextId < (uint)index.VocabularySize
            && index.Shards.All(shard => shard is { Tokens: >= 0 } && IsFileName(shard.File))
            && index.Shards.Sum(shard => (long)shard.Tokens) == index.Tokens;
        return isSound ? index : throw new JsonException("its version, a name or a number in it makes no sense.");
    }

    // What an index names lies in its folder.
    private static bool IsFileName(string? name)
        => name is { Length: > 0 } && !name.Any(character => character is '/' or '\\' || char.IsControl(character));
}

/// <summary>Reads and writes indexes without reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TokenShardIndex))]
internal sealed partial class TokenShardIndexJson : JsonSerializerContext;
