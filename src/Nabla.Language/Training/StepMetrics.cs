using System.Text.Json;

namespace Nabla.Language;

/// <summary>What a run's log says of one step.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Loss">The training loss of its batch, in nats per token.</param>
/// <param name="ValidationLoss">The validation loss after it, where it was measured, in nats per token.</param>
/// <param name="LearningRate">The learning rate that it was taken with.</param>
/// <param name="GradientNorm">The norm of all gradients together, before they were clipped.</param>
public readonly record struct StepMetrics(int Step, float Loss, float? ValidationLoss, float LearningRate, float GradientNorm)
{
    /// <summary>
    /// Gets the share of HellaSwag's questions that the model answers rightly after it, by the mean, where it was asked.
    /// </summary>
    public float? HellaSwag { get; init; }

    /// <summary>Gets what else the step showed, where it was watched.</summary>
    public StepWatch? Watch { get; init; }

    /// <summary>Reads a line of a log; null where it is not that of a step.</summary>
    internal static StepMetrics? Parse(ReadOnlyMemory<char> line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement step = json.RootElement;
            return new StepMetrics(
                step.GetProperty("step"u8).GetInt32(),
                step.GetProperty("loss"u8).GetSingle(),
                step.TryGetProperty("valLoss"u8, out JsonElement loss) ? loss.GetSingle() : null,
                step.GetProperty("learningRate"u8).GetSingle(),
                step.GetProperty("gradientNorm"u8).GetSingle())
            {
                HellaSwag = step.TryGetProperty("hellaSwag"u8, out JsonElement share) ? share.GetSingle() : null,
                Watch = step.TryGetProperty("watch"u8, out JsonElement watch) ? StepWatch.Read(watch) : null,
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Writes it as the line of a log.</summary>
    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("step"u8, Step);
        json.WriteNumber("loss"u8, Loss);
        if (ValidationLoss is float measured)
        {
            json.WriteNumber("valLoss"u8, measured);
        }

        if (HellaSwag is float share)
        {
            json.WriteNumber("hellaSwag"u8, share);
        }

        json.WriteNumber("learningRate"u8, LearningRate);
        json.WriteNumber("gradientNorm"u8, GradientNorm);
        if (Watch is not null)
        {
            json.WriteStartObject("watch"u8);
            Watch.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
