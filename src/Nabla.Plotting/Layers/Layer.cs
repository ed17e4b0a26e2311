namespace Nabla.Plotting.Layers;

/// <summary>What is drawn between the axes of a chart, one upon the other.</summary>
internal abstract class Layer(string name)
{
    /// <summary>Gets the text for the legend; empty for none.</summary>
    public string Name => name;

    /// <summary>Gets whether the layer has a colour of its own and a line in the legend.</summary>
    public virtual bool IsSeries => true;

    /// <summary>Gets whether the layer lies below the grid.</summary>
    public virtual bool IsBackground => false;

    /// <summary>Gets or sets which series of the chart this is, from zero: it gives the colour.</summary>
    public int Series { get; set; }

    protected string Color => "c" + (Series % Style.SeriesColors);

    /// <summary>Takes the layer's values into the limits of the axes.</summary>
    public abstract void Extend(ref Extent x, ref Extent y, Axis xAxis, Axis yAxis);

    public abstract void Draw(Plot plot);

    /// <summary>Draws the sample in the legend, 22 pixels wide.</summary>
    public virtual void DrawSample(SvgWriter svg, double x, double y)
    {
    }
}
