using System.Globalization;
using Nabla.IO;
using Nabla.Language;

namespace Nabla.Cli.Training;

/// <summary>How far a run is, in words.</summary>
internal sealed record RunProgress(string Checkpoint, string LastStep, string LastValidation)
{
    private const string Nothing = "none yet";

    /// <summary>Reads it from the run's checkpoint and log.</summary>
    /// <exception cref="TensorFileException">The checkpoint is corrupt.</exception>
    /// <exception cref="InvalidRunException">A line of the log is not that of a step.</exception>
    public static RunProgress Read(RunDirectory run)
    {
        string checkpoint = Nothing;
        if (run.CheckpointPath is string path)
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            checkpoint = file.Metadata.TryGetValue("step", out string? step) ? $"after step {step}" : "of another program";
        }

        (string last, string validation) = (Nothing, Nothing);
        foreach (StepMetrics metrics in run.ReadMetrics())
        {
            last = Loss(metrics.Step, metrics.Loss);
            validation = metrics.ValidationLoss is float loss ? Loss(metrics.Step, loss) : validation;
        }

        return new RunProgress(checkpoint, last, validation);
    }

    private static string Loss(int step, float loss)
        => string.Create(CultureInfo.InvariantCulture, $"{step + 1:N0}, loss {loss:F4}");
}
