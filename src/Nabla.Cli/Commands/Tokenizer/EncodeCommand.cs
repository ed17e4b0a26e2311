using System.CommandLine;
using System.Globalization;
using Nabla.Cli.Tokenizing;

namespace Nabla.Cli.Commands.Tokenizer;

/// <summary><c>nabla tokenizer encode</c>: from a text to ids.</summary>
internal sealed class EncodeCommand : CommandWithTokenizer
{
    private readonly Argument<string?> _file = new("file")
    {
        HelpName = "file|-",
        Description = "a UTF-8 text file, or - for the standard input",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _text = Text("--text", "TEXT", "the text itself, instead of a file");
    private readonly Option<string> _special = SpecialOption("refuse");
    private readonly Option<bool> _count = new("--count") { Description = "print how many ids there are, not the ids" };
    private readonly Option<bool> _json =
        new("--json") { Description = "a JSON object with each token's id, place, text and bytes" };

    public EncodeCommand(Terminal terminal)
        : base(terminal, "encode", "Print the ids of a text, separated by spaces.")
    {
        Arguments.Add(_file);
        foreach (Option option in (Option[])[_text, _special, _count, _json])
        {
            Options.Add(option);
        }

        Examples =
        [
            ("nabla tokenizer encode --tokenizer gpt2 my.txt", "the ids of a file"),
            ("nabla tokenizer encode --tokenizer cl100k_base --text \"hello world\"", "the ids of a few words"),
            ("nabla tokenizer encode --tokenizer my.json my.txt --count", "how long the text is in tokens"),
            ("cat *.md | nabla tokenizer encode --tokenizer o200k_base - --special text", "whatever stands in the input"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(Terminal);
        TextInput.RequireOne(result.GetValue(_file), result.TextOf(_text), Line);
        SpecialText special = Special(result, _special, SpecialText.Refuse);
        bool count = result.ValueOf(_count, Values.Switch, false);
        bool json = result.ValueOf(_json, Values.Switch, false);
        TextEncoding encoding = new(Load(result, interrupt.Token), special);
        bool canCut = TextBlocks.CanCut(encoding.Tokenizer) && (count || !json);
        IEnumerable<TextBlock> blocks = canCut && result.GetValue(_file) is string file
            ? TextBlocks.Read(file, Terminal)
            : [new TextBlock(TextInput.Read(result.GetValue(_file), result.TextOf(_text), Terminal), Start: 0)];
        if (!count && !json)
        {
            IdText.Write(Terminal.Output, blocks.Select(block => encoding.Encode(block.Text, block.Start)), interrupt.Token);
        }
        else if (count)
        {
            long total = blocks.Sum(block => (long)encoding.Count(block.Text, block.Start));
            Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(json ? "{\"count\":" : "")}{total}{(json ? "}" : "")}"));
        }
        else
        {
            TokenJson.Write(Terminal.Output, encoding, blocks.Single().Text);
        }

        return ExitCode.Done;
    }
}
