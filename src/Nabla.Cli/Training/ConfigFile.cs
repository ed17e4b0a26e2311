using System.Text.Json;
using Nabla.Language.Data;

namespace Nabla.Cli.Training;

/// <summary>
/// A configuration file: a JSON object whose keys are the names of the settings (<c>"learning-rate": 0.001</c>), and
/// <c>"preset"</c> or <c>"model"</c>. Comments and trailing commas are allowed.
/// </summary>
/// <param name="Preset">The preset that it names, or null.</param>
/// <param name="Model">The model that it names, or null.</param>
/// <param name="Overrides">The settings that it gives.</param>
internal sealed record ConfigFile(string? Preset, string? Model, IReadOnlyList<Override> Overrides)
{
    private const string PresetKey = "preset";
    private const string ModelKey = "model";

    private static readonly JsonDocumentOptions _options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = false,
    };

    /// <summary>Gets the file that says nothing.</summary>
    public static ConfigFile None { get; } = new(null, null, []);

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataFileException">The file cannot be read.</exception>
    /// <exception cref="UsageException">It is no JSON object, or has a key or value that means nothing.</exception>
    public static ConfigFile Read(string path)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(TextFile.Read(path), _options);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? Read(path, json.RootElement)
                : throw new UsageException($"{path} is not a JSON object: write {{ \"layers\": 4 }}.");
        }
        catch (JsonException error)
        {
            throw new UsageException(FormattableString.Invariant(
                $"{path} is not valid JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}."));
        }
    }

    private static ConfigFile Read(string path, JsonElement root)
    {
        Dictionary<string, string> names = [];
        List<Override> overrides = [];
        foreach (JsonProperty property in root.EnumerateObject())
        {
            string label = $"{path}: {property.Name}";
            if (property.Name is PresetKey or ModelKey)
            {
                names[property.Name] = property.Value.ValueKind == JsonValueKind.String
                    ? property.Value.GetString()!
                    : throw new UsageException($"{label} takes the name of a {property.Name}, not {property.Value.GetRawText()}.");
                continue;
            }

            Setting setting = SettingTable.Find(property.Name) ?? throw new UsageException(
                $"{path}: Unknown key {property.Name}. Did you mean "
                + $"{NearestName.Find(property.Name, SettingTable.All.Select(known => known.Name).Append(PresetKey).Append(ModelKey))}?");

            // A string is a value only where a word is asked for: "4" in quotes is no number.
            string text = property.Value.ValueKind == JsonValueKind.String && setting.IsText
                ? property.Value.GetString()!
                : property.Value.GetRawText();
            overrides.Add(new Override(setting, label, text));
        }

        return new ConfigFile(names.GetValueOrDefault(PresetKey), names.GetValueOrDefault(ModelKey), overrides);
    }
}
