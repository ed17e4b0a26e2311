using System.Globalization;
using System.Text;
using Nabla.Files;
using Nabla.Tokenizers;

namespace Nabla.Cli.Views.Tokens;

/// <summary>One text as a tokenizer sees it.</summary>
/// <param name="Name">What the user calls the tokenizer.</param>
/// <param name="Tokenizer">The tokenizer.</param>
/// <param name="Tokens">The tokens of the text.</param>
internal sealed record TokenizedText(string Name, ITokenizer Tokenizer, TokenRange[] Tokens);

/// <summary>
/// Writes a text and its tokens as a page that needs nothing else: no network, no font, no script of another's. The page's own
/// policy forbids it to load anything.
/// </summary>
/// <param name="title">What the text is called.</param>
/// <param name="text">The text.</param>
/// <param name="mostTokens">How many tokens are shown; a browser gets slow with more.</param>
internal sealed class TokenPage(string title, string text, int mostTokens = TokenPage.MostTokens)
{
    /// <summary>Some 1.5 MB of English, and 11 MB of page, which a browser shows within a second or two.</summary>
    public const int MostTokens = 500_000;

    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    /// <summary>Writes the page; the file is replaced whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="views">The text by each tokenizer; more than one makes a choice on the page.</param>
    /// <param name="marks">Whether white space is marked at first.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, IReadOnlyList<TokenizedText> views, bool marks)
    {
        using AtomicFile file = AtomicFile.Create(path);
        using (StreamWriter page = new(file.Stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true))
        {
            page.NewLine = "\n";
            Write(page, views, marks);
        }

        file.Commit();
    }

    /// <summary>Writes the page.</summary>
    public void Write(TextWriter page, IReadOnlyList<TokenizedText> views, bool marks)
    {
        page.Write(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
            <link rel="icon" href="data:,">
            <title>{HtmlText.Escape(title)} in tokens</title>
            <style>
            {Resource("page.css")}
            </style>
            </head>
            <body>
            <header>
            <h1>{HtmlText.Escape(title)}</h1>
            <div class="controls" hidden>

            """);
        if (views.Count > 1)
        {
            string options = string.Concat(views.Select(view => $"<option>{HtmlText.Escape(view.Name)}</option>"));
            page.WriteLine($"<label>Tokenizer <select id=\"tokenizer\" autocomplete=\"off\">{options}</select></label>");
        }

        page.WriteLine($"<label><input type=\"checkbox\" id=\"marks\" autocomplete=\"off\"{(marks ? " checked" : "")}> Mark white space</label>");
        page.WriteLine("</div>\n</header>\n<main>");
        foreach (TokenizedText view in views)
        {
            WriteView(page, view);
        }

        page.Write($"</main>\n<script>\n{Resource("page.js")}</script>\n</body>\n</html>\n");
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(TokenPage).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    private void WriteView(TextWriter page, TokenizedText view)
    {
        TokenCounts counts = TokenCounts.Of(text, view.Tokens.Length);
        TokenSpan[] shown = view.Tokens.Length <= mostTokens
            ? TokenSpan.Of(view.Tokens, text.Length)
            : TokenSpan.Of(view.Tokens.AsSpan(0, mostTokens));
        List<Range> blocks = Blocks(shown);
        page.WriteLine($"<section class=\"view\" aria-label=\"{HtmlText.Escape(view.Name)}\">\n<h2>{HtmlText.Escape(view.Name)}</h2>");
        page.WriteLine("<dl class=\"counts\">");
        WriteCount(page, "tokens", $"{counts.Tokens:N0}");
        WriteCount(page, "characters", $"{counts.Characters:N0}");
        WriteCount(page, "bytes", $"{counts.Bytes:N0}");
        WriteCount(page, "bytes a token", $"{counts.BytesPerToken:F2}");
        page.WriteLine("</dl>");
        if (shown.Length < view.Tokens.Length)
        {
            page.WriteLine(string.Create(_culture, $"<p class=\"note\">Of the text only the first {shown.Length:N0} tokens are shown.</p>"));
        }

        page.WriteLine("<div class=\"columns\">\n<div class=\"text\" role=\"group\" aria-label=\"The text, token by token; arrow keys go from one to the next\">");
        foreach (Range block in blocks)
        {
            page.Write("<div class=\"block\">");
            foreach (TokenSpan span in shown.AsSpan(block))
            {
                HtmlText.WriteToken(page, span, text.AsSpan(span.Start, span.End - span.Start), view.Tokenizer.IsSpecial(span.Id));
            }

            page.WriteLine("</div>");
        }

        page.WriteLine("</div>\n<aside class=\"detail\" aria-label=\"The token\"><div class=\"facts\" aria-live=\"polite\">"
            + "<p class=\"hint\">Point at a token, or go from one to the next with the arrow keys.</p></div></aside>\n</div>");
        page.WriteLine("<details class=\"ids\" open>\n<summary>Ids</summary>");
        foreach (Range block in blocks)
        {
            page.Write("<p class=\"block\">");
            foreach (TokenSpan span in shown.AsSpan(block))
            {
                page.Write(string.Create(_culture, $"{span.Id} "));
            }

            page.WriteLine("</p>");
        }

        page.WriteLine("</details>");
        page.WriteLine($"<script type=\"application/json\" class=\"vocabulary\">{TokenFacts.Json(view.Tokenizer, shown)}</script>\n</section>");
    }

    private static void WriteCount(TextWriter page, string name, FormattableString number)
        => page.WriteLine($"<div><dt>{name}</dt><dd>{number.ToString(_culture)}</dd></div>");

    // The browser lays out only the blocks in sight, so the page of a long text appears at once. A block ends at the end of a
    // line, unless that does not come.
    private List<Range> Blocks(ReadOnlySpan<TokenSpan> spans)
    {
        const int Enough = 150;
        const int TooMany = 4000;
        List<Range> blocks = [];
        int first = 0;
        for (int i = 0; i < spans.Length; i++)
        {
            int count = i + 1 - first;
            bool endsLine = spans[i].End > spans[i].Start && text[spans[i].End - 1] == '\n';
            if (i + 1 == spans.Length || (endsLine && count >= Enough) || count >= TooMany)
            {
                blocks.Add(first..(i + 1));
                first = i + 1;
            }
        }

        return blocks;
    }
}
