using System.Globalization;
using System.Text;
using Nabla.Cli.Tokenizing;
using Nabla.Tokenizers;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Nabla.Cli.Views.Tokens;

/// <summary>Shows a text on a terminal with a background for each token, and if wanted its id below it.</summary>
/// <remarks>
/// Lines are broken here, not by the terminal, which would carry the background on to the end of the line. Characters that
/// could move the cursor or turn the direction of writing are shown as escapes.
/// </remarks>
internal sealed class TokenColours(ITokenizer tokenizer, string text, bool ids, bool whiteSpace)
{
    private const string Tab = "    ";

    // Not the terminal's own black, which themes make anything.
    private static readonly Color _black = new(0, 0, 0);

    // Black on light colours can be read on a light terminal and on a dark one. All are of the 256 colours that nearly every
    // terminal has.
    private static readonly Style[] _styles =
    [
        new(_black, new Color(175, 215, 255)),
        new(_black, new Color(255, 215, 175)),
        new(_black, new Color(175, 215, 135)),
        new(_black, new Color(255, 175, 215)),
        new(_black, new Color(255, 255, 175)),
    ];

    private static readonly Style _special = new(new Color(255, 255, 255), new Color(135, 0, 135), Decoration.Bold);
    private static readonly Style _id = new(decoration: Decoration.Dim);

    private readonly List<Segment> _upper = [];
    private readonly List<Segment> _lower = [];
    private int _column;

    /// <summary>Draws the tokens.</summary>
    public void Draw(IAnsiConsole console, ReadOnlySpan<TokenSpan> spans)
    {
        int width = Math.Max(8, console.Profile.Width);
        for (int i = 0; i < spans.Length; i++)
        {
            TokenSpan span = spans[i];
            bool isSpecial = tokenizer.IsSpecial(span.Id);
            Style style = isSpecial ? _special : _styles[i % _styles.Length];
            string shown = span.HoldsPart || isSpecial
                ? TokenText.Quote(tokenizer.TokenBytes(span.Id))[1..^1]
                : text[span.Start..span.End];
            if (ids)
            {
                AddWithId(console, width, shown, style, span.Id);
            }
            else
            {
                Add(console, width, shown, style);
            }
        }

        if (_upper.Count > 0)
        {
            Flush(console);
        }
    }

    private void Add(IAnsiConsole console, int width, string shown, Style style)
    {
        StringBuilder part = new();
        foreach (Rune rune in shown.EnumerateRunes())
        {
            string sign = Sign(rune);
            int cells = Cells(sign);
            if (_column + cells > width)
            {
                AddUpper(part, style);
                Flush(console);
            }

            part.Append(sign);
            _column += cells;
            if (rune.Value == '\n')
            {
                AddUpper(part, style);
                Flush(console);
            }
        }

        AddUpper(part, style);
    }

    private void AddWithId(IAnsiConsole console, int width, string shown, Style style, int id)
    {
        string signs = string.Concat(shown.EnumerateRunes().Select(Sign));
        signs = signs.Length == 0 ? " " : signs;
        string number = id.ToString(CultureInfo.InvariantCulture);
        int cells = Cells(signs);
        int room = Math.Max(cells, number.Length);
        if (_column > 0 && _column + room > width)
        {
            Flush(console);
        }

        _upper.Add(new Segment(signs, style));
        _upper.Add(new Segment(new string(' ', room - cells + 1)));
        _lower.Add(new Segment(number, _id));
        _lower.Add(new Segment(new string(' ', room - number.Length + 1)));
        _column += room + 1;
        if (shown.EndsWith('\n'))
        {
            Flush(console);
        }
    }

    private void AddUpper(StringBuilder part, Style style)
    {
        if (part.Length > 0)
        {
            _upper.Add(new Segment(part.ToString(), style));
            part.Clear();
        }
    }

    // With ids every token must be seen, so a line break always has a sign there.
    private string Sign(Rune rune) => rune.Value switch
    {
        '\n' => whiteSpace || ids ? "⏎" : string.Empty,
        ' ' => whiteSpace ? "·" : " ",
        '\t' => whiteSpace ? "→   " : Tab,
        _ => TokenText.IsInvisible(rune) ? TokenText.Quote(rune.ToString())[1..^1] : rune.ToString(),
    };

    private static int Cells(string sign) => sign is [< '\x7F'] ? 1 : new Segment(sign).CellCount();

    private void Flush(IAnsiConsole console)
    {
        console.Write(new Lines([.. _upper, Segment.LineBreak, .. _lower, .. _lower.Count > 0 ? [Segment.LineBreak] : (Segment[])[]]));
        _upper.Clear();
        _lower.Clear();
        _column = 0;
    }

    private sealed class Lines(Segment[] segments) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => segments;
    }
}
