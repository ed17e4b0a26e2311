using System.Globalization;
using Nabla.Diagnostics;
using Nabla.Language;
using Nabla.Plotting;

namespace Nabla.Cli.Diagnosing;

/// <summary>Writes what a diagnosis found as one page.</summary>
/// <param name="name">What the run is called.</param>
/// <param name="config">What the run computes.</param>
/// <param name="log">What its log says.</param>
/// <param name="diagnosis">What was found.</param>
internal sealed class DiagnosisPage(string name, RunConfig config, IReadOnlyList<StepMetrics> log, Diagnosis diagnosis)
{
    private const string None = "–";

    private readonly IReadOnlyDictionary<string, float> _updates = Diagnosis.Means(diagnosis.Updates);

    /// <summary>Writes the page to a file.</summary>
    public void Save(string path)
    {
        ReportPage page = new($"Diagnosis of {name}");
        page.Text(string.Create(CultureInfo.InvariantCulture,
            $"{config.Model.Describe()}; {diagnosis.Parameters.Sum(parameter => (long)parameter.Values.Count):N0} parameters, after {diagnosis.Step:N0} of {config.Training.Steps:N0} steps."));
        AddFindings(page);
        AddLosses(page);
        AddLayers(page);
        AddParameters(page);
        AddRates(page);
        page.Save(path);
    }

    private static string Number(double value) => value.ToString("0.###e+0", CultureInfo.InvariantCulture);

    // Not -0.000.
    private static string Plain(double value) => (Math.Round(value, 3) + 0.0).ToString("F3", CultureInfo.InvariantCulture);

    private static string Spread(double value) => value is > 0 and < 0.01 ? Number(value) : Plain(value);

    private void AddFindings(ReportPage page)
    {
        page.Heading("What is wrong");
        foreach (Finding finding in diagnosis.Findings)
        {
            page.Text(finding.ToString());
        }

        if (diagnosis.Findings.Count == 0)
        {
            page.Text("Nothing that a rule of thumb knows of.");
        }
    }

    private void AddLosses(ReportPage page)
    {
        StepMetrics? first = log.Count > 0 && log[0].Step == 0 ? log[0] : null;
        float? best = log.Min(step => step.ValidationLoss);
        page.Heading("The loss").Text(
            $"A model that has learned nothing should guess, and lose ln V on average. If its first loss is far higher, it is sure of what it does not know, and the first steps are lost on unlearning that: see {FindingRules.ActivationLesson}.");
        page.Table(
            ["loss", "nats per token"],
            [
                [string.Create(CultureInfo.InvariantCulture, $"of a guess, ln({config.Model.VocabularySize})"), Plain(diagnosis.GuessLoss)],
                ["of the first step", first is StepMetrics step ? Plain(step.Loss) : None],
                ["of the batches looked at here", Plain(diagnosis.Loss)],
                ["best on the validation split", best is float value ? Plain(value) : None],
            ]);
        if (log.Count > 1)
        {
            page.Figure(DiagnosisFigures.Losses(log, diagnosis.GuessLoss));
        }
    }

    private void AddLayers(ReportPage page)
    {
        IReadOnlyList<LayerGroup> groups = LayerGroup.Of(diagnosis.Layers);
        page.Heading("What the layers put out").Text(
            $"Layers alike are drawn over each other: from the first to the last, neither should they shrink to nothing nor grow out of bounds. Of tanh, little should lie at -1 and 1: about 5 % beyond 0.97 is good. A dead unit let no gradient through in any example. See {FindingRules.ActivationLesson}.");
        AddFigure(page, DiagnosisFigures.Densities(groups, layer => layer.Outputs));
        page.Table(
            ["layer", "mean", "deviation", "saturated", "dead units", "gradient's deviation"],
            diagnosis.Layers.Select(layer => (string[])
            [
                LayerGroup.Label(layer),
                Plain(layer.Outputs.Mean),
                Spread(layer.Outputs.StandardDeviation),
                layer.Saturation is double share ? share.ToString("0.0%", CultureInfo.InvariantCulture) : None,
                layer.DeadUnitCount is int dead ? $"{dead} of {layer.UnitCount}" : None,
                Number(layer.Gradients.StandardDeviation),
            ]));
        page.Heading("The gradients of that").Text(
            "They should be about as wide in the first layers as in the last. Where they shrink layer by layer, the first layers hardly learn; where they grow, the learning rate that suits the last is too large for the first.");
        AddFigure(page, DiagnosisFigures.Densities(groups, layer => layer.Gradients));
    }

    private void AddParameters(ReportPage page)
    {
        page.Heading("Parameters and updates").Text(
            $"How wide a gradient is beside its values says which parameters plain descent would change fastest. What counts is the update: it should change the values by about a thousandth each step. Far below, learning takes needlessly long; at a tenth, it destroys what it learned. See {FindingRules.ActivationLesson}; for transformers, lessons/07-gpt.");
        page.Table(
            ["parameter", "shape", "deviation", "gradient's deviation", "gradient / value", "update / value"],
            diagnosis.Parameters.Select(parameter => (string[])
            [
                parameter.Name,
                parameter.Shape.ToString().Replace(' ', '\u00a0'),
                Spread(parameter.Values.StandardDeviation),
                Number(parameter.Gradients.StandardDeviation),
                parameter.GradientToData is double ratio ? Number(ratio) : None,
                _updates.TryGetValue(parameter.Name, out float update) ? Number(update) : None,
            ]));
        if (diagnosis.Updates.Count > 1)
        {
            page.Figure(DiagnosisFigures.Updates(
                "Updates of the next steps", [.. diagnosis.Updates.Select((ratios, i) => (diagnosis.Step + i, ratios))]));
        }

        (int, IReadOnlyDictionary<string, float>)[] watched =
            [.. log.Where(step => step.Watch is not null).Select(step => (step.Step, step.Watch!.Updates))];
        if (watched.Length > 1)
        {
            page.Figure(DiagnosisFigures.Updates("Updates over the training", watched));
        }
    }

    private void AddRates(ReportPage page)
    {
        if (diagnosis.Rates is not LearningRateSearch search)
        {
            return;
        }

        page.Heading("A learning rate");
        string suggested = search.Suggested is float rate
            ? string.Create(CultureInfo.InvariantCulture,
                $"The loss fell fastest at {rate:0.0e+0}; the run's highest rate is {config.Training.LearningRate:0.0e+0}.")
            : "The loss fell clearly at no rate, as after a training that is done: search from the initial weights, with --initial.";
        page.Text($"{suggested} Each step was taken with a higher rate than the one before, from the weights and the optimiser as they are; then all was put back. See {FindingRules.RateLesson}.");
        if (search.Tried.Count > 1)
        {
            page.Figure(DiagnosisFigures.Rates(search));
        }
    }

    private static void AddFigure(ReportPage page, Figure? figure)
    {
        if (figure is not null)
        {
            page.Figure(figure);
        }
    }
}
