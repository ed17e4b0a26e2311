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
        (string Anchor, double Left, double Baseline)[] places =
        [
            ("start", pointX + gap, pointY + 4),
            ("end", pointX - gap - textWidth, pointY + 4),
            ("", pointX - (textWidth / 2), pointY - gap - 1),
            ("", pointX - (textWidth / 2), pointY + gap + Ascent),
        ];
        int chosen = Array.FindIndex(places, at => Ink.IsFree(at.Left, at.Baseline - Ascent, at.Left + textWidth, at.Baseline + Descent));
        var (anchor, left, baseline) = places[Math.Max(chosen, 0)];
        double anchored = anchor == "start" ? left : anchor == "end" ? left + textWidth : pointX;
        Svg.Text($"halo {anchor}".TrimEnd(), anchored, baseline, text);
        Ink.Add(left, baseline - Ascent, left + textWidth, baseline + Descent);
    }
}
