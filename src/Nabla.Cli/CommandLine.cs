using System.CommandLine;
using System.CommandLine.Help;
using Nabla.Cli.Commands;
using Nabla.Cli.Commands.Eval;
using Nabla.Cli.Commands.Tokenizer;

namespace Nabla.Cli;

/// <summary>The <c>nabla</c> command: from arguments to an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command; whatever goes wrong becomes one line on the error stream.</summary>
    /// <param name="args">What was written after <c>nabla</c>.</param>
    /// <param name="terminal">Where to write.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, Terminal terminal)
    {
        try
        {
            ParseResult result = Parse(args, terminal);
            UsageFault.ThrowIfAny(result);
            return result.Invoke(new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception error)
        {
            (string line, int code) = Failure.Describe(error);
            terminal.Error.WriteLine($"nabla: {line}");
            if (code != ExitCode.WrongUsage && Environment.GetEnvironmentVariable("NABLA_DEBUG") == "1")
            {
                terminal.Error.WriteLine(error);
            }

            return code;
        }
    }

    /// <summary>Reads a command without running it.</summary>
    internal static ParseResult Parse(IReadOnlyList<string> args, Terminal terminal)
        // Only what is written counts: an argument that begins with @ is a prompt, not a file of more arguments.
        => Root(terminal).Parse(args, new ParserConfiguration
        {
            EnablePosixBundling = false,
            ResponseFileTokenReplacer = null,
        });

    /// <summary>The command itself, with all commands below it.</summary>
    internal static NablaCommand Root(Terminal terminal)
    {
        HelpPage help = new();
        NablaCommand root = new("nabla", "Train, sample and inspect small language models, in pure C#.")
        {
            Examples =
            [
                ("nabla train", "learn names for about a minute, then write twenty new ones"),
                ("nabla train my.txt --preset small", "learn any text"),
                ("nabla sample runs/latest --prompt \"Once\"", "write with the model that was trained last"),
            ],
        };
        root.Options.Add(new HelpOption { Action = help, Description = "show help" });
        root.Options.Add(new VersionOption { Description = "show the version" });
        root.Subcommands.Add(new TrainCommand(terminal));
        root.Subcommands.Add(new PlanCommand(terminal));
        root.Subcommands.Add(new SampleCommand(terminal));
        root.Subcommands.Add(new EvalCommand(terminal));
        root.Subcommands.Add(ExchangeCommand.Import(terminal));
        root.Subcommands.Add(ExchangeCommand.Export(terminal));
        root.Subcommands.Add(ExchangeCommand.Convert(terminal));
        root.Subcommands.Add(new InspectCommand(terminal));
        root.Subcommands.Add(new DataCommand(terminal));
        root.Subcommands.Add(new InfoCommand(terminal));
        root.Subcommands.Add(new PlotCommand(terminal));
        root.Subcommands.Add(new DiagnoseCommand(terminal));
        root.Subcommands.Add(new TokenizerCommand(terminal));
        root.SetAction(help.Invoke);
        return root;
    }
}
