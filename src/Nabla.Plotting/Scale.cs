namespace Nabla.Plotting;

/// <summary>The map from values to pixels along one axis.</summary>
/// <param name="Low">The value at the start; on a logarithmic axis its base-10 logarithm.</param>
/// <param name="High">The value at the end; on a logarithmic axis its base-10 logarithm.</param>
/// <param name="Logarithmic">Whether the map goes through the logarithm.</param>
/// <param name="Start">The pixel of the low end.</param>
/// <param name="End">The pixel of the high end; less than the start on the upright axis.</param>
internal readonly record struct Scale(double Low, double High, bool Logarithmic, double Start, double End)
{
    public double Minimum => Logarithmic ? Math.Pow(10, Low) : Low;

    public double Maximum => Logarithmic ? Math.Pow(10, High) : High;

    /// <summary>Returns where a value is drawn, also outside the axis; NaN for what cannot be drawn.</summary>
    public double ToPixel(double value)
    {
        if (!Extent.IsDrawable(value) || (Logarithmic && value <= 0))
        {
            return double.NaN;
        }

        double position = Logarithmic ? Math.Log10(value) : value;
        return Math.Clamp(Start + ((position - Low) / (High - Low) * (End - Start)), -1e200, 1e200);
    }

    public double FromFraction(double fraction)
    {
        double position = Low + (fraction * (High - Low));
        return Logarithmic ? Math.Pow(10, position) : position;
    }

    public bool Shows(double pixel) => pixel >= Math.Min(Start, End) - 0.01 && pixel <= Math.Max(Start, End) + 0.01;

    /// <summary>Returns the pixel, or the end of the axis that is nearer to it.</summary>
    public double Clamp(double pixel) => Math.Clamp(pixel, Math.Min(Start, End), Math.Max(Start, End));
}

/// <summary>From the smallest to the largest of some values.</summary>
internal record struct Extent(double Minimum, double Maximum)
{
    public static Extent Empty => new(double.PositiveInfinity, double.NegativeInfinity);

    public readonly bool IsEmpty => Minimum > Maximum;

    /// <summary>Gets or sets whether nothing is to be left free below the smallest value: bars stand on the axis.</summary>
    public bool StartsAtEdge { get; set; }

    /// <summary>Returns whether a drawing can hold a value: it is not NaN, not infinite, and not nearly infinite.</summary>
    public static bool IsDrawable(double value) => Math.Abs(value) < 1e300;

    /// <summary>Takes a value in, if it can be drawn.</summary>
    public void Add(double value, bool logarithmic)
    {
        if (IsDrawable(value) && (!logarithmic || value > 0))
        {
            Minimum = Math.Min(Minimum, value);
            Maximum = Math.Max(Maximum, value);
        }
    }
}
