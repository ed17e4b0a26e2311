using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Nabla.Cli.Views.Tokens;
using Nabla.Tests;
using Nabla.Tokenizers;
using Spectre.Console;

namespace Nabla.Cli.Tests.Tokenizing;

/// <summary><c>nabla tokenizer view</c>: what is seen is the text, and its ids are those that encode gives.</summary>
public sealed partial class ViewTests : IDisposable
{
    private const string Hostile =
        "Hi </script><b>bold</b> &amp; \"q\" <!-- -->\r\n\ttabs  안녕하세요 😉 e\u0301 it's   x\n\n<|endoftext|>\nend";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("gpt2")]
    [InlineData("cl100k_base")]
    [Trait("Number", "L09-117")]
    public void The_texts_and_ids_of_the_page_are_those_of_the_text(string tokenizer)
    {
        PublishedTokenizers.Require();
        string page = Page(Hostile, [tokenizer]);

        Assert.Equal(Hostile, string.Concat(TokenTexts(page)));
        string[] ids = Ids(page);
        Assert.Equal(
            Workspace.Nabla("tokenizer", "encode", "--tokenizer", tokenizer, "--text", Hostile, "--special", "allow").Output,
            string.Join(' ', ids) + "\n");
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"<dt>tokens</dt><dd>{ids.Length}</dd>"), page, StringComparison.Ordinal);
        Assert.Equal(Hostile, Encoding.UTF8.GetString([.. Bytes(page, ids)]));
    }

    [Fact]
    public void What_a_SentencePiece_model_drops_is_shown_all_the_same()
    {
        string model = _workspace.PathOf("my.model");
        CommandResult training = Workspace.Nabla(
            "tokenizer", "train", _workspace.WriteText(), "--type", "sentencepiece", "--vocab-size", "60", "--out", model);
        Assert.True(training.Code == 0, training.Error);
        const string Spaced = "  the   fox\n\njumps  ";

        Assert.Equal(Spaced, string.Concat(TokenTexts(Page(Spaced, [model]))));
    }

    [Fact]
    [Trait("Number", "L09-117")]
    public void Several_tokenizers_make_a_choice_and_white_space_can_be_marked()
    {
        PublishedTokenizers.Require();
        string page = Page("a b\n", ["gpt2", "cl100k_base"], "--whitespace");

        Assert.Contains("<option>gpt2</option><option>cl100k_base</option>", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "<section class=\"view\""));
        Assert.Contains("<input type=\"checkbox\" id=\"marks\" autocomplete=\"off\" checked>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" checked>", Page("a b\n", ["gpt2"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_loads_nothing_and_its_text_is_no_markup()
    {
        PublishedTokenizers.Require();
        string page = Page(Hostile, ["gpt2"]);

        Assert.Contains("content=\"default-src 'none';", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(?!data:,\")|url\\(|@import", page);
        Assert.Equal(2, Regex.Count(page, "</script>"));
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"s\">&lt;|endoftext|&gt;</span>", page, StringComparison.Ordinal);

        // A browser would read a carriage return as a line break.
        Assert.DoesNotContain('\r', page);
        Assert.Contains("&#13;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_knows_what_a_token_was_merged_from()
    {
        PublishedTokenizers.Require();
        string page = Page(" the", ["gpt2"]);
        using JsonDocument tokens = Vocabulary(page);

        // " the" is " t" and "he", and those are bytes.
        Assert.Equal("[\"20746865\",256,258]", tokens.RootElement.GetProperty("262").GetRawText());
        Assert.Equal("[\"2074\",220,83]", tokens.RootElement.GetProperty("256").GetRawText());
        Assert.Equal("[\"74\"]", tokens.RootElement.GetProperty("83").GetRawText());
    }

    [Fact]
    public void Of_a_very_long_text_the_page_shows_the_beginning_and_says_so()
    {
        BasicTokenizer tokenizer = new([]);
        string text = new('a', 100);
        using StringWriter page = new();

        new TokenPage("long", text, mostTokens: 30)
            .Write(page, [new TokenizedText("bytes", tokenizer, tokenizer.EncodeWithRanges(text))], marks: false);

        Assert.Equal(new string('a', 30), string.Concat(TokenTexts(page.ToString())));
        Assert.Contains("Of the text only the first 30 tokens are shown.", page.ToString(), StringComparison.Ordinal);
        Assert.Contains("<dd>100</dd>", page.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_text_makes_a_page_too()
    {
        PublishedTokenizers.Require();
        Assert.Empty(TokenTexts(Page("", ["gpt2"])));
    }

    [Fact]
    public void In_a_pipe_every_token_is_a_line()
    {
        PublishedTokenizers.Require();
        CommandResult result = Workspace.Nabla("tokenizer", "view", "--tokenizer", "cl100k_base", "--text", "hi녕\n<|endoftext|>");

        Assert.Equal(
            "6151\t\"hi\"\n75265\t\"\\xEB\\x85\"\n243\t\"\\x95\"\n198\t\"\\n\"\n100257\t\"<|endoftext|>\"\n", result.Output);
        Assert.Equal("5 tokens, 17 characters, 19 bytes: 3.80 bytes a token\n", result.Error);
    }

    [Fact]
    public void On_a_terminal_neighbours_have_different_backgrounds_and_lines_end_without_one()
    {
        PublishedTokenizers.Require();
        string drawn = Drawn("one two\nthree", ids: false, whiteSpace: true);

        Assert.Equal("one·two⏎\nthree\n", EscapeSequence().Replace(drawn, ""));
        string[] backgrounds = [.. Background().Matches(drawn).Select(match => match.Value)];
        Assert.Equal(4, backgrounds.Length);
        Assert.All(backgrounds.Zip(backgrounds.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.DoesNotContain("m\n", drawn.Replace("\e[0m\n", "\n", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_stand_below_their_tokens()
        => Assert.Equal(["one ·two ⏎   ", "606 1403 198 ", "three ", "28956 "], Drawn("one two\nthree", ids: true, whiteSpace: true)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => EscapeSequence().Replace(line, "")));

    [Fact]
    public void Nothing_in_a_text_can_steer_the_terminal()
    {
        string drawn = EscapeSequence().Replace(Drawn("a\e[2Jb\u200Bc\a", ids: false, whiteSpace: false), "");

        Assert.Equal("a\\u{001B}[2Jb\\u{200B}c\\u{0007}\n", drawn);
    }

    [Fact]
    public void Long_lines_are_broken_at_the_width_of_the_terminal()
    {
        string drawn = EscapeSequence().Replace(Drawn(new string('a', 100), ids: false, whiteSpace: false), "");

        Assert.Equal([40, 40, 20], drawn.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Length));
    }

    private static string Drawn(string text, bool ids, bool whiteSpace)
    {
        ITokenizer tokenizer = TokenizerFile.Load(TestFiles.Data("cl100k_base.tiktoken"));
        using StringWriter writer = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.EightBit,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 40;
        new TokenColours(tokenizer, text, ids, whiteSpace).Draw(console, TokenSpan.Of(tokenizer.EncodeWithRanges(text)));
        return writer.ToString();
    }

    private static IEnumerable<string> TokenTexts(string page)
        => TokenElement().Matches(page[..page.IndexOf("<details", StringComparison.Ordinal)])
            .Select(match => WebUtility.HtmlDecode(match.Groups["text"].Value));

    private static string[] Ids(string page)
        => [.. IdBlock().Matches(page).SelectMany(match => match.Groups["ids"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static IEnumerable<byte> Bytes(string page, string[] ids)
    {
        using JsonDocument tokens = Vocabulary(page);
        return [.. ids.SelectMany(id => Convert.FromHexString(tokens.RootElement.GetProperty(id)[0].GetString()!))];
    }

    private static JsonDocument Vocabulary(string page)
        => JsonDocument.Parse(VocabularyElement().Match(page).Groups["json"].Value);

    private string Page(string text, string[] tokenizers, params string[] more)
    {
        string path = _workspace.PathOf("page.html");
        CommandResult result = Workspace.NablaReading(
            Encoding.UTF8.GetBytes(text),
            ["tokenizer", "view", "-", "--html", path, .. tokenizers.SelectMany(name => new[] { "--tokenizer", name }), .. more]);
        Assert.Equal($"{path}: open it in a browser.\n", result.Error);
        return File.ReadAllText(path);
    }

    [GeneratedRegex("<span[^>]*>(?<text>[^<]*)</span>")]
    private static partial Regex TokenElement();

    [GeneratedRegex("<p class=\"block\">(?<ids>[0-9 ]*)</p>")]
    private static partial Regex IdBlock();

    [GeneratedRegex("class=\"vocabulary\">(?<json>[^<]*)</script>")]
    private static partial Regex VocabularyElement();

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex EscapeSequence();

    [GeneratedRegex("48;5;[0-9]+")]
    private static partial Regex Background();
}
