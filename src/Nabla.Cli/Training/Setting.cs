using Nabla.Language;

namespace Nabla.Cli.Training;

/// <summary>Under which title the help lists a setting.</summary>
internal enum SettingGroup
{
    /// <summary>What the run is.</summary>
    Run,

    /// <summary>What the model looks like.</summary>
    Model,

    /// <summary>How it learns.</summary>
    Training,

    /// <summary>What is measured, shown and kept meanwhile.</summary>
    Measuring,
}

/// <summary>
/// One thing that a user can set: an option <c>--name value</c> of the command line and a key <c>"name": value</c> of a
/// configuration file.
/// </summary>
/// <param name="Name">The name, without dashes in front.</param>
/// <param name="Group">Where the help lists it.</param>
/// <param name="ValueName">What the help calls its value; null for a switch.</param>
/// <param name="Help">One line about it.</param>
/// <param name="Apply">
/// Returns settings changed by a written value; is given the name for messages, too, and throws <see cref="UsageException"/>.
/// </param>
internal sealed record Setting(
    string Name, SettingGroup Group, string? ValueName, string Help, Func<TrainSettings, string, string, TrainSettings> Apply)
{
    /// <summary>Gets which models it is for; all, unless it is a size of some.</summary>
    public Func<LanguageModelConfig, bool> IsFor { get; init; } = _ => true;

    /// <summary>Gets whether its value is a word and not a number: in a configuration file, a string.</summary>
    public bool IsText { get; init; }

    /// <summary>Gets whether it is a switch, for which the name alone means true.</summary>
    public bool IsSwitch => ValueName is null;
}
