using System.CommandLine;
using Nabla.Cli.Tokenizing;
using Nabla.Tokenizers;

namespace Nabla.Cli.Commands.Tokenizer;

/// <summary>A command that works with one tokenizer.</summary>
internal abstract class CommandWithTokenizer : NablaCommand
{
    private readonly Option<string> _tokenizer =
        Text("--tokenizer", TokenizerChoice.ValueName, "a tokenizer's name, its file, or the folder of a run");

    /// <summary>Makes the command with its option.</summary>
    protected CommandWithTokenizer(Terminal terminal, string name, string description)
        : base(name, description)
    {
        Terminal = terminal;
        Options.Add(_tokenizer);
    }

    /// <summary>Gets where the command reads and writes.</summary>
    protected Terminal Terminal { get; }

    /// <summary>Gets how the command is written, for messages.</summary>
    protected string Line => $"nabla tokenizer {Name}";

    /// <summary>Makes the option of what happens where the text of a special token occurs.</summary>
    protected static Option<string> SpecialOption(string absent)
        => Text("--special", "HOW", $"special tokens in the text: allow, refuse, or text ({absent})");

    /// <summary>Reads that option.</summary>
    protected static SpecialText Special(ParseResult result, Option option, SpecialText absent)
        => result.ValueOf(option, (name, text) => Values.Choice(name, text, TextEncoding.Choices), absent);

    /// <summary>Opens the tokenizer that was named.</summary>
    /// <exception cref="UsageException">None was.</exception>
    protected ITokenizer Load(ParseResult result, CancellationToken stop)
        => TokenizerChoice.Load(
            result.TextOf(_tokenizer)
                ?? throw new UsageException($"No tokenizer is named: `{Line} --tokenizer {TokenizerChoice.ValueName}`."),
            Terminal, stop);
}
