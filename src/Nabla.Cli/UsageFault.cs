using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Nabla.Cli;

/// <summary>Says in one line what is wrong with a command as it was written.</summary>
internal static class UsageFault
{
    /// <summary>Throws if the command was written wrongly, unless it asks for help.</summary>
    /// <exception cref="UsageException">An option, command or value is unknown, missing or one too many.</exception>
    public static void ThrowIfAny(ParseResult result)
    {
        if (result.Action is HelpPage && result.GetResult(Help(result)) is not null)
        {
            return;
        }

        Command command = result.CommandResult.Command;

        // The parser takes an unknown option for an argument where the command has one.
        IEnumerable<string> strangers = result.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .Concat(result.UnmatchedTokens);
        if (strangers.FirstOrDefault(text => text.StartsWith('-') && text.Length > 1) is string option)
        {
            string nearest = NearestName.Find(option.Split('=')[0], Options(command).Select(known => known.Name));
            throw new UsageException($"Unknown option {option}. Did you mean {nearest}?");
        }

        if (result.UnmatchedTokens.Count > 0)
        {
            string text = result.UnmatchedTokens[0];
            throw new UsageException(command.Subcommands.Count > 0
                ? $"Unknown command {text}. Did you mean {NearestName.Find(text, command.Subcommands.Select(sub => sub.Name))}?"
                : $"One argument too many: {text}. Run `{Path(command)} --help` for how to write it.");
        }

        if (result.Errors.Count > 0)
        {
            throw new UsageException(Describe(result.Errors[0], command));
        }
    }

    private static string Describe(ParseError error, Command command) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: 0, Option: Option option } =>
            $"{option.Name} needs a value: {option.Name} {option.HelpName}.",
        OptionResult { Tokens.Count: > 1 } result => $"{result.Option.Name} is given twice: give it once.",
        OptionResult result => $"{result.Option.Name} cannot be {result.Tokens[0].Value}.",
        ArgumentResult { Tokens.Count: 0, Argument: Argument argument } =>
            $"Something is missing: `{Path(command)} <{argument.HelpName}>`.",
        _ when command.Subcommands.Count > 0 => $"A command is missing after {Path(command)}: one of "
            + $"{string.Join(", ", command.Subcommands.Select(sub => sub.Name))}.",
        CommandResult when command.Arguments.FirstOrDefault() is Argument argument =>
            $"Something is missing: `{Path(command)} <{argument.HelpName}>`.",
        _ => error.Message.ReplaceLineEndings(" "),
    };

    private static IEnumerable<Option> Options(Command command)
        => command.Options.Concat(Ancestors(command).SelectMany(parent => parent.Options).Where(option => option.Recursive));

    private static IEnumerable<Command> Ancestors(Command command)
        => command.Parents.OfType<Command>().SelectMany(parent => Ancestors(parent).Append(parent));

    private static string Path(Command command) => string.Join(' ', Ancestors(command).Append(command).Select(at => at.Name));

    private static HelpOption Help(ParseResult result) => result.RootCommandResult.Command.Options.OfType<HelpOption>().First();
}
