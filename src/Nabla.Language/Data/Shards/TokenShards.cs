using System.Text.Json;
using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>
/// A folder of tokens to be trained or measured on, which stay where they are: one that <see cref="ShardPreparation"/> filled, or
/// files of llm.c's scripts or the GPT-2 lecture's, whose names say what they are for.
/// </summary>
public sealed class TokenShards
{
    private ITokenizer? _tokenizer;

    private TokenShards(string folder, IReadOnlyList<TokenShard> shards, string hash)
        => (Folder, Shards, Hash) = (folder, shards, hash);

    /// <summary>Gets the folder.</summary>
    public string Folder { get; }

    /// <summary>Gets the files of tokens, in order.</summary>
    public IReadOnlyList<TokenShard> Shards { get; }

    /// <summary>Gets what the preparation wrote of the folder; null where another program made it.</summary>
    public TokenShardIndex? Index { get; private init; }

    /// <summary>Gets what tells the content of the folder from any other: a SHA-256 over the SHA-256 of every file.</summary>
    public string Hash { get; }

    /// <summary>Gets the token that each document begins with; null where the tokenizer has none.</summary>
    /// <exception cref="TokenizerException">The tokenizer's file is missing or wrong.</exception>
    public int? EndOfTextId => Index?.EndOfTextId ?? Tokenizer.EndOfTextId;

    /// <summary>Gets the tokenizer that made the tokens, read at the first use.</summary>
    /// <exception cref="TokenizerException">Its file is missing or wrong.</exception>
    /// <exception cref="DataFileException">Its file is not the one that made the tokens.</exception>
    public ITokenizer Tokenizer => _tokenizer ??= ReadTokenizer();

    /// <summary>Returns whether a path is a folder of shards.</summary>
    public static bool IsFolder(string path) => HasIndex(path) || LooseShards.Find(path).Count > 0;

    /// <summary>Returns whether a folder says by itself what is in it, the tokenizer included.</summary>
    public static bool HasIndex(string folder) => File.Exists(Path.Combine(folder, TokenShardIndex.FileName));

    /// <summary>Opens a folder. One without an index is read once from end to end, to see what is in it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tokenizer">What made the tokens of a folder without an index; one that has an index has its own.</param>
    /// <exception cref="DataFileException">It cannot be read, or holds no tokens, or the tokenizer is missing.</exception>
    public static TokenShards Open(string folder, ITokenizer? tokenizer = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return HasIndex(folder) ? OpenIndex(folder) : OpenLoose(folder, tokenizer);
    }

    /// <summary>Reads one file of tokens, npy or llm.c's, without an index.</summary>
    /// <exception cref="DataFileException">The file is missing, damaged or holds no tokens.</exception>
    public static int[] ReadFile(string path)
    {
        var file = TokenFile.Open(path);
        file.Check(int.MaxValue);
        return new MappedTokens(file).ToArray();
    }

    /// <summary>
    /// Opens the tokens of a split where they lie, in no memory of this process. First every file is read through once, so that a
    /// damaged one is named at once and not in the midst of a training.
    /// </summary>
    /// <exception cref="DataFileException">A file is missing, or not what was written.</exception>
    public TokenSequence Read(TokenSplit split)
    {
        TokenShard[] shards = [.. Shards.Where(shard => shard.Split == split)];
        TokenFile[] files = [.. shards.Select(Open)];
        if (Index is not null)
        {
            string[] hashes = TokenFile.Check(files, Index.VocabularySize);
            for (int i = 0; i < files.Length; i++)
            {
                _ = hashes[i] == shards[i].Sha256 ? files[i] : throw IsOther(files[i].Path);
            }
        }

        return TokenSequence.Join([.. files.Select(file => new MappedTokens(file))]);
    }

    /// <summary>Opens both splits.</summary>
    /// <inheritdoc cref="Read"/>
    public TextDataset ToDataset() => new(Folder, Tokenizer, Read(TokenSplit.Train), Read(TokenSplit.Val), Hash)
    {
        BoundaryId = EndOfTextId,
    };

    private static TokenShards OpenIndex(string folder)
    {
        string path = Path.Combine(folder, TokenShardIndex.FileName);
        try
        {
            string json = File.ReadAllText(path);
            var index = TokenShardIndex.FromJson(json);
            return new TokenShards(folder, index.Shards, TextDataset.Hash(json)) { Index = index };
        }
        catch (JsonException error)
        {
            throw new DataFileException($"{path} is no index of shards: {error.Message.ReplaceLineEndings(" ")}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private static TokenShards OpenLoose(string folder, ITokenizer? tokenizer)
    {
        if (tokenizer is null || LooseShards.Find(folder).Count == 0)
        {
            throw new DataFileException($"{folder} has no {TokenShardIndex.FileName}: prepare the folder to its end, with `nabla data "
                + "prepare`; or, if its files are NAME_train_0.bin or .npy of another program, say what made them, as with --tokenizer gpt2.");
        }

        TokenShard[] shards = LooseShards.Read(folder, tokenizer.VocabularySize);
        TokenSplit? missing = shards.All(shard => shard.Split == TokenSplit.Val) ? TokenSplit.Train
            : shards.All(shard => shard.Split == TokenSplit.Train) ? TokenSplit.Val
            : null;
        string word = missing == TokenSplit.Train ? "train" : "val";
        return missing is null
            ? new TokenShards(folder, shards, LooseShards.HashOf(shards)) { _tokenizer = tokenizer }
            : throw new DataFileException($"{folder} has no file with _{word}_ in its name: rename one of its {shards.Length} files so.");
    }

    private static DataFileException IsOther(string path) => new(
        $"{path} is not what {TokenShardIndex.FileName} says of it (its length or SHA-256 differs): prepare the folder again.");

    // An index may claim what its file cannot have: that is seen before anything is read.
    private TokenFile Open(TokenShard shard)
    {
        var file = TokenFile.Open(Path.Combine(Folder, Path.GetFileName(shard.File)));
        return file.Count == shard.Tokens ? file : throw IsOther(file.Path);
    }

    private ITokenizer ReadTokenizer() => Index!.Tokenizer.Load(Folder) is ITokenizer tokenizer
        && tokenizer.VocabularySize == Index.VocabularySize
            ? tokenizer
            : throw new DataFileException($"{Index.Tokenizer.PathIn(Folder)} is not the tokenizer that made the tokens: put the old "
                + "one back, or prepare the folder again.");
}
