using System.Globalization;
using System.Text.Json;
using Nabla.IO;

namespace Nabla.Cli.Training;

/// <summary>How far a run is, in words.</summary>
internal sealed record RunProgress(string Checkpoint, string LastStep, string LastValidation)
{
    private const string Nothing = "none yet";

    /// <summary>Reads it from the run's checkpoint and log.</summary>
    /// <exception cref="TensorFileException">The checkpoint is corrupt.</exception>
    public static RunProgress Read(string folder, bool hasCheckpoint)
    {
        string checkpoint = Nothing;
        if (hasCheckpoint)
        {
            using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "checkpoint.safetensors"));
            checkpoint = file.Metadata.TryGetValue("step", out string? step) ? $"after step {step}" : "of another program";
        }

        (string last, string validation) = (Nothing, Nothing);
        string log = Path.Combine(folder, "metrics.jsonl");
        foreach (string line in File.Exists(log) ? File.ReadLines(log) : [])
        {
            // The last line may have been cut off by a crash.
            if (!line.EndsWith('}'))
            {
                break;
            }

            using JsonDocument json = JsonDocument.Parse(line);
            int step = json.RootElement.GetProperty("step").GetInt32() + 1;
            last = Loss(step, json.RootElement.GetProperty("loss"));
            validation = json.RootElement.TryGetProperty("valLoss", out JsonElement loss) ? Loss(step, loss) : validation;
        }

        return new RunProgress(checkpoint, last, validation);
    }

    private static string Loss(int step, JsonElement loss)
        => string.Create(CultureInfo.InvariantCulture, $"{step:N0}, loss {loss.GetDouble():F4}");
}
