using System.CommandLine;

namespace Nabla.Cli;

/// <summary>A command with what its help page shows besides its options.</summary>
internal class NablaCommand(string name, string description) : Command(name, description)
{
    /// <summary>Gets commands as they may be written, with what they do.</summary>
    public IReadOnlyList<(string Line, string Meaning)> Examples { get; init; } = [];

    /// <summary>Gets the options under their titles; options in none of them are listed first.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> OptionGroups { get; protected init; } = [];

    /// <summary>Gets what else there is to know, as titled lists.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<(string Name, string Meaning)> Rows)> Notes { get; protected init; } = [];

    /// <summary>Makes an option whose value is read as text; <see cref="Values"/> gives it its type.</summary>
    internal static Option<string> Text(string name, string? valueName, string help)
        => new(name) { HelpName = valueName, Description = help };
}
