using System.Globalization;
using Nabla.Diagnostics;
using Nabla.Language;
using Nabla.Plotting;

namespace Nabla.Cli.Diagnosing;

/// <summary>Draws what a diagnosis found.</summary>
internal static class DiagnosisFigures
{
    private const int Wide = 800;
    private const int MostLines = 8;

    /// <summary>Draws how dense the outputs of layers lie, or their gradients; null where there are none.</summary>
    /// <param name="groups">The layers, a panel for each group.</param>
    /// <param name="choose">Takes the outputs or the gradients.</param>
    public static Figure? Densities(IReadOnlyList<LayerGroup> groups, Func<LayerStatistics, ValueStatistics> choose)
    {
        List<Chart> charts = [];
        foreach (LayerGroup group in groups)
        {
            Chart chart = new(group.Name, Wide / 2, 260) { Y = { Label = "density" } };
            bool isEmpty = true;
            foreach (LayerStatistics layer in group.Layers)
            {
                IReadOnlyList<(double Value, double Density)> curve = choose(layer).Histogram.Density();
                if (curve.Count > 0)
                {
                    isEmpty = false;
                    string name = group.Layers.Count > 1 ? layer.Name : string.Empty;
                    chart.Line(curve.Select(point => point.Value), curve.Select(point => point.Density), name);
                }
            }

            if (!isEmpty)
            {
                charts.Add(chart);
            }
        }

        return charts.Count > 0 ? new Panels(charts, columns: 2) : null;
    }

    /// <summary>Draws the size of updates over steps.</summary>
    /// <param name="title">What steps they are.</param>
    /// <param name="steps">The steps, by number, with the ratio of each parameter; at least one.</param>
    public static Chart Updates(string title, IReadOnlyList<(int Step, IReadOnlyDictionary<string, float> Ratios)> steps)
    {
        Chart chart = new(title, Wide, 420) { X = { Label = "step" }, Y = { Label = "update / value", Logarithmic = true } };
        string[] names = [.. steps.SelectMany(step => step.Ratios.Keys).Distinct()];
        foreach (string name in LayerGroup.Spread(names, MostLines))
        {
            var line = steps.Where(step => step.Ratios.ContainsKey(name)).Select(step => (step.Step, Ratio: step.Ratios[name]));
            chart.Line(line.Select(point => point.Step), line.Select(point => point.Ratio), name);
        }

        return chart.HorizontalLine(1e-3, "healthy");
    }

    /// <summary>Draws the losses of a search for a learning rate.</summary>
    public static Chart Rates(LearningRateSearch search)
    {
        Chart chart = new("Loss at growing learning rates", Wide, 420)
        {
            X = { Label = "learning rate", Logarithmic = true },
            Y = { Label = "nats per token" },
        };
        IEnumerable<float> rates = search.Tried.Select(point => point.Rate);
        chart.Line(rates, search.Tried.Select(point => point.Loss), "each step").Line(rates, search.Tried.Select(point => point.Smoothed), "smoothed");
        return search.Suggested is float rate
            ? chart.VerticalLine(rate, string.Create(CultureInfo.InvariantCulture, $"suggested: {rate:0.0e+0}"))
            : chart;
    }

    /// <summary>Draws the loss over the training so far.</summary>
    public static Chart Losses(IReadOnlyList<StepMetrics> steps, double guess)
    {
        StepMetrics[] validated = [.. steps.Where(step => step.ValidationLoss is not null)];
        Chart chart = new("Loss over the training", Wide, 420) { X = { Label = "step" }, Y = { Label = "nats per token" } };
        chart.Line(steps.Select(step => step.Step + 1), steps.Select(step => step.Loss), "each step");
        if (validated.Length > 0)
        {
            chart.Line(validated.Select(step => step.Step + 1), validated.Select(step => step.ValidationLoss!.Value), "validation");
        }

        return chart.HorizontalLine(guess, "a guess");
    }
}
