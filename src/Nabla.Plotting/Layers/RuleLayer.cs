namespace Nabla.Plotting.Layers;

/// <summary>A straight line across the whole plot at one value, with its name beside it.</summary>
internal sealed class RuleLayer(double value, string name, bool upright) : Layer(name)
{
    public override bool IsSeries => false;

    public override void Extend(ref Extent x, ref Extent y, Axis xAxis, Axis yAxis)
    {
        if (upright)
        {
            x.Add(value, xAxis.Logarithmic);
        }
        else
        {
            y.Add(value, yAxis.Logarithmic);
        }
    }

    public override void Draw(Plot plot)
    {
        Scale scale = upright ? plot.X : plot.Y;
        double at = scale.ToPixel(value);
        if (!scale.Shows(at))
        {
            return;
        }

        plot.Svg.Path("rule", upright
            ? $"M{SvgWriter.Point(at, plot.Top)}V{SvgWriter.Number(plot.Bottom)}"
            : $"M{SvgWriter.Point(plot.Left, at)}H{SvgWriter.Number(plot.Right)}");
        if (Name.Length > 0)
        {
            DrawName(plot, at);
        }

        plot.Ink.AddLine(upright ? at : plot.Left, upright ? plot.Top : at, upright ? at : plot.Right, upright ? plot.Bottom : at);
    }

    // Above the line at its right or left end; right or left of an upright line, at the top or the bottom. The first free place.
    private void DrawName(Plot plot, double at)
    {
        double width = Style.TextWidth(Name);
        (double Left, double Baseline)[] places = upright
            ? [(at + 5, plot.Top + 13), (at - 5 - width, plot.Top + 13), (at + 5, plot.Bottom - 7), (at - 5 - width, plot.Bottom - 7)]
            : [(plot.Right - 5 - width, at - 5), (plot.Right - 5 - width, at + 13), (plot.Left + 5, at - 5), (plot.Left + 5, at + 13)];
        int chosen = Array.FindIndex(places, place => place.Left >= plot.Left && place.Left + width <= plot.Right
            && plot.Ink.IsFree(place.Left, place.Baseline - 9, place.Left + width, place.Baseline + 2));
        var (left, baseline) = places[Math.Max(chosen, 0)];
        bool end = upright ? left < at : left > plot.Left + 5;
        plot.Svg.Text(end ? "note halo end" : "note halo start", end ? left + width : left, baseline, Name);
        plot.Ink.Add(left, baseline - 9, left + width, baseline + 2);
    }
}
