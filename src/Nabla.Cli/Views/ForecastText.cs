using System.Globalization;
using Nabla.Language;

namespace Nabla.Cli.Views;

/// <summary>A forecast as lines for readers.</summary>
/// <param name="forecast">The forecast.</param>
/// <param name="stepHasTokens">Whether a step's tokens were asked for, so that its batches follow from their rows.</param>
internal sealed class ForecastText(TrainingForecast forecast, bool stepHasTokens)
{
    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    /// <summary>Writes them.</summary>
    public void Write(TextWriter output)
    {
        List<string[]> rows =
        [
            ["model", $"{forecast.Model.Describe()}, vocabulary {Number(forecast.Model.VocabularySize)}"],
            ["parameters", Number(forecast.ParameterCount)],
        ];
        AddParameters(rows);
        AddMemory(rows);
        AddTime(rows);
        AddTokens(rows);
        rows.Add(["loss", forecast.Loss.Loss is double loss
            ? string.Create(_culture, $"about {loss:0.00} nats per token: {forecast.Loss.Reason}")
            : $"not foretold: {forecast.Loss.Reason}"]);
        AddWays(rows);
        Columns.Write(output, rows);
    }

    private void AddParameters(List<string[]> rows)
    {
        if (forecast.Parameters is not GptParameters parameters)
        {
            return;
        }

        foreach ((string name, long count) in ForecastParts.Of(parameters).Where(part => part.Count > 0))
        {
            rows.Add([$"  {name}", string.Create(_culture, $"{count:N0} ({(double)count / parameters.Total:0.0 %})")]);
        }
    }

    private void AddMemory(List<string[]> rows)
    {
        if (forecast.Memory is not TrainingMemory memory)
        {
            rows.Add(["memory", "not foretold for this model, which is small: watch a few steps of it"]);
            return;
        }

        rows.Add(["memory", $"{Size(memory.Total)}; there are {Size(forecast.AvailableBytes)}"]);
        rows.AddRange(ForecastParts.Of(memory).Select(part => new[] { $"  {part.Name}", Size(part.Bytes) }));
    }

    private void AddTime(List<string[]> rows)
    {
        if (forecast.Time is not StepTime time)
        {
            return;
        }

        int batches = forecast.Training.AccumulationSteps;
        double step = time.Step(forecast.Training);
        string parts = batches == 1
            ? $"{Duration(time.Batch)} for the batch, {Duration(time.Update)} for the update"
            : string.Create(_culture, $"{batches:N0} batches of {Duration(time.Batch)}, {Duration(time.Update)} for the update");
        rows.Add(["time", string.Create(_culture,
            $"{Duration(time.All(forecast.Training))} for {forecast.Training.Steps:N0} steps, {forecast.TokensPerSecond:N0} tokens/s")]);
        rows.Add(["  step", $"{Duration(step)}: {parts}"]);
        rows.Add(["  timed", (time.TimedInstead ?? "whole batches") + string.Create(_culture,
            $", on {Compute.ThreadCount} {(Compute.ThreadCount == 1 ? "thread" : "threads")}")]);
    }

    private void AddTokens(List<string[]> rows)
    {
        TrainingOptions training = forecast.Training;
        string epochs = forecast.Epochs is double times
            ? string.Create(_culture, $"; the text has {forecast.TextTokens:N0}, so that each is seen {times:0.##} times")
            : string.Empty;
        rows.Add(["tokens", Number(forecast.Tokens) + epochs]);
        rows.Add(["  step", string.Create(_culture,
            $"{forecast.StepTokens:N0}: {training.AccumulationSteps:N0} x {training.BatchSize} rows of {forecast.Model.TargetsPerRow}")]);
    }

    private void AddWays(List<string[]> rows)
    {
        if (forecast.MissingBytes is null or 0)
        {
            return;
        }

        IReadOnlyList<MemoryFit> ways = forecast.Ways();
        string missing = Size(forecast.MissingBytes.Value);
        rows.Add(["too much", ways.Count > 0
            ? $"{missing} are missing; what fits:"
            : $"{missing} are missing, and the parameters alone are too many: take fewer --layers or less --width"]);
        rows.AddRange(ways.Select(way => new[] { $"  {Size(way.Memory.Total)}", $"{Options(way)}: {Cost(way)}" }));
    }

    private string Options(MemoryFit way)
    {
        GptConfig model = (GptConfig)forecast.Model;
        List<string> options = [];
        if (way.Model.ContextLength != model.ContextLength)
        {
            options.Add($"--context {way.Model.ContextLength}");
        }

        if (way.Model.Recompute != model.Recompute)
        {
            options.Add("--recompute");
        }

        if (way.BatchSize != forecast.Training.BatchSize)
        {
            options.Add(stepHasTokens ? $"--batch {way.BatchSize}" : $"--batch {way.BatchSize} --accumulate {way.AccumulationSteps}");
        }

        return string.Join(' ', options);
    }

    private string Cost(MemoryFit way)
        => way.Model.ContextLength != forecast.Model.ContextLength ? "another model, which sees less at once"
        : way.Model.Recompute != ((GptConfig)forecast.Model).Recompute ? "the same steps in about a third more time"
        : "the same steps";

    private static string Number(long count) => count.ToString("N0", _culture);

    private static string Size(long bytes) => bytes >= 1e9
        ? string.Create(_culture, $"{bytes / 1e9:0.0} GB")
        : string.Create(_culture, $"{bytes / 1e6:0} MB");

    private static string Duration(double seconds) => seconds switch
    {
        < 1 => string.Create(_culture, $"{seconds * 1000:0.#} ms"),
        < 120 => string.Create(_culture, $"{seconds:0.#} s"),
        < 2 * 3600 => string.Create(_culture, $"{seconds / 60:0} min"),
        < 2 * 86400 => string.Create(_culture, $"{seconds / 3600:0.0} h"),
        _ => string.Create(_culture, $"{seconds / 86400:0.0} days"),
    };
}
