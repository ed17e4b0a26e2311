using System.Diagnostics;
using System.Globalization;
using Nabla.Language;

namespace Nabla.Cli.Views;

/// <summary>Shows a training run as lines that stay: for pipes and log files.</summary>
internal class LinesView(Terminal terminal) : ITrainingView
{
    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;
    private static readonly TimeSpan _longestSilence = TimeSpan.FromSeconds(10);

    private long _lastLine;
    private bool _isFirst = true;

    /// <summary>Gets where the lines go.</summary>
    protected Terminal Terminal { get; } = terminal;

    /// <inheritdoc/>
    public void Begin(TrainingStart start)
    {
        (LanguageModelConfig model, TrainingOptions training) = (start.Config.Model, start.Config.Training);
        Line("data", string.Create(_culture,
            $"{start.Data}: {start.TrainingTokens:N0} tokens to learn from, {start.ValidationTokens:N0} to validate on, "
            + $"{start.VocabularySize:N0} different"));
        Line("model", string.Create(_culture,
            $"{model.Describe()}: {start.ParameterCount:N0} parameters"
            + $"{(model.VocabularySize > start.VocabularySize ? $", vocabulary padded to {model.VocabularySize:N0}" : string.Empty)}"));
        if (start.Config.From is string from)
        {
            string frozen = training.FrozenTokens > 0
                ? string.Create(_culture, $"; only the rows of the tokens from {training.FrozenTokens} on are trained")
                : string.Empty;
            Line("from", from + frozen);
        }

        string accumulated = training.AccumulationSteps > 1
            ? string.Create(_culture, $"{training.AccumulationSteps} x ")
            : string.Empty;
        Line("training", string.Create(_culture,
            $"{training.Steps:N0} steps of {accumulated}{training.BatchSize} x {model.TargetsPerRow} tokens, "
            + $"{start.Threads} {(start.Threads == 1 ? "thread" : "threads")}"
            + $"{(start.FirstStep > 0 ? string.Create(_culture, $", from step {start.FirstStep:N0} on") : string.Empty)}"));
        Line("run", start.Run);
    }

    /// <inheritdoc/>
    public virtual bool Watch(Func<bool> training) => training();

    /// <inheritdoc/>
    public virtual void Report(TrainingProgress value)
    {
        foreach (string warning in value.Warnings)
        {
            Terminal.Error.WriteLine($"warning: {warning}");
        }

        if (value.Sample is not null)
        {
            Terminal.Error.WriteLine(SampleText(value));
        }

        bool isLast = value.Step + 1 == value.Steps;
        if (_isFirst || isLast || value.ValidationLoss is not null || Stopwatch.GetElapsedTime(_lastLine) > _longestSilence)
        {
            _isFirst = false;
            _lastLine = Stopwatch.GetTimestamp();
            string validation = value.ValidationLoss is float loss
                ? string.Create(_culture, $", validation {loss:F4}")
                : string.Empty;
            Terminal.Error.WriteLine(string.Create(_culture,
                $"step {value.Step + 1:N0}/{value.Steps:N0}: loss {value.Loss:F4}{validation}{Answers(value)}, "
                + $"norm {value.GradientNorm:G3}, learning rate {value.LearningRate:0.0e-0}, {Duration(value.StepTime)}, "
                + $"{value.TokensPerSecond:N0} tokens/s"));
        }
    }

    /// <inheritdoc/>
    public void Interrupted(int step, string run) => Terminal.Error.WriteLine(string.Create(_culture,
        $"Stopped at step {step:N0}, with everything saved. Go on with: nabla train --resume {run}"));

    /// <inheritdoc/>
    public void End(TrainingSummary summary)
    {
        string best = summary.BestEstimate is float loss
            ? string.Create(_culture, $" (best estimate {loss:F4} at step {summary.BestStep:N0})")
            : string.Empty;
        string measured = summary.MeasuredTokens < summary.ValidationTokens
            ? string.Create(_culture, $"first {summary.MeasuredTokens:N0} of {summary.ValidationTokens:N0} tokens of the validation split")
            : "whole validation split";
        Line("loss", string.Create(_culture, $"{summary.ValidationLoss:F4} nats per token on the {measured}{best}"));
        Line("bytes", string.Create(_culture, $"{summary.BitsPerByte:F4} bits per byte of it, whatever the tokenizer"));
        if (summary.BigramLoss is double bigrams)
        {
            Line("bigrams", string.Create(_culture, $"{bigrams:F4} nats per token, counted, on the same split"));
        }

        Line("time", string.Create(_culture, $"{summary.Time.TotalSeconds:F1} s, {summary.TokensPerSecond:N0} tokens/s"));
    }

    /// <inheritdoc/>
    public void Samples(IEnumerable<string> samples, IReadOnlySet<string>? known)
    {
        int count = 0;
        int unknown = 0;
        if (Terminal.IsInteractive)
        {
            Terminal.Error.WriteLine();
        }

        foreach (string sample in samples)
        {
            Terminal.Output.WriteLine(sample);
            count++;
            unknown += known?.Contains(sample) == false ? 1 : 0;
        }

        if (known is not null)
        {
            Terminal.Error.WriteLine(string.Create(_culture, $"{unknown} of {count} are not in the list"));
        }
    }

    /// <summary>Returns a sample of the model as it learns, on one line where it is a list of words.</summary>
    protected static string SampleText(TrainingProgress value) => string.Create(_culture,
        $"sample at step {value.Step + 1:N0}: {value.Sample?.Trim().ReplaceLineEndings(" | ")}");

    /// <summary>Returns how many of its questions the model answers rightly, after a comma; empty where it was not asked.</summary>
    protected static string Answers(TrainingProgress value)
        => value.HellaSwag is float share ? string.Create(_culture, $", HellaSwag {100 * share:F2} %") : string.Empty;

    /// <summary>Returns how long a step took, in a unit that suits it.</summary>
    protected static string Duration(TimeSpan time) => time.TotalSeconds >= 10
        ? string.Create(_culture, $"{time.TotalSeconds:N1} s")
        : string.Create(_culture, $"{time.TotalMilliseconds:N1} ms");

    private void Line(string title, string text) => Terminal.Error.WriteLine($"{title,-9} {text}");
}
