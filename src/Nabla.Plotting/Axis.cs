namespace Nabla.Plotting;

/// <summary>One axis of a <see cref="Chart"/>.</summary>
public sealed class Axis
{
    internal Axis()
    {
    }

    /// <summary>Gets or sets what the axis shows, with its unit.</summary>
    public string Label { get; set; } = "";

    /// <summary>Gets or sets whether equal distances mean equal factors. Values of zero or less are then left out.</summary>
    public bool Logarithmic { get; set; }

    /// <summary>Gets or sets where the axis begins; null: a little before the smallest value.</summary>
    public double? Minimum { get; set; }

    /// <summary>Gets or sets where the axis ends; null: a little after the largest value.</summary>
    public double? Maximum { get; set; }

    /// <summary>Returns whether a value has a place on an axis of this kind.</summary>
    internal bool Shows(double value) => Extent.IsDrawable(value) && (!Logarithmic || value > 0);

    /// <summary>Returns the axis' limits and its place on the page.</summary>
    /// <param name="data">The values to show.</param>
    /// <param name="start">The pixel of the minimum.</param>
    /// <param name="end">The pixel of the maximum.</param>
    /// <param name="name">X or Y, for messages.</param>
    internal Scale Fit(Extent data, double start, double end, string name)
    {
        const double Margin = 0.04;
        Check(Minimum, "Minimum", name);
        Check(Maximum, "Maximum", name);
        Extent shown = data.IsEmpty ? (Logarithmic ? new Extent(1, 10) : new Extent(0, 1)) : data;
        double low = Position(Minimum ?? Math.Min(shown.Minimum, Maximum ?? double.PositiveInfinity));
        double high = Position(Maximum ?? Math.Max(shown.Maximum, Minimum ?? double.NegativeInfinity));
        if (Minimum is not null && Maximum is not null && low >= high)
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"{name}: Minimum ({Minimum}) must be less than Maximum ({Maximum})."));
        }

        // Without a width to speak of: one value, in the middle.
        double size = Math.Max(Math.Abs(low), Math.Abs(high));
        bool single = high - low <= 1e-12 * size;
        double margin = single ? (Logarithmic ? 0.3 : size == 0 ? 0.5 : 0.1 * size) : Margin * (high - low);
        low -= Minimum is not null || (!single && data.StartsAtEdge) ? 0 : margin;
        high += Maximum is not null ? 0 : margin;
        return new Scale(low, high, Logarithmic, start, end);
    }

    private double Position(double value) => Logarithmic ? Math.Log10(value) : value;

    private void Check(double? limit, string which, string name)
    {
        if (limit is { } value && !Shows(value))
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"{name}.{which} is {value}: it must be a finite number")
                    + (Logarithmic ? " above zero, since the axis is logarithmic." : "."));
        }
    }
}
