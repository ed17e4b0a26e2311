using System.CommandLine;
using Nabla.Cli.Tokenizing;
using Nabla.Tokenizers;

namespace Nabla.Cli.Commands.Tokenizer;

/// <summary><c>nabla tokenizer decode</c>: from ids back to the text.</summary>
internal sealed class DecodeCommand : CommandWithTokenizer
{
    private readonly Argument<string?> _file = new("file")
    {
        HelpName = "file|-",
        Description = "ids separated by white space: a file, or - for the standard input",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _ids = Text("--ids", "\"ID ID ...\"", "the ids themselves, instead of a file");
    private readonly Option<bool> _strict =
        new("--strict") { Description = "fail where the bytes are not valid UTF-8, rather than write U+FFFD" };

    public DecodeCommand(Terminal terminal)
        : base(terminal, "decode", "Write the text that ids stand for, exactly.")
    {
        Arguments.Add(_file);
        Options.Add(_ids);
        Options.Add(_strict);
        Examples =
        [
            ("nabla tokenizer decode --tokenizer gpt2 ids.txt > my.txt", "what `encode` made of a text"),
            ("nabla tokenizer decode --tokenizer cl100k_base --ids \"15339 1917\"", "a few ids"),
            ("nabla tokenizer encode --tokenizer gpt2 - | nabla tokenizer decode --tokenizer gpt2 -", "there and back"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(Terminal);
        TextInput.RequireOne(result.GetValue(_file), result.TextOf(_ids), Line, "--ids \"ID ID ...\"");
        bool strict = result.ValueOf(_strict, Values.Switch, false);
        ITokenizer tokenizer = Load(result, interrupt.Token);
        char last = Write(result, tokenizer, strict, interrupt.Token);
        if (Terminal.IsOutputInteractive && last != '\n')
        {
            Terminal.Output.WriteLine();
        }

        return ExitCode.Done;
    }

    // As the ids come, but where the whole must be known first: to be judged, or to be put right as SentencePiece does.
    private char Write(ParseResult result, ITokenizer tokenizer, bool strict, CancellationToken stop)
    {
        if (!strict && result.GetValue(_file) is string file && tokenizer is (RegexTokenizer or BasicTokenizer))
        {
            using Stream stream = TextInput.Open(file, Terminal);
            return IdText.Decode(stream, TextInput.Name(file), tokenizer, Terminal.Output, stop);
        }

        int[] ids = IdText.Read(TextInput.Read(result.GetValue(_file), result.TextOf(_ids), Terminal));
        string text = strict ? tokenizer.DecodeStrict(ids) : tokenizer.Decode(ids);
        Terminal.Output.Write(text);
        return text.Length == 0 ? '\n' : text[^1];
    }
}
