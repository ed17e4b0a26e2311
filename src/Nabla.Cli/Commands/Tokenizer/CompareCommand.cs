using System.CommandLine;
using Nabla.Cli.Tokenizing;
using Nabla.Cli.Views.Tokens;
using Nabla.Tokenizers;

namespace Nabla.Cli.Commands.Tokenizer;

/// <summary><c>nabla tokenizer compare</c>: two tokenizers on one text.</summary>
internal sealed class CompareCommand : CommandWithTokenizer
{
    private const int DefaultDifferences = 10;

    private readonly Argument<string?> _file = new("file")
    {
        HelpName = "file|-",
        Description = "a UTF-8 text file, or - for the standard input",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _with = Text("--with", TokenizerChoice.ValueName, "the tokenizer to compare with");
    private readonly Option<string> _text = Text("--text", "TEXT", "the text itself, instead of a file");
    private readonly Option<string> _special = SpecialOption("allow");
    private readonly Option<string> _differences = Text("--differences", "N", "places to show where they split differently (10)");
    private readonly Option<bool> _lines = new("--lines") { Description = "count for each line of the text, too" };
    private readonly Option<bool> _json = new("--json") { Description = "all of it as a JSON object" };

    public CompareCommand(Terminal terminal)
        : base(terminal, "compare", "Put two tokenizers side by side on a text.")
    {
        Arguments.Add(_file);
        foreach (Option option in (Option[])[_with, _text, _special, _differences, _lines, _json])
        {
            Options.Add(option);
        }

        Examples =
        [
            ("nabla tokenizer compare --tokenizer gpt2 --with cl100k_base my.py", "what GPT-4 gains on code"),
            ("nabla tokenizer compare --tokenizer my.json --with gpt2 my.txt --lines", "one's own, line by line"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(Terminal);
        TextInput.RequireOne(result.GetValue(_file), result.TextOf(_text), Line);
        SpecialText special = Special(result, _special, SpecialText.Allow);
        int most = Values.AtLeast(0, _differences.Name, result.ValueOf(_differences, Values.WholeNumber, DefaultDifferences));
        bool lines = result.ValueOf(_lines, Values.Switch, false);
        bool json = result.ValueOf(_json, Values.Switch, false);
        string other = result.TextOf(_with)
            ?? throw new UsageException($"No tokenizer is named to compare with: `{Line} --tokenizer A --with B`.");

        (string name, ITokenizer first) = LoadAll(result, interrupt.Token)[0];
        ITokenizer second = Load(other, result, interrupt.Token);
        string text = TextInput.Read(result.GetValue(_file), result.TextOf(_text), Terminal);
        Comparison comparison = new(
            text,
            new TokenizedText(name, first, new TextEncoding(first, special).EncodeWithRanges(text)),
            new TokenizedText(other, second, new TextEncoding(second, special).EncodeWithRanges(text)));
        if (json)
        {
            comparison.WriteJson(Terminal.Output, most, lines);
        }
        else
        {
            comparison.Write(Terminal.Output, most, lines);
        }

        return ExitCode.Done;
    }
}
