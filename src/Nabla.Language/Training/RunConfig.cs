using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>Where a run's text comes from, and what it was when the run began.</summary>
public sealed record RunData
{
    /// <summary>Gets the name of a named data set, or the full path of a file.</summary>
    public required string Source { get; init; }

    /// <summary>Gets how the text was read.</summary>
    public required TextKind Kind { get; init; }

    /// <summary>Gets the SHA-256 of the text, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Returns the token between the documents of the data; null for running text, which has none.</summary>
    /// <param name="tokenizer">The run's tokenizer.</param>
    public int? BoundaryId(ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return Kind == TextKind.RunningText ? null : tokenizer.EndOfTextId;
    }
}

/// <summary>Everything that decides what a run computes: the content of its <c>config.json</c>.</summary>
public sealed record RunConfig
{
    /// <summary>Gets the version of the file's form.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Gets where the text comes from.</summary>
    public required RunData Data { get; init; }

    /// <summary>
    /// Gets the tokenizer, which <see cref="RunDirectory.Create"/> fills in; null in a run from before it did, with a
    /// character tokenizer in <c>tokenizer.json</c>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SavedTokenizer? Tokenizer { get; init; }

    /// <summary>Gets the folder of the run or model whose weights this one began with; null if it began with new ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? From { get; init; }

    /// <summary>Gets the model's sizes; in a file without their kind, which is from before there were others, a GPT's.</summary>
    public required LanguageModelConfig Model { get; init; }

    /// <summary>Gets the questions that it is asked as it learns; null if it is asked none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunQuestions? HellaSwag { get; init; }

    /// <summary>Gets how it is trained.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Returns the configuration as indented JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunConfigJson.Default.RunConfig);

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="JsonException">The text is no such JSON, or has an unknown or missing entry.</exception>
    public static RunConfig FromJson(string json)
    {
        if (JsonNode.Parse(json) is JsonObject root
            && root["model"] is JsonObject model && !model.ContainsKey(LanguageModelConfig.KindProperty))
        {
            model.Insert(0, LanguageModelConfig.KindProperty, GptConfig.Kind);
            json = root.ToJsonString();
        }

        return JsonSerializer.Deserialize(json, RunConfigJson.Default.RunConfig) ?? throw new JsonException("The file holds null.");
    }
}

/// <summary>Reads and writes configurations without reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunConfig))]
[JsonSerializable(typeof(ModelFolderConfig))]
internal sealed partial class RunConfigJson : JsonSerializerContext;
