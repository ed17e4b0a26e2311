namespace Nabla.Cli.Training;

/// <summary>Makes settings that change one part of all that can be set.</summary>
/// <param name="group">Where the help lists them.</param>
/// <param name="get">Takes the part out of the settings.</param>
/// <param name="put">Returns settings with the part put in.</param>
internal sealed class SettingSection<TPart>(
    SettingGroup group, Func<TrainSettings, TPart> get, Func<TrainSettings, TPart, TrainSettings> put)
{
    /// <summary>Makes a setting that is a whole number.</summary>
    public Setting Count(string name, string help, Func<TPart, int, TPart> set)
        => Make(name, "N", help, Values.WholeNumber, set);

    /// <summary>Makes a setting that is a number.</summary>
    public Setting Number(string name, string help, Func<TPart, double, TPart> set)
        => Make(name, "X", help, Values.Number, set);

    /// <summary>Makes a setting that is a seed.</summary>
    public Setting Seed(string name, string help, Func<TPart, ulong, TPart> set)
        => Make(name, "S", help, Values.Seed, set);

    /// <summary>Makes a setting that is on or off.</summary>
    public Setting Switch(string name, string help, Func<TPart, bool, TPart> set)
        => Make(name, null, help, Values.Switch, set);

    /// <summary>Makes a setting that is one of a few words.</summary>
    public Setting Choice<T>(string name, string help, (string Word, T Value)[] choices, Func<TPart, T, TPart> set)
        => MakeText(name, string.Join('|', choices.Select(choice => choice.Word)), help,
            (label, text) => Values.Choice(label, text, choices), set);

    /// <summary>Makes a setting that is a name or a path.</summary>
    /// <param name="name">The name of the setting.</param>
    /// <param name="valueName">What the help calls the value.</param>
    /// <param name="help">One line about it.</param>
    /// <param name="set">Returns the part with the value in it.</param>
    public Setting Name(string name, string valueName, string help, Func<TPart, string, TPart> set)
        => MakeText(name, valueName, help, (_, text) => text, set);

    private Setting MakeText<T>(string name, string valueName, string help, Func<string, string, T> read, Func<TPart, T, TPart> set)
        => Make(name, valueName, help, read, set) with { IsText = true };

    private Setting Make<T>(string name, string? valueName, string help, Func<string, string, T> read, Func<TPart, T, TPart> set)
        => new(name, group, valueName, help, (settings, label, text) => put(settings, set(get(settings), read(label, text))));
}
