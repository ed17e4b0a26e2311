namespace Nabla.Plotting;

/// <summary>Text and figures on one page: a single HTML file that loads nothing, for phones and desks, light and dark.</summary>
public sealed class ReportPage
{
    private const string Sheet = """
        :root{color-scheme:light dark}
        body{margin:0 auto;max-width:46rem;padding:1.5rem 1rem 4rem;background:#fff;color:#1f2328;
        font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif}
        h1{font-size:1.8rem;line-height:1.25;margin:.5em 0 .6em}
        h2{font-size:1.3rem;line-height:1.3;margin:2em 0 .5em;padding-bottom:.25em;border-bottom:1px solid #d1d9e0}
        h3{font-size:1.1rem;margin:1.6em 0 .4em}
        figure{width:max-content;max-width:min(100vw - 2rem,76rem);margin:1.5em 0;overflow-x:auto;
        position:relative;left:50%;transform:translateX(-50%)}
        figure>svg{display:block;max-width:100%;height:auto}
        figcaption{width:0;min-width:100%;margin-top:.5em;font-size:.9rem;color:#57606a;text-align:center}
        pre{padding:.8em 1em;overflow-x:auto;border-radius:6px;background:#f3f5f7;
        font:.85rem/1.5 ui-monospace,SFMono-Regular,Consolas,"Liberation Mono",Menlo,monospace}
        .scroll{overflow-x:auto;margin:1em 0}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}
        th,td{padding:.3em .8em;text-align:right;border-bottom:1px solid #d1d9e0}
        th:first-child,td:first-child{text-align:left}
        @media (prefers-color-scheme:dark){
        body{background:#0d1117;color:#e6edf3}
        h2,th,td{border-color:#3d444d}
        figcaption{color:#9aa4af}
        pre{background:#171d26}
        }

        """;

    private readonly string _title;
    private readonly List<string> _parts = [];

    /// <summary>Makes a page.</summary>
    /// <param name="title">Its title, also its first heading.</param>
    public ReportPage(string title)
    {
        ArgumentNullException.ThrowIfNull(title);
        _title = title;
    }

    /// <summary>Adds a heading.</summary>
    /// <param name="text">The text.</param>
    /// <param name="level">2 for a section, 3 for a part of one.</param>
    public ReportPage Heading(string text, int level = 2)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 3);
        return Add($"<h{level}>{SvgWriter.Escape(text)}</h{level}>");
    }

    /// <summary>Adds text; an empty line begins a paragraph.</summary>
    /// <param name="text">The text.</param>
    public ReportPage Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] paragraphs = text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.TrimEntries);
        foreach (string paragraph in paragraphs.Where(paragraph => paragraph.Length > 0))
        {
            Add($"<p>{SvgWriter.Escape(paragraph)}</p>");
        }

        return this;
    }

    /// <summary>Adds a figure as it is now.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="caption">The text below it; empty for none.</param>
    public ReportPage Figure(Figure figure, string caption = "")
    {
        ArgumentNullException.ThrowIfNull(figure);
        ArgumentNullException.ThrowIfNull(caption);
        SvgWriter svg = new();
        // On a phone a figure shrinks as far as its text stays legible, then it scrolls.
        svg.Document(figure, attributes: $"style=\"min-width:{SvgWriter.Number(0.55 * figure.Width)}px\"");
        string words = caption.Length == 0 ? "" : $"<figcaption>{SvgWriter.Escape(caption)}</figcaption>\n";
        return Add($"<figure>\n{svg}{words}</figure>");
    }

    /// <summary>Adds program text or output, line by line as it is.</summary>
    /// <param name="code">The text.</param>
    public ReportPage Code(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        string[] lines = code.ReplaceLineEndings("\n").Split('\n');
        return Add($"<pre><code>{string.Join('\n', lines.Select(SvgWriter.Escape))}</code></pre>");
    }

    /// <summary>Adds a table; the first column is aligned left, the others right.</summary>
    /// <param name="headers">The names of the columns.</param>
    /// <param name="rows">The rows, with a cell for each column.</param>
    /// <exception cref="ArgumentException">A row has another number of cells.</exception>
    public ReportPage Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(rows);
        List<string> lines = [Line("th", headers)];
        foreach (IReadOnlyList<string> row in rows)
        {
            if (row.Count != headers.Count)
            {
                throw new ArgumentException(
                    $"Table: row {lines.Count - 1} has {row.Count} cells, but there are {headers.Count} columns.", nameof(rows));
            }

            lines.Add(Line("td", row));
        }

        return Add($"<div class=\"scroll\"><table>\n{string.Join('\n', lines)}\n</table></div>");

        static string Line(string tag, IReadOnlyList<string> cells)
            => $"<tr>{string.Concat(cells.Select(cell => $"<{tag}>{SvgWriter.Escape(cell)}</{tag}>"))}</tr>";
    }

    /// <summary>Returns the page as the text of an HTML file.</summary>
    public string ToHtml()
    {
        string title = SvgWriter.Escape(_title);
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>{title}</title>
            <style>
            {Sheet}{Style.Sheet}</style>
            </head>
            <body>
            <h1>{title}</h1>
            {string.Join('\n', _parts)}
            </body>
            </html>

            """.ReplaceLineEndings("\n");
    }

    /// <summary>Writes the page to a file, whose folder is made if there is none.</summary>
    /// <param name="path">The path, best ending in <c>.html</c>.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Plotting.Figure.Write(path, ToHtml());
    }

    private ReportPage Add(string part)
    {
        _parts.Add(part);
        return this;
    }
}
