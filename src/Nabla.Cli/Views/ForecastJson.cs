using System.Text.Json;
using Nabla.Language;

namespace Nabla.Cli.Views;

/// <summary>A forecast as one JSON object, for machines: bytes, seconds and counts. What is not known is null.</summary>
internal static class ForecastJson
{
    /// <summary>Writes it on one line.</summary>
    public static void Write(TextWriter output, TrainingForecast forecast) => JsonLine.Write(output, json =>
    {
        json.WriteString("model", forecast.Model.Describe());
        json.WriteNumber("vocabulary", forecast.Model.VocabularySize);
        WriteParts(
            json,
            "parameters",
            forecast.Parameters is { } parameters ? ForecastParts.Of(parameters) : [],
            forecast.ParameterCount);
        WriteMemory(json, forecast);
        WriteTime(json, forecast);
        WriteTokens(json, forecast);
        WriteNumber(json, "expectedLoss", forecast.Loss.Loss);
        json.WriteString("expectedLossFrom", forecast.Loss.Reason);
        WriteWays(json, forecast);
    });

    private static void WriteMemory(Utf8JsonWriter json, TrainingForecast forecast)
    {
        if (forecast.Memory is { } memory)
        {
            WriteParts(json, "memory", ForecastParts.Of(memory), memory.Total);
        }
        else
        {
            json.WriteNull("memory");
        }

        json.WriteNumber("availableMemory", forecast.AvailableBytes);
    }

    private static void WriteTime(Utf8JsonWriter json, TrainingForecast forecast)
    {
        if (forecast.Time is not StepTime time)
        {
            json.WriteNull("time");
            return;
        }

        json.WriteStartObject("time");
        json.WriteNumber("batch", time.Batch);
        json.WriteNumber("update", time.Update);
        json.WriteNumber("step", time.Step(forecast.Training));
        json.WriteNumber("total", time.All(forecast.Training));
        json.WriteNumber("tokensPerSecond", forecast.TokensPerSecond!.Value);
        json.WriteNumber("threads", Compute.ThreadCount);
        json.WriteString("timedInstead", time.TimedInstead);
        json.WriteEndObject();
    }

    private static void WriteTokens(Utf8JsonWriter json, TrainingForecast forecast)
    {
        json.WriteStartObject("tokens");
        json.WriteNumber("steps", forecast.Training.Steps);
        json.WriteNumber("batch", forecast.Training.BatchSize);
        json.WriteNumber("accumulate", forecast.Training.AccumulationSteps);
        json.WriteNumber("perStep", forecast.StepTokens);
        json.WriteNumber("total", forecast.Tokens);
        WriteNumber(json, "inText", forecast.TextTokens);
        WriteNumber(json, "epochs", forecast.Epochs);
        json.WriteEndObject();
    }

    private static void WriteWays(Utf8JsonWriter json, TrainingForecast forecast)
    {
        WriteNumber(json, "missingMemory", forecast.MissingBytes);
        json.WriteStartArray("whatFits");
        foreach (MemoryFit way in forecast.Ways())
        {
            json.WriteStartObject();
            json.WriteNumber("batch", way.BatchSize);
            json.WriteNumber("accumulate", way.AccumulationSteps);
            json.WriteBoolean("recompute", way.Model.Recompute);
            json.WriteNumber("context", way.Model.ContextLength);
            json.WriteNumber("memory", way.Memory.Total);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteParts(Utf8JsonWriter json, string name, IReadOnlyList<(string Name, long Value)> parts, long total)
    {
        json.WriteStartObject(name);
        foreach ((string part, long value) in parts)
        {
            json.WriteNumber(part, value);
        }

        json.WriteNumber("total", total);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is double number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
