using System.Globalization;
using System.Text;

namespace Nabla.Plotting;

/// <summary>The few elements of SVG that figures are made of, as text: one element a line, two decimals, XML-safe.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Returns a number with at most two decimals, a point and no minus before zero.</summary>
    public static string Number(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Returns a pair of numbers as paths have them.</summary>
    public static string Point(double x, double y) => $"{Number(x)} {Number(y)}";

    /// <summary>Returns text with what XML gives a meaning escaped, and what XML forbids replaced.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) // half a surrogate pair comes as U+FFFD
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\t' or '\n' or '\r' => escaped.Append(' '),
                < ' ' or (>= 0x7F and < 0xA0) or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Writes a whole figure as a document of its own, or as an element of a page that has the stylesheet.</summary>
    public void Document(Figure figure, string sheet = "", string attributes = "")
    {
        int width = figure.Width;
        int height = figure.Height;
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"nabla\" role=\"img\" width=\"{Number(width)}\" "
            + $"height=\"{Number(height)}\" viewBox=\"0 0 {Point(width, height)}\"{Spaced(attributes)}>");
        Line($"<title>{Escape(figure.Description)}</title>");
        if (sheet.Length > 0)
        {
            Line($"<style>\n{sheet}</style>");
        }

        Rect("paper", 0, 0, width, height);
        figure.Draw(this);
        Line("</svg>");
    }

    public void Rect(string style, double x, double y, double width, double height, string attributes = "")
        => Line($"<rect class=\"{style}\" {Box(x, y, width, height)}{Spaced(attributes)}/>");

    public void Circle(string style, double x, double y, double radius) => Line(
        $"<circle class=\"{style}\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\"/>");

    public void Path(string style, string data, string attributes = "") => Line(
        $"<path class=\"{style}\" d=\"{data}\"{Spaced(attributes)}/>");

    public void Text(string style, double x, double y, string text, string attributes = "")
    {
        string styled = style.Length == 0 ? "" : $" class=\"{style}\"";
        Line($"<text{styled} x=\"{Number(x)}\" y=\"{Number(y)}\"{Spaced(attributes)}>{Escape(text)}</text>");
    }

    public void TextUpwards(string style, double x, double y, string text)
        => Text(style, x, y, text, $"transform=\"rotate(-90 {Point(x, y)})\"");

    public void Image(double x, double y, double width, double height, byte[] png) => Line(
        $"<image class=\"pixels\" {Box(x, y, width, height)} preserveAspectRatio=\"none\" "
        + $"href=\"data:image/png;base64,{Convert.ToBase64String(png)}\"/>");

    /// <summary>Begins a group whose elements are moved and have attributes in common; <see cref="End"/> ends it.</summary>
    public void Begin(double x, double y, string attributes = "")
        => Line($"<g{(x == 0 && y == 0 ? "" : $" transform=\"translate({Point(x, y)})\"")}{Spaced(attributes)}>");

    public void End() => Line("</g>");

    /// <summary>Adds what another writer wrote.</summary>
    public void Append(SvgWriter other) => _text.Append(other._text);

    public override string ToString() => _text.ToString();

    private static string Box(double x, double y, double width, double height)
        => $"x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(height)}\"";

    private static string Spaced(string attributes) => attributes.Length == 0 ? "" : " " + attributes;

    private void Line(string element) => _text.Append(element).Append('\n');
}
