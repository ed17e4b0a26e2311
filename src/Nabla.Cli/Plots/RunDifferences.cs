using System.Text.Json;
using System.Text.RegularExpressions;

namespace Nabla.Cli.Plots;

/// <summary>In which settings runs differ.</summary>
internal sealed partial class RunDifferences
{
    private const int Shown = 3;
    private const int LongestValue = 24;

    // They follow from other entries, and say nothing to a reader.
    private static readonly string[] _hashes = ["data.sha256", "tokenizer.sha256", "hellaSwag.sha256"];

    // They decide how often a run is looked at, not what it learns: they come last.
    private static readonly string[] _looking =
    [
        "training.evaluationInterval", "training.evaluationBatches", "training.sampleInterval", "training.sampleTokens",
        "training.watchInterval", "training.checkpointInterval",
    ];

    private readonly IReadOnlyList<Dictionary<string, string>> _settings;
    private readonly string[] _different;

    public RunDifferences(IReadOnlyList<PlottedRun> runs)
    {
        _settings = [.. runs.Select(run => Settings(run.Config.ToJson()))];
        _different =
        [
            .. _settings.SelectMany(settings => settings.Keys).Distinct().Except(_hashes)
                .Where(key => _settings.Select(settings => settings.GetValueOrDefault(key)).Distinct().Count() > 1)
                .OrderBy(key => _looking.Contains(key)),
        ];
    }

    /// <summary>Gets whether they differ in nothing.</summary>
    public bool IsEmpty => _different.Length == 0;

    /// <summary>Returns how a run differs from the others, in a few words; empty if it does not.</summary>
    /// <param name="index">Which of the runs.</param>
    public string Describe(int index)
    {
        string[] words = [.. _different.Select(key => $"{Words(key)} {Cut(_settings[index].GetValueOrDefault(key, "none"))}")];
        return string.Join(", ", words.Length > Shown ? [.. words[..Shown], "..."] : words);
    }

    /// <summary>Returns all different settings as rows of a table: the setting, then each run's value.</summary>
    public IEnumerable<string[]> Table()
        => _different.Select(key => (string[])[Words(key), .. _settings.Select(settings => settings.GetValueOrDefault(key, "none"))]);

    // Of a path the end tells more than the beginning.
    private static string Cut(string value) => value.Length > LongestValue ? "..." + value[^LongestValue..] : value;

    private static Dictionary<string, string> Settings(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Dictionary<string, string> settings = [];
        Collect(document.RootElement, string.Empty, settings);
        return settings;
    }

    private static void Collect(JsonElement element, string path, Dictionary<string, string> settings)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            settings.Add(path, element.ToString());
            return;
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            Collect(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}", settings);
        }
    }

    // model.layerCount is the layer count; data.source, since a source alone says little, stays two words.
    private static string Words(string key)
    {
        string name = key.StartsWith("model.", StringComparison.Ordinal) || key.StartsWith("training.", StringComparison.Ordinal)
            ? key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..]
            : key.Replace('.', ' ');
        return Capital().Replace(name, match => " " + match.Value.ToLowerInvariant());
    }

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
