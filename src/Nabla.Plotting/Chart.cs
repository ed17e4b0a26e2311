using System.Numerics;
using Nabla.Plotting.Layers;

namespace Nabla.Plotting;

/// <summary>
/// Two axes and what is drawn between them: each method adds a layer upon the ones before and returns the chart.
/// </summary>
/// <remarks>
/// Points with a coordinate that is NaN or infinite, or not above zero on a logarithmic axis, are left out; a line breaks
/// there. The axes reach a little beyond the data unless they are told where to end. Layers of one name are one series: they
/// have one colour and, together, one line in the legend.
/// </remarks>
/// <example>
/// <code>
/// new Chart("Training") { X = { Label = "step" }, Y = { Label = "loss", Logarithmic = true } }
///     .Line(steps, losses, name: "training")
///     .HorizontalLine(2.4540, "counting")
///     .Save("loss.svg");
/// </code>
/// </example>
public sealed class Chart : Figure
{
    private readonly List<Layer> _layers = [];

    /// <summary>Makes an empty chart.</summary>
    /// <param name="title">What stands above it; empty for nothing.</param>
    /// <param name="width">The width in pixels, at least 120.</param>
    /// <param name="height">The height in pixels, at least 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">The chart is smaller than that.</exception>
    public Chart(string title = "", int width = 640, int height = 400)
        : base(title)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 120);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 100);
        Width = width;
        Height = height;
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override int Height { get; }

    /// <summary>Gets the axis from left to right.</summary>
    public Axis X { get; } = new();

    /// <summary>Gets the axis from bottom to top.</summary>
    public Axis Y { get; } = new();

    /// <summary>Adds a line through points, in their order.</summary>
    /// <param name="x">The points' places on the X axis.</param>
    /// <param name="y">Their places on the Y axis, as many.</param>
    /// <param name="name">The text in the legend; empty for none.</param>
    /// <param name="dashed">Whether the line is dashed.</param>
    /// <typeparam name="TX">Any kind of number.</typeparam>
    /// <typeparam name="TY">Any kind of number.</typeparam>
    /// <exception cref="ArgumentException">There are not as many x as y.</exception>
    public Chart Line<TX, TY>(IEnumerable<TX> x, IEnumerable<TY> y, string name = "", bool dashed = false)
        where TX : INumber<TX>
        where TY : INumber<TY>
    {
        (double[] xs, double[] ys) = Points("Line", x, y);
        return Add(new LineLayer(xs, ys, name, dashed));
    }

    /// <summary>Adds a line through values at 0, 1, 2 and so on.</summary>
    /// <param name="y">The values.</param>
    /// <param name="name">The text in the legend; empty for none.</param>
    /// <param name="dashed">Whether the line is dashed.</param>
    /// <typeparam name="T">Any kind of number.</typeparam>
    public Chart Line<T>(IEnumerable<T> y, string name = "", bool dashed = false)
        where T : INumber<T>
    {
        double[] ys = Doubles(y);
        return Add(new LineLayer([.. Enumerable.Range(0, ys.Length).Select(i => (double)i)], ys, name, dashed));
    }

    /// <summary>Adds the graph of a function, taken at 401 places.</summary>
    /// <param name="function">The function; where it gives NaN or an infinity the line breaks.</param>
    /// <param name="from">Where the graph begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="name">The text in the legend; empty for none.</param>
    /// <param name="dashed">Whether the line is dashed.</param>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    public Chart Line(Func<double, double> function, double from, double to, string name = "", bool dashed = false)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (!Extent.IsDrawable(from) || !Extent.IsDrawable(to) || from >= to)
        {
            throw new ArgumentException(FormattableString.Invariant($"Line: from ({from}) must be less than to ({to})."));
        }

        // Places that are evenly apart on the page.
        Scale scale = X.Logarithmic && from > 0 ? new(Math.Log10(from), Math.Log10(to), true, 0, 1) : new(from, to, false, 0, 1);
        double[] xs = [.. Enumerable.Range(0, 401).Select(i => scale.FromFraction(i / 400.0))];
        return Add(new LineLayer(xs, [.. xs.Select(function)], name, dashed));
    }

    /// <summary>Adds points.</summary>
    /// <param name="x">The points' places on the X axis.</param>
    /// <param name="y">Their places on the Y axis, as many.</param>
    /// <param name="name">The text in the legend; empty for none.</param>
    /// <param name="labels">A text for each point: beside it, or inside where it fits; null for none.</param>
    /// <param name="size">The points' radius in pixels.</param>
    /// <typeparam name="TX">Any kind of number.</typeparam>
    /// <typeparam name="TY">Any kind of number.</typeparam>
    /// <exception cref="ArgumentException">There are not as many x as y, or as labels.</exception>
    public Chart Scatter<TX, TY>(
        IEnumerable<TX> x, IEnumerable<TY> y, string name = "", IEnumerable<string>? labels = null, double size = 4)
        where TX : INumber<TX>
        where TY : INumber<TY>
    {
        (double[] xs, double[] ys) = Points("Scatter", x, y);
        string[]? texts = labels?.ToArray();
        if (texts is not null && texts.Length != xs.Length)
        {
            throw new ArgumentException(
                $"Scatter: {xs.Length} points, but {texts.Length} labels; there must be one for each point.");
        }

        if (!(size > 0 && size <= 1000))
        {
            throw new ArgumentOutOfRangeException(
                nameof(size), size, "Scatter: the points' radius must be above 0 and at most 1000 pixels.");
        }

        return Add(new ScatterLayer(xs, ys, name, texts, size));
    }

    /// <summary>Adds the counts of values in equally wide bins from the smallest to the largest.</summary>
    /// <param name="values">The values; those that are NaN or infinite are not counted.</param>
    /// <param name="bins">How many bins.</param>
    /// <param name="name">The text in the legend; empty for none.</param>
    /// <typeparam name="T">Any kind of number.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">There is no bin.</exception>
    public Chart Histogram<T>(IEnumerable<T> values, int bins = 50, string name = "")
        where T : INumber<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        return Add(new HistogramLayer(Doubles(values), bins, name));
    }

    /// <summary>
    /// Adds a function of both coordinates as bands between levels, filled from light to dark; below and above zero in two
    /// colours if the levels reach from one to the other. It is taken over the whole plot when the chart is drawn.
    /// </summary>
    /// <param name="function">The function of x and y; where it gives NaN nothing is drawn.</param>
    /// <param name="levels">Where bands meet, from low to high; null: round values chosen from the function's.</param>
    /// <exception cref="ArgumentException">The levels do not increase.</exception>
    public Chart Contour(Func<double, double, double> function, IEnumerable<double>? levels = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        double[]? chosen = levels?.ToArray();
        for (int i = 0; i < chosen?.Length; i++)
        {
            if (!Extent.IsDrawable(chosen[i]) || (i > 0 && chosen[i] <= chosen[i - 1]))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"Contour: levels must be finite and increase, but level {i} is {chosen[i]}")
                        + (i > 0 ? FormattableString.Invariant($" after {chosen[i - 1]}.") : "."));
            }
        }

        return Add(new ContourLayer(function, chosen));
    }

    /// <summary>Adds a dashed line across the plot at one place of the Y axis.</summary>
    /// <param name="y">The place.</param>
    /// <param name="name">The text beside it; empty for none.</param>
    /// <exception cref="ArgumentException">The place is not a finite number.</exception>
    public Chart HorizontalLine(double y, string name = "")
        => Add(new RuleLayer(Finite("HorizontalLine", y), name, upright: false));

    /// <summary>Adds a dashed line across the plot at one place of the X axis.</summary>
    /// <param name="x">The place.</param>
    /// <param name="name">The text beside it; empty for none.</param>
    /// <exception cref="ArgumentException">The place is not a finite number.</exception>
    public Chart VerticalLine(double x, string name = "") => Add(new RuleLayer(Finite("VerticalLine", x), name, upright: true));

    /// <summary>Adds a text beside a place.</summary>
    /// <param name="x">The place on the X axis.</param>
    /// <param name="y">The place on the Y axis.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The place is not a finite number.</exception>
    public Chart Text(double x, double y, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Add(new TextLayer(Finite("Text", x), Finite("Text", y), text));
    }

    internal override void Draw(SvgWriter svg)
    {
        ChartLayout layout = ChartLayout.For(this, _layers);
        layout.DrawBelow(svg, _layers);
        DrawTitle(svg, (layout.Plot.Left + layout.Plot.Right) / 2);
        svg.Append(layout.Plot.Svg);
        layout.Legend.Draw(svg);
    }

    private static double[] Doubles<T>(IEnumerable<T> values)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        return [.. values.Select(double.CreateSaturating)];
    }

    private static (double[] X, double[] Y) Points<TX, TY>(string operation, IEnumerable<TX> x, IEnumerable<TY> y)
        where TX : INumber<TX>
        where TY : INumber<TY>
    {
        double[] xs = Doubles(x);
        double[] ys = Doubles(y);
        return xs.Length == ys.Length
            ? (xs, ys)
            : throw new ArgumentException($"{operation}: {xs.Length} x, but {ys.Length} y; there must be one for each point.");
    }

    private static double Finite(string operation, double place) => Extent.IsDrawable(place)
        ? place
        : throw new ArgumentException(
            FormattableString.Invariant($"{operation}: {place} is no place on an axis; it must be finite."));

    private Chart Add(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer.Name);
        layer.Series = layer.IsSeries ? SeriesOf(layer.Name) : 0;
        _layers.Add(layer);
        return this;
    }

    private int SeriesOf(string name)
    {
        Layer[] series = [.. _layers.Where(layer => layer.IsSeries)];
        Layer? same = name.Length > 0 ? Array.Find(series, layer => layer.Name == name) : null;
        return same?.Series ?? series.Select(layer => layer.Series + 1).DefaultIfEmpty().Max();
    }
}
