namespace Nabla.Plotting;

/// <summary>The area between a chart's axes while layers draw on it.</summary>
internal sealed class Plot(Scale x, Scale y, double width, double height)
{
    public Scale X => x;

    public Scale Y => y;

    public double Left => x.Start;

    public double Right => x.End;

    public double Top => y.End;

    public double Bottom => y.Start;

    public SvgWriter Svg { get; } = new();

    public Ink Ink { get; } = new(width, height);

    /// <summary>Writes a text beside a point: on the side where nothing has been drawn, first to the right.</summary>
    public void DrawLabel(double pointX, double pointY, double radius, string text)
    {
        const double Ascent = 9;
        const double Descent = 3;
        double textWidth = Style.TextWidth(text);
        double gap = radius + 4;
        (string Style, double X, double Left, double Baseline)[] places =
        [
            ("halo start", pointX + gap, pointX + gap, pointY + 4),
            ("halo end", pointX - gap, pointX - gap - textWidth, pointY + 4),
            ("halo", pointX, pointX - (textWidth / 2), pointY - gap - 2),
            ("halo", pointX, pointX - (textWidth / 2), pointY + gap + Ascent),
            ("halo start", pointX + gap, pointX + gap, pointY - radius),
            ("halo start", pointX + gap, pointX + gap, pointY + radius + Ascent),
            ("halo end", pointX - gap, pointX - gap - textWidth, pointY - radius),
            ("halo end", pointX - gap, pointX - gap - textWidth, pointY + radius + Ascent),
        ];
        int free = Array.FindIndex(places, at => Fits(at.Left, at.Baseline)
            && Ink.IsFree(at.Left, at.Baseline - Ascent, at.Left + textWidth, at.Baseline + Descent));
        int chosen = free >= 0 ? free : Array.FindIndex(places, at => Fits(at.Left, at.Baseline));
        var (style, anchor, left, baseline) = places[Math.Max(chosen, 0)];
        Svg.Text(style, anchor, baseline, text);
        Ink.Add(left, baseline - Ascent, left + textWidth, baseline + Descent);

        bool Fits(double from, double line)
            => from >= Left + 2 && from + textWidth <= width - 2 && line - Ascent >= Top && line + Descent <= Bottom;
    }
}
