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

        if (upright)
        {
            plot.Ink.AddLine(at, plot.Top, at, plot.Bottom);
        }
        else
        {
            plot.Ink.AddLine(plot.Left, at, plot.Right, at);
        }
    }

    // Above the line at its right or left end; right or left of an upright line, at the top or the bottom. The first free place.
    private void DrawName(Plot plot, double at)
    {
        double width = Style.TextWidth(Name);
        double atRight = plot.Right - 5 - width;
        double before = at - 5 - width;
        (double Left, double Baseline)[] places = upright
            ? [(at + 5, plot.Top + 13), (before, plot.Top + 13), (at + 5, plot.Bottom - 7), (before, plot.Bottom - 7)]
            : [(atRight, at - 5), (atRight, at + 13), (plot.Left + 5, at - 5), (plot.Left + 5, at + 13)];
        int chosen = Array.FindIndex(places, place => place.Left >= plot.Left && place.Left + width <= plot.Right
            && place.Baseline - 9 >= plot.Top && place.Baseline + 3 <= plot.Bottom
            && plot.Ink.IsFree(place.Left, place.Baseline - 9, place.Left + width, place.Baseline + 3));
        var (left, baseline) = places[Math.Max(chosen, 0)];
        bool end = upright ? left < at : left > plot.Left + 5;
        plot.Svg.Text(end ? "note halo end" : "note halo start", end ? left + width : left, baseline, Name);
        plot.Ink.Add(left, baseline - 9, left + width, baseline + 3);
    }
}
