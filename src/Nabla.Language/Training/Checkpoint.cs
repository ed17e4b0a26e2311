using System.Globalization;
using Nabla.IO;
using Nabla.Language.Data;

namespace Nabla.Language;

/// <summary>
/// A trainer's whole state in one safetensors file: the model's parameters and buffers under their own names, the optimiser's under
/// <c>optimizer.</c>, and the counters and generator states in the metadata. One file, replaced whole, is never half of two states.
/// </summary>
internal static class Checkpoint
{
    private const string OptimizerPrefix = "optimizer.";
    private const string Step = "step";
    private const string OptimizerSteps = "optimizerSteps";
    private const string BatchRandom = "batchRandom";
    private const string BatchPosition = "batchPosition";
    private const string DropoutRandom = "dropoutRandom";

    /// <summary>Writes the state.</summary>
    public static void Write(string path, Trainer trainer)
    {
        IEnumerable<KeyValuePair<string, Tensor>> moments = trainer.Optimizer.State
            .Select(pair => KeyValuePair.Create(OptimizerPrefix + pair.Key, pair.Value));
        Dictionary<string, string> metadata = new()
        {
            ["format"] = "nabla-checkpoint-1",
            [Step] = trainer.Step.ToString(CultureInfo.InvariantCulture),
            [OptimizerSteps] = trainer.Optimizer.StepCount.ToString(CultureInfo.InvariantCulture),
            [BatchRandom] = Convert.ToBase64String(trainer.BatchRandom.GetState().ToBytes()),
            [DropoutRandom] = Convert.ToBase64String(trainer.DropoutRandom.GetState().ToBytes()),
        };
        if (trainer.Batches is IOrderedBatches ordered)
        {
            metadata[BatchPosition] = ordered.Position.ToString(CultureInfo.InvariantCulture);
        }

        SafetensorsFile.Write(path, trainer.Model.StateDict().Concat(moments), metadata);
    }

    /// <summary>Sets a trainer to a written state.</summary>
    public static void Read(string path, Trainer trainer)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        int step = (int)Number(file, path, Step);
        if (step > trainer.Options.Steps)
        {
            throw new TensorFileException($"{path}: its step {step} is past the run's {trainer.Options.Steps} steps; it belongs to another run.");
        }

        long optimizerSteps = Number(file, path, OptimizerSteps);
        RandomState batches = Random(file, path, BatchRandom);
        RandomState dropout = Random(file, path, DropoutRandom);
        if (trainer.Batches is IOrderedBatches ordered)
        {
            SetPosition(path, ordered, Whole(file, path, BatchPosition));
        }

        ReadParameters(file, trainer.Model);
        try
        {
            trainer.Optimizer.LoadState(ReadMoments(file, trainer), optimizerSteps);
        }
        catch (ArgumentException error)
        {
            throw new TensorFileException($"{path}: {error.Message}", error);
        }

        trainer.BatchRandom.SetState(batches);
        trainer.DropoutRandom.SetState(dropout);
        trainer.Step = step;
    }

    /// <summary>Returns the number of steps that a written state comes after.</summary>
    public static int StepOf(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return (int)Number(file, path, Step);
    }

    /// <summary>Reads the parameters alone.</summary>
    public static void ReadModel(string path, LanguageModel model)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        ReadParameters(file, model);
    }

    private static void ReadParameters(SafetensorsFile file, LanguageModel model)
    {
        foreach ((string name, Tensor tensor) in model.StateDict())
        {
            file.ReadInto(name, tensor);
        }
    }

    // Into the optimiser's own tensors: copies of them would be half of all that a resumed run holds. What does not fit there is read
    // all the same, for the optimiser to say why.
    private static Dictionary<string, Tensor> ReadMoments(SafetensorsFile file, Trainer trainer)
    {
        Dictionary<string, Tensor> own = trainer.Optimizer.State.ToDictionary();
        Dictionary<string, Tensor> moments = [];
        foreach (SafetensorsEntry entry in file.Entries.Where(entry => entry.Name.StartsWith(OptimizerPrefix, StringComparison.Ordinal)))
        {
            string name = entry.Name[OptimizerPrefix.Length..];
            if (own.TryGetValue(name, out Tensor? moment) && moment.Shape == entry.Shape)
            {
                file.ReadInto(entry.Name, moment);
            }
            else
            {
                moment = file.ReadTensor(entry.Name);
            }

            moments.Add(name, moment);
        }

        return moments;
    }

    private static void SetPosition(string path, IOrderedBatches batches, long position)
    {
        try
        {
            batches.Position = position;
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new TensorFileException($"{path}: the place {position} is none of the run's batches; it belongs to another run.", error);
        }
    }

    private static long Whole(SafetensorsFile file, string path, string key)
        => long.TryParse(Entry(file, path, key), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new TensorFileException($"{path}: the metadata entry '{key}' is not a whole number; the file is no checkpoint of Nabla's.");

    private static long Number(SafetensorsFile file, string path, string key)
        => long.TryParse(Entry(file, path, key), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= int.MaxValue
            ? number
            : throw new TensorFileException($"{path}: the metadata entry '{key}' is not a number of steps; the file is no checkpoint of Nabla's.");

    private static RandomState Random(SafetensorsFile file, string path, string key)
    {
        try
        {
            return RandomState.FromBytes(Convert.FromBase64String(Entry(file, path, key)));
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new TensorFileException($"{path}: the metadata entry '{key}' is no generator state: {error.Message}", error);
        }
    }

    private static string Entry(SafetensorsFile file, string path, string key) => file.Metadata.TryGetValue(key, out string? value)
        ? value
        : throw new TensorFileException($"{path}: the metadata entry '{key}' is missing; the file is no checkpoint of Nabla's.");
}
