namespace Nabla.Plotting.Tests;

/// <summary>The examples of docs/plotting.md, in its order. Each method is one block of code there.</summary>
internal static class PlottingPage
{
    public static void DrawAll()
    {
        Line();
        Training();
        Scatter();
        Histogram();
        Surface();
        Descent();
        Counts();
        Weights();
        Images();
        Panels();
        Report();
    }

    private static void Line()
    {
        new Chart("A function and its slope at 1") { X = { Label = "x" }, Y = { Label = "f(x)" } }
            .Line(x => (3 * x * x) - (4 * x) + 5, from: -2, to: 3.5, name: "3x² − 4x + 5")
            .Line([-0.5, 2.5], [1.0, 7.0], name: "slope 2", dashed: true)
            .Scatter([1], [4], size: 5)
            .Text(1, 4, "f(1) = 4")
            .Save("line.svg");
    }

    private static void Training()
    {
        Random random = new(1);
        double[] losses = [.. Enumerable.Range(1, 5000).Select(step => (4 / Math.Sqrt(step)) + (0.1 * random.NextDouble()))];

        new Chart("Training") { X = { Label = "step" }, Y = { Label = "loss", Logarithmic = true } }
            .Line(losses, name: "training")
            .Line([50, 500, 1000, 2000, 3000, 4000, 5000], [0.63, 0.25, 0.2, 0.17, 0.155, 0.15, 0.15], name: "validation")
            .HorizontalLine(0.05, "as low as it can be")
            .Save("training.svg");
    }

    private static void Scatter()
    {
        new Chart("Words as two numbers", width: 560)
            .Scatter([2.0, 2.3, 1.9, 2.6], [-1.0, -0.6, -0.4, -1.1], name: "animals", labels: ["cat", "dog", "horse", "cow"])
            .Scatter([-1.5, -1.2, -1.4], [0.9, 1.3, 1.2], name: "numbers", labels: ["two", "three", "ten"])
            .Scatter([0.2, 0.6, 0.1], [-0.1, 0.3, 0.5], name: "letters", labels: ["a", "e", "i"], size: 10)
            .Save("scatter.svg");
    }

    private static void Histogram()
    {
        Random random = new(2);
        double[] sums = [.. Enumerable.Range(0, 4000).Select(_ => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6)];

        new Chart("What tanh does to its input") { X = { Label = "value" }, Y = { Label = "count" } }
            .Histogram(sums, bins: 40, name: "before")
            .Histogram(sums.Select(Math.Tanh), bins: 40, name: "after")
            .Save("histogram.svg");
    }

    private static void Surface()
    {
        Random random = new(3);
        double Coordinate() => (3 * random.NextDouble()) - 1.5;
        var points = Enumerable.Range(0, 120).Select(_ => (X: Coordinate(), Y: Coordinate()));
        var inside = points.ToLookup(point => (point.X * point.X) + (point.Y * point.Y) < 1);

        new Chart("A score's sign", 480, 470) { X = { Minimum = -1.6, Maximum = 1.6 }, Y = { Minimum = -1.6, Maximum = 1.6 } }
            .Contour((x, y) => 1 - (x * x) - (y * y), levels: [-2, -1, -0.5, 0, 0.5])
            .Scatter(inside[true].Select(point => point.X), inside[true].Select(point => point.Y), name: "above zero")
            .Scatter(inside[false].Select(point => point.X), inside[false].Select(point => point.Y), name: "below zero")
            .Save("surface.svg");
    }

    private static void Descent()
    {
        List<double> xs = [2.6];
        List<double> ys = [1.6];
        for (int step = 0; step < 20; step++)
        {
            xs.Add(xs[^1] - (0.11 * 2 * xs[^1]));
            ys.Add(ys[^1] - (0.11 * 16 * ys[^1]));
        }

        new Chart("Descent on x² + 8y²", width: 480) { X = { Minimum = -3, Maximum = 3 }, Y = { Minimum = -2, Maximum = 2 } }
            .Contour((x, y) => (x * x) + (8 * y * y), levels: [0.5, 2, 5, 10, 20, 30])
            .Line(xs, ys)
            .Scatter(xs, ys, size: 3)
            .Save("descent.svg");
    }

    private static void Counts()
    {
        string text = "the_cat_that_sat_on_the_mat_saw_the_rat_that_ate_the_oat";
        char[] letters = [.. text.Distinct().Order()];
        int Count(int first, int second) => text.Zip(text.Skip(1)).Count(pair => pair == (letters[first], letters[second]));

        new HeatMap(letters.Length, letters.Length, (row, column) => Count(row, column), "Which letter follows which")
        {
            RowLabels = [.. letters.Select(letter => $"{letter}")],
            ColumnLabels = [.. letters.Select(letter => $"{letter}")],
            CellText = (row, column) => Count(row, column) == 0 ? "" : $"{letters[row]}{letters[column]}\n{Count(row, column)}",
            CellSize = 36,
        }.Save("counts.svg");
    }

    private static void Weights()
    {
        double Angle(int position, int i) => position / Math.Pow(100, i / 48.0);

        new HeatMap(16, 48, (row, column) => column % 2 == 0 ? Math.Sin(Angle(row, column)) : Math.Cos(Angle(row, column)),
            "Where a token stands, as 48 numbers")
        {
            Diverging = true,
            ColorBar = true,
            CellSize = 12,
            RowLabels = [.. Enumerable.Range(0, 16).Select(position => $"{position}")],
        }.Save("weights.svg");
    }

    private static void Images()
    {
        var waves = from v in Enumerable.Range(0, 2)
                    from u in Enumerable.Range(0, 6)
                    select (from y in Enumerable.Range(0, 16)
                            from x in Enumerable.Range(0, 16)
                            select (float)(Math.Cos((x + 0.5) * u * Math.PI / 16)
                                * Math.Cos((y + 0.5) * v * Math.PI / 16))).ToArray();

        new ImageGrid(16, 16, waves, "Twelve waves")
        {
            Columns = 6,
            Scale = 5,
            Diverging = true,
            Captions = [.. Enumerable.Range(0, 12).Select(i => $"{i % 6}, {i / 6}")],
        }.Save("images.svg");
    }

    private static void Panels()
    {
        Chart Small(string name, Func<double, double> function) => new Chart(name, 250, 220).Line(function, from: -4, to: 4);

        new Panels([Small("tanh", Math.Tanh), Small("sigmoid", x => 1 / (1 + Math.Exp(-x))), Small("ReLU", x => Math.Max(0, x))],
            columns: 3, "What a neuron may end with").Save("panels.svg");
    }

    private static void Report()
    {
        Chart chart = new Chart().Line([4.2, 2.9, 2.6, 2.5], name: "loss");

        new ReportPage("A small run")
            .Text("What was tried, and why.\n\nAn empty line begins a paragraph.")
            .Heading("The loss")
            .Figure(chart, "It goes down.")
            .Table(["model", "loss"], [["counting", "2.454"], ["network", "2.481"]])
            .Code("nabla train names.txt")
            .Save("report.html");
    }
}
