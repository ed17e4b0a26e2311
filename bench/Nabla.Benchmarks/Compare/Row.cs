using System.Globalization;
using System.Text.Json;

namespace Nabla.Benchmarks.Compare;

/// <summary>A line of the table.</summary>
/// <param name="Title">The work.</param>
/// <param name="Ours">What ours took, or did a second, with its unit.</param>
/// <param name="Theirs">The same of theirs; empty where they have nothing like it.</param>
/// <param name="Median">The median of the pairs' ratios, or of the shares.</param>
/// <param name="Lowest">The lowest pair's.</param>
/// <param name="Highest">The highest pair's.</param>
/// <param name="Target">What it should be; null for nothing promised.</param>
/// <param name="AtMost">Whether the target is a limit from above.</param>
internal sealed record Row(
    string Title, string Ours, string Theirs, double Median, double Lowest, double Highest, double? Target, bool AtMost = false)
{
    /// <summary>Gets whether the median reaches the target.</summary>
    public bool Reached => Target is not { } target || (AtMost ? Median <= target : Median >= target);

    /// <summary>Gets the target in words.</summary>
    public string TargetText => Target is { } target ? $"{(AtMost ? "at most " : "")}{Number(target)}" : "";

    /// <summary>Returns the row of a measure over its pairs.</summary>
    public static Row From(Measure measure, IReadOnlyList<Pair> pairs, int threads)
    {
        double[] ratios = [.. pairs.Select(pair => Ratio(measure, pair)).Order()];
        double ours = pairs.Select(pair => Value(measure, pair.Ours)).Median();
        bool isShare = measure.Kind == MeasureKind.Share;
        string theirs = isShare ? "" : $"{Number(pairs.Select(pair => Value(measure, pair.Theirs)).Median())} ({threads} thr.)";
        return new(
            measure.Title, $"{Number(ours)} {measure.Unit}".Trim(), theirs, ratios.Median(), ratios[0], ratios[^1],
            measure.Target, measure.Kind == MeasureKind.Memory);
    }

    /// <summary>Returns both numbers of a pair and their ratio.</summary>
    public static string Describe(Measure measure, Pair pair) => measure.Kind == MeasureKind.Share
        ? $"share {Number(Ratio(measure, pair))}"
        : $"{Number(Value(measure, pair.Ours))} and {Number(Value(measure, pair.Theirs))} {measure.Unit}, ratio {Number(Ratio(measure, pair))}";

    /// <summary>Returns a number with three digits that count.</summary>
    public static string Number(double value) => Math.Abs(value) >= 100
        ? value.ToString("N0", CultureInfo.InvariantCulture)
        : value.ToString("G3", CultureInfo.InvariantCulture);

    private static double Ratio(Measure measure, Pair pair) => measure.Kind switch
    {
        MeasureKind.Time => Value(measure, pair.Theirs) / Value(measure, pair.Ours),
        MeasureKind.Share => Value(measure, pair.Ours),
        _ => Value(measure, pair.Ours) / Value(measure, pair.Theirs),
    };

    private static double Value(Measure measure, JsonElement side) => side.GetProperty(measure.Field).GetDouble();
}
