namespace Nabla.Plotting.Tests;

/// <summary>A figure of every kind, for the tests of what holds for all of them.</summary>
internal static class Gallery
{
    // What a name, a label or a text may hold: markup, quotes, control characters, half a surrogate pair, a whole one.
    public const string Hostile = "<script>alert(\"1\" & '2')</script>]]> \0\u0007\u001B\uFFFE\uD800 \uD83D\uDE00 \r\n\t";

    public static IReadOnlyDictionary<string, Func<string, Figure>> Kinds { get; } = new Dictionary<string, Func<string, Figure>>
    {
        ["empty"] = text => new Chart(text),
        ["line"] = text => new Chart(text) { X = { Label = text }, Y = { Label = text } }
            .Line(x => (3 * x * x) - (4 * x) + 5, -5, 5, text)
            .Line([0, 1, 2, 3], [1f, float.NaN, -1e30f, 2f], text, dashed: true)
            .HorizontalLine(-2.5, text).VerticalLine(1e-3, text).Text(0.5, -1, text),
        ["logarithmic"] = text => new Chart(text) { X = { Logarithmic = true }, Y = { Logarithmic = true } }
            .Line([-1, 0, 1, 10, 100_000], [1, 1, 1e-7, 0, 1], text)
            .HorizontalLine(0.5, text).VerticalLine(30, text),
        ["scatter"] = text => new Chart(text)
            .Scatter([1.5, -2], [-0.25, 1e6], text, [text, "b"])
            .Scatter([0], [0], text, [text], size: 9),
        ["histogram"] = text => new Chart(text).Histogram([-1.5, 0, 0.1, 2, double.NaN], 7, text).Histogram([1, 1, 2], 3, text),
        ["contour"] = text => new Chart(text) { X = { Minimum = -2, Maximum = 2 }, Y = { Minimum = -1, Maximum = 1 } }
            .Contour((x, y) => (x * x) - y, [-0.5, 0, 0.5]).Contour((x, y) => x + y).Scatter([-1, 1], [0.5, -0.5], text),
        ["many"] = text => Enumerable.Range(0, 30)
            .Aggregate(new Chart(text), (chart, k) => chart.Line(x => Math.Sin(x + k), -9, 9, text + k)),
        ["heat map"] = text => new HeatMap(3, 4, (row, column) => row == column ? double.NaN : row - (0.25 * column), text)
        {
            CellText = (row, column) => text.Replace("\n", " ", StringComparison.Ordinal) + "\n" + row,
            RowLabels = [text, "b", "c"],
            ColumnLabels = ["a", text, "c", "d"],
            ColorBar = true,
        },
        ["diverging heat map"] = text => new HeatMap(9, 9, (row, column) => (row * column) - 20.5, text)
        {
            Diverging = true,
            CellSize = 5,
            ColorBar = true,
        },
        ["images"] = text => new ImageGrid(2, 3, [[0, 1, 2, 3, 4, 5], [-1, 0, 0, 0, 0, float.NaN]], text)
        {
            Captions = [text, "b"],
        },
        ["weights"] = text => new ImageGrid(2, 3, [[0, 1, 2, 3, 4, 5], [-1, 0, 0, 0, 0, 1]], text)
        {
            Diverging = true,
            ScaleEach = true,
        },
        ["panels"] = text => new Panels(
            [new Chart(text).Line(Math.Tanh, -3, 3, text), new HeatMap(2, 2, (_, column) => column, text)], 2, text),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];
}
