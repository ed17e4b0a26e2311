using System.Text.Json;
using Nabla.Language;

namespace Nabla.Cli.Views;

/// <summary>Shows a training run as one JSON object a line on the output, for machines.</summary>
internal sealed class JsonView(Terminal terminal) : ITrainingView
{
    /// <inheritdoc/>
    public void Begin(TrainingStart start) => Write("start", json =>
    {
        json.WriteString("data", start.Data);
        json.WriteNumber("vocabulary", start.VocabularySize);
        json.WriteNumber("trainingTokens", start.TrainingTokens);
        json.WriteNumber("validationTokens", start.ValidationTokens);
        json.WriteNumber("parameters", start.ParameterCount);
        json.WriteNumber("steps", start.Config.Training.Steps);
        json.WriteNumber("firstStep", start.FirstStep);
        json.WriteNumber("threads", start.Threads);
        json.WriteString("run", start.Run);
        if (start.Config.From is string from)
        {
            json.WriteString("from", from);
        }
    });

    /// <inheritdoc/>
    public bool Watch(Func<bool> training) => training();

    /// <inheritdoc/>
    public void Report(TrainingProgress value) => Write("step", json =>
    {
        json.WriteNumber("step", value.Step);
        json.WriteNumber("loss", value.Loss);
        if (value.ValidationLoss is float loss)
        {
            json.WriteNumber("valLoss", loss);
        }

        if (value.HellaSwag is float share)
        {
            json.WriteNumber("hellaSwag", share);
        }

        json.WriteNumber("learningRate", value.LearningRate);
        json.WriteNumber("gradientNorm", value.GradientNorm);
        json.WriteNumber("seconds", value.StepTime.TotalSeconds);
        json.WriteNumber("tokensPerSecond", value.TokensPerSecond);
        if (value.Sample is not null)
        {
            json.WriteString("sample", value.Sample);
        }

        if (value.Warnings.Count > 0)
        {
            json.WriteStartArray("warnings");
            foreach (string warning in value.Warnings)
            {
                json.WriteStringValue(warning);
            }

            json.WriteEndArray();
        }
    });

    /// <inheritdoc/>
    public void Interrupted(int step, string run) => Write("interrupted", json =>
    {
        json.WriteNumber("step", step);
        json.WriteString("run", run);
    });

    /// <inheritdoc/>
    public void End(TrainingSummary summary) => Write("done", json =>
    {
        json.WriteNumber("valLoss", summary.ValidationLoss);
        json.WriteNumber("measuredTokens", summary.MeasuredTokens);
        json.WriteNumber("bitsPerByte", summary.BitsPerByte);
        if (summary.BigramLoss is double bigrams)
        {
            json.WriteNumber("bigramLoss", bigrams);
        }

        if (summary.BestEstimate is float best)
        {
            json.WriteNumber("bestEstimate", best);
            json.WriteNumber("bestStep", summary.BestStep);
        }

        json.WriteNumber("seconds", summary.Time.TotalSeconds);
        json.WriteNumber("tokensPerSecond", summary.TokensPerSecond);
    });

    /// <inheritdoc/>
    public void Samples(IEnumerable<string> samples, IReadOnlySet<string>? known)
    {
        foreach (string sample in samples)
        {
            Write("sample", json =>
            {
                json.WriteString("text", sample);
                if (known is not null)
                {
                    json.WriteBoolean("isNew", !known.Contains(sample));
                }
            });
        }
    }

    private void Write(string name, Action<Utf8JsonWriter> content) => JsonLine.Write(terminal.Output, json =>
    {
        json.WriteString("event", name);
        content(json);
    });
}
