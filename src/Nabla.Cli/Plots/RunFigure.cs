using System.Globalization;
using Nabla.Language;
using Nabla.Plotting;

namespace Nabla.Cli.Plots;

/// <summary>Draws runs over each other.</summary>
/// <param name="runs">The runs.</param>
/// <param name="inTokens">Whether the horizontal axis counts tokens, not steps.</param>
/// <param name="window">Of how many neighbouring steps a line shows the mean where it is noisy; 1 for the steps as they are.</param>
/// <param name="logarithmic">Whether the vertical axis is logarithmic.</param>
internal sealed class RunFigure(IReadOnlyList<PlottedRun> runs, bool inTokens, int window, bool logarithmic)
{
    private readonly RunDifferences _differences = new(runs);

    /// <summary>Draws one metric.</summary>
    public Chart Draw(PlotMetric metric)
    {
        Chart chart = new(Title(metric), width: 800, height: 480)
        {
            X = { Label = inTokens ? "tokens" : "steps" },
            Y = { Label = metric.Label, Logarithmic = logarithmic },
        };
        for (int i = 0; i < runs.Count; i++)
        {
            string differences = _differences.Describe(i);
            string name = differences.Length == 0 ? runs[i].Name : $"{runs[i].Name}: {differences}";
            Add(chart, runs[i], metric.Training, name, metric.IsNoisy ? window : 1, dashed: false);
            if (metric.Validation is not null)
            {
                Add(chart, runs[i], metric.Validation, name, mean: 1, dashed: true);
            }
        }

        if (metric.Reference is (string reference, double value))
        {
            chart.HorizontalLine(value, reference);
        }

        return chart;
    }

    /// <summary>Writes one file to open in a browser, with all that the logs hold.</summary>
    public void SaveReport(string path, IReadOnlyList<PlotMetric> metrics)
    {
        ReportPage page = new(runs.Count == 1 ? runs[0].Name : $"{runs.Count} runs");
        page.Table(PlottedRun.Columns, runs.Select(run => run.Row()));
        foreach (PlotMetric metric in metrics)
        {
            page.Figure(Draw(metric));
        }

        if (!_differences.IsEmpty)
        {
            page.Heading("What differs").Table(["setting", .. runs.Select(run => run.Name)], _differences.Table());
        }

        page.Save(path);
    }

    private string Title(PlotMetric metric)
    {
        string title = metric.IsNoisy && window > 1
            ? string.Create(CultureInfo.InvariantCulture, $"{metric.Title}, mean over {window:N0} steps")
            : metric.Title;
        bool dashes = metric.Validation is not null && runs.Any(run => run.Steps.Any(step => metric.Validation(step) is not null));
        return dashes ? $"{title} (dashed: validation)" : title;
    }

    private void Add(Chart chart, PlottedRun run, Func<StepMetrics, float?> metric, string name, int mean, bool dashed)
    {
        StepMetrics[] steps = [.. run.Steps.Where(step => metric(step) is not null)];
        if (steps.Length == 0)
        {
            return;
        }

        chart.Line(
            steps.Select(step => run.Position(step, inTokens)),
            MovingMean.Of([.. steps.Select(step => metric(step)!.Value)], mean),
            name,
            dashed);
    }
}
