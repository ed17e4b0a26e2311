using System.CommandLine;

namespace Nabla.Cli.Tests;

/// <summary>What help pages show can be typed.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Examples => [.. Commands(CommandLines.Root)
        .SelectMany(command => ((NablaCommand)command).Examples)
        .Select(example => example.Line)
        .Distinct()];

    public static TheoryData<string> CommandNames => [.. Commands(CommandLines.Root).Skip(1).Select(Path)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_written_rightly(string line) => Assert.Null(CommandLines.FaultOf(line));

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void Every_command_has_a_help_page_with_examples(string name)
    {
        CommandResult result = Workspace.Nabla([.. name.Split(' '), "--help"]);

        Assert.Equal(0, result.Code);
        Assert.Contains($"Usage: nabla {name}", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nExamples:\n  ", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.SelectMany(Commands).Prepend(command);

    private static string Path(Command command)
        => command.Parents.OfType<Command>().FirstOrDefault() is Command parent && parent.Parents.Any()
            ? $"{Path(parent)} {command.Name}"
            : command.Name;
}
