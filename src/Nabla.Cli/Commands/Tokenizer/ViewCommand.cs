using System.CommandLine;
using Nabla.Cli.Tokenizing;
using Nabla.Cli.Views.Tokens;
using Spectre.Console;

namespace Nabla.Cli.Commands.Tokenizer;

/// <summary><c>nabla tokenizer view</c>: a text with its tokens in colours, on the terminal or as a page.</summary>
internal sealed class ViewCommand : CommandWithTokenizer
{
    private readonly Argument<string?> _file = new("file")
    {
        HelpName = "file|-",
        Description = "a UTF-8 text file, or - for the standard input",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _text = Text("--text", "TEXT", "the text itself, instead of a file");
    private readonly Option<string> _special = SpecialOption("allow");
    private readonly Option<bool> _ids = new("--ids") { Description = "show the id below each token" };
    private readonly Option<bool> _whiteSpace = new("--whitespace") { Description = "mark spaces, tabs and line breaks" };
    private readonly Option<string> _html = Text("--html", "PATH", "write a page to open in a browser, complete in one file");

    public ViewCommand(Terminal terminal)
        : base(terminal, "view", "Show a text with its tokens in colours, on the terminal or as a page.", manyTokenizers: true)
    {
        Arguments.Add(_file);
        foreach (Option option in (Option[])[_text, _special, _ids, _whiteSpace, _html])
        {
            Options.Add(option);
        }

        Examples =
        [
            ("nabla tokenizer view --tokenizer cl100k_base --text \"hello world\" --ids", "a few words and their ids"),
            ("nabla tokenizer view --tokenizer gpt2 my.py --whitespace | less -R", "where GPT-2 wastes spaces"),
            ("nabla tokenizer view --tokenizer gpt2 --tokenizer o200k_base my.txt --html my.html",
                "a page to look at and point into, with a choice of tokenizers"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(Terminal);
        TextInput.RequireOne(result.GetValue(_file), result.TextOf(_text), Line);
        SpecialText special = Special(result, _special, SpecialText.Allow);
        bool ids = result.ValueOf(_ids, Values.Switch, false);
        bool whiteSpace = result.ValueOf(_whiteSpace, Values.Switch, false);
        string? html = result.TextOf(_html);
        if (html is not null)
        {
            OutputFile.Require(html);
        }

        string file = result.GetValue(_file) ?? "-";
        (string Name, TextEncoding Encoding)[] encodings =
            [.. LoadAll(result, interrupt.Token).Select(named => (named.Name, new TextEncoding(named.Tokenizer, special)))];
        string text = TextInput.Read(result.GetValue(_file), result.TextOf(_text), Terminal);
        TokenizedText[] views = [.. encodings.Select(named =>
            new TokenizedText(named.Name, named.Encoding.Tokenizer, named.Encoding.EncodeWithRanges(text)))];
        interrupt.Token.ThrowIfCancellationRequested();
        if (html is not null)
        {
            new TokenPage(file == "-" ? "Text" : Path.GetFileName(file), text).Save(html, views, whiteSpace);
            Terminal.Error.WriteLine($"{html}: open it in a browser.");
            return ExitCode.Done;
        }

        foreach (TokenizedText view in views)
        {
            Show(view, text, ids, whiteSpace, withName: views.Length > 1);
        }

        return ExitCode.Done;
    }

    private void Show(TokenizedText view, string text, bool ids, bool whiteSpace, bool withName)
    {
        TokenSpan[] spans = TokenSpan.Of(view.Tokens, text.Length);
        IAnsiConsole? console = Colours();
        if (console is null)
        {
            TokenLines.Write(Terminal.Output, view.Tokenizer, spans);
        }
        else
        {
            new TokenColours(view.Tokenizer, text, ids, whiteSpace).Draw(console, spans);
        }

        Terminal.Output.Flush();
        Terminal.Error.WriteLine($"{(withName ? $"{view.Name}: " : "")}{TokenCounts.Of(text, spans.Length)}");
    }

    // Null where nobody looks, or there are no colours to tell one token from the next.
    private IAnsiConsole? Colours()
    {
        if (!Terminal.IsOutputInteractive)
        {
            return null;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Terminal.Output) });
        return console.Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors } ? console : null;
    }
}
