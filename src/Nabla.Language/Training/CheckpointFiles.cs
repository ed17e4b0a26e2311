using System.Globalization;

namespace Nabla.Language;

/// <summary>
/// The checkpoints in a run's folder: <c>checkpoint.safetensors</c> is the last, and <c>checkpoint-00005000.safetensors</c> one
/// before it that is kept under the number of its step.
/// </summary>
internal sealed class CheckpointFiles(string folder)
{
    private const string LastName = "checkpoint.safetensors";

    // Written beside the last one before that gives up its name, and never read.
    private const string NextName = "checkpoint-next.safetensors";

    /// <summary>Gets the path of the newest checkpoint; null while there is none.</summary>
    public string? Latest => File.Exists(Last) ? Last : Kept().LastOrDefault();

    private string Last => Path.Combine(folder, LastName);

    /// <summary>Writes a trainer's state; a crash at any moment leaves the checkpoint before it, at the least.</summary>
    /// <exception cref="IOException">The disk is full; the checkpoint before is untouched.</exception>
    public void Save(Trainer trainer)
    {
        int keep = trainer.Options.KeepCheckpoints;
        if (keep == 0 || !File.Exists(Last) || Checkpoint.StepOf(Last) == trainer.Step)
        {
            Checkpoint.Write(Last, trainer);
            return;
        }

        string next = Path.Combine(folder, NextName);
        Checkpoint.Write(next, trainer);
        string name = string.Create(CultureInfo.InvariantCulture, $"checkpoint-{Checkpoint.StepOf(Last):D8}.safetensors");
        File.Move(Last, Path.Combine(folder, name), overwrite: true);
        File.Move(next, Last);
        foreach (string old in Kept().SkipLast(keep))
        {
            File.Delete(old);
        }
    }

    // In order of their steps.
    private string[] Kept()
        => [.. Directory.EnumerateFiles(folder, "checkpoint-????????.safetensors").Where(IsNumbered).Order(StringComparer.Ordinal)];

    private static bool IsNumbered(string path)
        => Path.GetFileNameWithoutExtension(path)["checkpoint-".Length..].All(char.IsAsciiDigit);
}
