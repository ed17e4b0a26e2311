using System.Buffers;

namespace Nabla.Cli.Views.Tokens;

/// <summary>Writes text into a page so that it shows as the text that it is.</summary>
internal static class HtmlText
{
    // A page cannot hold a zero, and reads a carriage return as a line break unless it is written by its number.
    private static readonly SearchValues<char> _escaped = SearchValues.Create("<>&\"\r\0");

    /// <summary>The text, fit for an element or an attribute in quotation marks.</summary>
    public static string Escape(string text)
    {
        using StringWriter writer = new();
        Write(writer, text);
        return writer.ToString();
    }

    /// <summary>Writes a token's element. Its class says that it is special, holds part of a character, or shows nothing.</summary>
    public static void WriteToken(TextWriter page, TokenSpan span, ReadOnlySpan<char> text, bool isSpecial)
    {
        page.Write((isSpecial, span.HoldsPart, text.IsEmpty) switch
        {
            (true, _, _) => "<span class=\"s\">",
            (_, true, true) => "<span class=\"p e\">",
            (_, true, false) => "<span class=\"p\">",
            (_, _, true) => "<span class=\"e\">",
            _ => "<span>",
        });
        Write(page, text);
        page.Write("</span>");
    }

    private static void Write(TextWriter page, ReadOnlySpan<char> text)
    {
        for (int next; (next = text.IndexOfAny(_escaped)) >= 0; text = text[(next + 1)..])
        {
            page.Write(text[..next]);
            page.Write(text[next] switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '"' => "&quot;",
                '\r' => "&#13;",
                _ => "\u2400",
            });
        }

        page.Write(text);
    }
}
