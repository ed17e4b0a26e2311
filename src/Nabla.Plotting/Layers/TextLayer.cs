namespace Nabla.Plotting.Layers;

/// <summary>A text beside a point that need not be drawn.</summary>
internal sealed class TextLayer(double x, double y, string text) : Layer("")
{
    public override bool IsSeries => false;

    public override void Extend(ref Extent xs, ref Extent ys, Axis xAxis, Axis yAxis)
    {
        xs.Add(x, xAxis.Logarithmic);
        ys.Add(y, yAxis.Logarithmic);
    }

    public override void Draw(Plot plot)
    {
        double atX = plot.X.ToPixel(x);
        double atY = plot.Y.ToPixel(y);
        if (plot.X.Shows(atX) && plot.Y.Shows(atY))
        {
            plot.DrawLabel(atX, atY, 5, text);
        }
    }
}
