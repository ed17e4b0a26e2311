using Nabla.Language;

namespace Nabla.Cli.Plots;

/// <summary>Something that the log of a run holds for each step.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">Its name in a figure.</param>
/// <param name="Label">What the axis shows, with its unit.</param>
/// <param name="Training">Its value at a step, where that was measured.</param>
/// <param name="IsNoisy">Whether it goes up and down from step to step, so that a mean over some of them tells more.</param>
/// <param name="Validation">The same on the validation split, for a dashed line beside the other; null if there is no such thing.</param>
/// <param name="Reference">What to compare it with, a level line with a name; null if there is nothing.</param>
internal sealed record PlotMetric(
    string Name,
    string Title,
    string Label,
    Func<StepMetrics, float?> Training,
    bool IsNoisy,
    Func<StepMetrics, float?>? Validation = null,
    (string Name, double Value)? Reference = null)
{
    private const string Nats = "nats per token";

    /// <summary>Gets the losses, which a figure shows where nothing else is asked for.</summary>
    public static PlotMetric Loss { get; } = new("loss", "Loss", Nats, step => step.Loss, IsNoisy: true, step => step.ValidationLoss);

    /// <summary>Gets the metrics of a report: all that there is, each once.</summary>
    public static IReadOnlyList<PlotMetric> Report { get; } =
    [
        Loss,
        new("learning-rate", "Learning rate", "learning rate", step => step.LearningRate, IsNoisy: false),
        new("gradient-norm", "Norm of the gradients", "norm before clipping", step => step.GradientNorm, IsNoisy: true),
        new("hellaswag", "HellaSwag", "% right", step => 100 * step.HellaSwag, IsNoisy: false,
            Reference: ("GPT-2 (124M), all questions", 100 * HellaSwagFile.Gpt2Accuracy)),
    ];

    /// <summary>Returns whether any of some runs has measured it.</summary>
    public bool IsMeasured(IEnumerable<PlottedRun> runs) => runs.Any(run => run.Steps.Any(step => Training(step) is not null));

    /// <summary>Gets all metrics by their names.</summary>
    public static IReadOnlyList<(string Name, PlotMetric Metric)> Choices { get; } =
    [
        .. Report.Append(new("validation", "Validation loss", Nats, step => step.ValidationLoss, IsNoisy: false))
            .Select(metric => (metric.Name, metric)),
    ];
}
