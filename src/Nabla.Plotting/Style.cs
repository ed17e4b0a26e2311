namespace Nabla.Plotting;

/// <summary>How everything looks: one stylesheet for all kinds of figures, and the sizes that drawing must know.</summary>
internal static class Style
{
    /// <summary>The size of the text in pixels.</summary>
    public const double FontSize = 12;

    /// <summary>How many colours there are. They differ to colour-blind eyes too; later series have dashes.</summary>
    public const int SeriesColors = 6;

    /// <summary>
    /// The rules for light paper, then what differs on dark. No variables and no nesting: programs that are not browsers know
    /// neither. The colours of the scales are those of <see cref="ColorScale"/>.
    /// </summary>
    public static string Sheet { get; } = """
        .nabla{color-scheme:light dark;
        font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif}
        .nabla text{fill:#1f2328;text-anchor:middle}
        .nabla .paper{fill:#fff}
        .nabla .title{font-size:15px;font-weight:600}
        .nabla .start{text-anchor:start}
        .nabla .end{text-anchor:end}
        .nabla .tick,.nabla .note{fill:#57606a}
        .nabla .halo{stroke:#fff;stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
        .nabla .grid{fill:none;stroke:#1f2328;stroke-opacity:.1}
        .nabla .minor{fill:none;stroke:#1f2328;stroke-opacity:.05}
        .nabla .axis{fill:none;stroke:#8c959f}
        .nabla .rule{fill:none;stroke:#57606a;stroke-width:1.25;stroke-dasharray:5 4}
        .nabla .box{fill:#fff;fill-opacity:.85;stroke:#1f2328;stroke-opacity:.15}
        .nabla .c0{stroke:#0969b5;fill:#0969b5}
        .nabla .c1{stroke:#cf4f00;fill:#cf4f00}
        .nabla .c2{stroke:#00876c;fill:#00876c}
        .nabla .c3{stroke:#8b1a7a;fill:#8b1a7a}
        .nabla .c4{stroke:#5c4a00;fill:#5c4a00}
        .nabla .c5{stroke:#3c9bd9;fill:#3c9bd9}
        .nabla .line{fill:none;stroke-width:1.75;stroke-linejoin:round;stroke-linecap:round}
        .nabla .dense{stroke-width:.8}
        .nabla .dot{stroke:#fff}
        .nabla .bars{fill-opacity:.4;stroke-width:1.25}
        .nabla .level{fill:#4d6280}
        .nabla .band{stroke:none}
        .nabla .cell{shape-rendering:crispEdges}
        .nabla .plus{fill:#08519c}
        .nabla .minus{fill:#b33c00}
        .nabla .none{fill:#8c959f;fill-opacity:.35}
        .nabla .pixels{image-rendering:pixelated}
        .nabla .frame{fill:none;stroke:#8c959f;stroke-opacity:.6}
        .nabla .ww,.nabla .wb{fill:#fff}
        .nabla .bw,.nabla .bb{fill:#000}
        @media (prefers-color-scheme:dark){
        .nabla text{fill:#e6edf3}
        .nabla .paper{fill:#0d1117}
        .nabla .tick,.nabla .note{fill:#9aa4af}
        .nabla .halo{stroke:#0d1117}
        .nabla .grid,.nabla .minor{stroke:#e6edf3}
        .nabla .axis{stroke:#6e7681}
        .nabla .rule{stroke:#9aa4af}
        .nabla .box{fill:#0d1117;stroke:#e6edf3}
        .nabla .c0{stroke:#58a6ff;fill:#58a6ff}
        .nabla .c1{stroke:#ff8f4d;fill:#ff8f4d}
        .nabla .c2{stroke:#3ccfa0;fill:#3ccfa0}
        .nabla .c3{stroke:#d66fc0;fill:#d66fc0}
        .nabla .c4{stroke:#ffe08a;fill:#ffe08a}
        .nabla .c5{stroke:#b5e3ff;fill:#b5e3ff}
        .nabla .line{fill:none}
        .nabla .dot{stroke:#0d1117}
        .nabla .plus{fill:#79c0ff}
        .nabla .minus{fill:#ff9d6e}
        .nabla .level{fill:#8fa6c4}
        .nabla .wb,.nabla .bb{fill:#000}
        .nabla .bw,.nabla .ww{fill:#fff}
        }

        """.ReplaceLineEndings("\n");

    /// <summary>Returns the dashes of a series: none for the first six, others each time that the colours come again.</summary>
    public static string Dashes(int series, bool dashed) => ((2 * (series / SeriesColors)) + (dashed ? 1 : 0)) switch
    {
        0 => "",
        1 => "stroke-dasharray=\"7 4\"",
        2 => "stroke-dasharray=\"2 4\"",
        _ => "stroke-dasharray=\"10 4 2 4\"",
    };

    /// <summary>Returns where the middle of something lies: where it is wanted, or as near as it fits.</summary>
    public static double Within(double middle, double size, double room)
        => size >= room ? room / 2 : Math.Clamp(middle, size / 2, room - (size / 2));

    /// <summary>Returns a text, or as much of it as has room, and where its middle lies.</summary>
    public static (string Text, double Middle) Fitted(string text, double middle, double room)
    {
        string fitted = Shortened(text, room - 8);
        return (fitted, Within(middle, TextWidth(fitted) + 8, room));
    }

    /// <summary>Returns a text, or as much of its beginning as has room.</summary>
    public static string Shortened(string text, double room)
    {
        if (TextWidth(text) <= room)
        {
            return text;
        }

        string start = text;
        while (start.Length > 0 && TextWidth(start + "…") > room)
        {
            start = start[..^1];
        }

        return start + "…";
    }

    /// <summary>Returns about how wide the widest of some texts is.</summary>
    public static double Widest(IEnumerable<string> texts) => texts.Select(text => TextWidth(text)).DefaultIfEmpty().Max();

    /// <summary>Returns about how wide a text is; the reader's font is not known, so rather too wide than too narrow.</summary>
    public static double TextWidth(string text, double size = FontSize)
    {
        double width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += rune.Value switch
            {
                ' ' or 'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or '(' or ')' => 0.36,
                'f' or 't' or 'r' or '/' or '-' or '[' or ']' => 0.42,
                'm' or 'w' or 'M' or 'W' or '%' or '@' or '−' or '×' or '=' or '+' => 0.88,
                >= 'A' and <= 'Z' => 0.7,
                >= 0x2070 and <= 0x209C => 0.42, // superscripts and subscripts
                >= 0x1100 => 1,
                _ => 0.61,
            };
        }

        return width * size;
    }
}
