using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Nabla.Cli;

/// <summary>The help of a command: what it is for, how it is written, its options by groups, and examples.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        Command command = parseResult.CommandResult.Command;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(command.Description);
        output.WriteLine();
        output.WriteLine($"Usage: {Usage(command)}");
        Write(output, "Commands", [.. command.Subcommands.Select(sub => (sub.Name, sub.Description ?? string.Empty))]);
        Write(output, "Arguments", [.. command.Arguments.Select(a => (a.HelpName ?? a.Name, a.Description ?? string.Empty))]);
        NablaCommand? page = command as NablaCommand;
        HashSet<Option> grouped = [.. (page?.OptionGroups ?? []).SelectMany(group => group.Options)];
        IEnumerable<Option> ungrouped = command.Options.Where(option => !grouped.Contains(option));
        Write(output, "Options", [.. ungrouped.Select(Row), .. HelpRow(command)]);
        foreach ((string title, IReadOnlyList<Option> options) in page?.OptionGroups ?? [])
        {
            Write(output, title, [.. options.Select(Row)]);
        }

        foreach ((string title, IReadOnlyList<(string, string)> rows) in page?.Notes ?? [])
        {
            Write(output, title, rows);
        }

        Write(output, "Examples", page?.Examples ?? []);
        if (command.Subcommands.Count > 0)
        {
            output.WriteLine();
            output.WriteLine($"Run `{Path(command)} <command> --help` for the options of a command.");
        }

        return ExitCode.Done;
    }

    private static string Path(Command command)
        => command.Parents.OfType<Command>().FirstOrDefault() is Command parent ? $"{Path(parent)} {command.Name}" : command.Name;

    private static string Usage(Command command)
    {
        List<string> words = [Path(command)];
        words.AddRange(command.Subcommands.Count > 0 ? ["<command>"] : []);
        words.AddRange(command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues > 0
            ? $"<{argument.HelpName ?? argument.Name}>"
            : $"[{argument.HelpName ?? argument.Name}]"));
        words.Add("[options]");
        return string.Join(' ', words);
    }

    private static (string Name, string Meaning) Row(Option option)
    {
        string value = option.HelpName is null ? string.Empty : $" {option.HelpName}";
        return (option.Name + value, option.Description ?? string.Empty);
    }

    // The help option belongs to the root and is inherited by every command below it.
    private static IEnumerable<(string Name, string Meaning)> HelpRow(Command command)
        => command.Options.Any(option => option is HelpOption) ? [] : [("--help", "show this page")];

    private static void Write(TextWriter output, string title, IReadOnlyList<(string Name, string Meaning)> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"{title}:");
        int width = rows.Max(row => row.Name.Length);
        foreach ((string name, string meaning) in rows)
        {
            output.WriteLine($"  {name.PadRight(width)}  {meaning}".TrimEnd());
        }
    }
}
