using System.CommandLine;
using Nabla.Cli.Tokenizing;
using Nabla.Tokenizers;

namespace Nabla.Cli.Commands.Tokenizer;

/// <summary>A command that works with a tokenizer.</summary>
internal abstract class CommandWithTokenizer : NablaCommand
{
    private const string OptionName = "--tokenizer";

    private readonly Option<string[]> _tokenizer = new(OptionName)
    {
        HelpName = TokenizerChoice.ValueName,
        Description = "a tokenizer's name, its file, or the folder of a run",
    };

    private readonly Option<string> _pattern = Text(
        "--pattern", SplitterChoice.ValueName, "how text is split, for a .tiktoken file that does not say it: gpt2, gpt4, o200k or your own");

    private readonly bool _manyTokenizers;

    /// <summary>Makes the command with its option.</summary>
    protected CommandWithTokenizer(Terminal terminal, string name, string description, bool manyTokenizers = false)
        : base(name, description)
    {
        Terminal = terminal;
        _manyTokenizers = manyTokenizers;
        _tokenizer.Description += manyTokenizers ? "; may be given several times" : "";
        Options.Add(_tokenizer);
        Options.Add(_pattern);
        Notes = [("Tokenizers", TokenizerChoice.Names)];
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
    /// <exception cref="UsageException">None was, or several were.</exception>
    protected ITokenizer Load(ParseResult result, CancellationToken stop) => LoadAll(result, stop)[0].Tokenizer;

    /// <summary>Opens the tokenizers that were named.</summary>
    /// <exception cref="UsageException">None was, or several where the command takes one.</exception>
    protected IReadOnlyList<(string Name, ITokenizer Tokenizer)> LoadAll(ParseResult result, CancellationToken stop)
    {
        string[] names = result.GetValue(_tokenizer) ?? [];
        return names.Length switch
        {
            0 => throw new UsageException($"No tokenizer is named: `{Line} {OptionName} {TokenizerChoice.ValueName}`."),
            > 1 when !_manyTokenizers => throw new UsageException($"{OptionName} is given twice: give it once."),
            _ => [.. names.Select(name => (name, Load(name, result, stop)))],
        };
    }

    /// <summary>Opens a tokenizer by what was written for it.</summary>
    protected ITokenizer Load(string nameOrPath, ParseResult result, CancellationToken stop)
        => TokenizerChoice.Load(
            nameOrPath, Terminal, stop, result.ValueOf<TextSplitter?>(_pattern, SplitterChoice.Read, null));
}
