using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Benchmarks;

/// <summary>
/// A training as llm.c's program for CPUs (https://github.com/karpathy/llm.c) has it: AdamW at 1e-4 with betas 0.9 and 0.999,
/// neither weight decay nor clipping. Every step takes the same batch, since that program shuffles those it is given.
/// </summary>
internal static class LlmcTraining
{
    // More than there are steps: the program's loader need not come to the end of its file.
    private const int Batches = 100;

    /// <summary>Returns the options.</summary>
    public static TrainingOptions Options(TrainPreset preset) => new()
    {
        Steps = int.MaxValue,
        BatchSize = preset.Batch,
        Order = BatchOrder.Sequential,
        LearningRate = 1e-4f,
        WarmupSteps = 0,
        Schedule = RateSchedule.Constant,
        WeightDecay = 0,
        Beta1 = 0.9,
        Beta2 = 0.999,
        ClipNorm = 0,
        EvaluationInterval = 0,
    };

    /// <summary>Returns data of a single batch: B * T random tokens, and after the last the first again.</summary>
    public static TextDataset Data(TrainPreset preset)
    {
        int[] ids = new int[preset.Tokens + 1];
        new RandomGenerator(1).Integers(ids, 0, preset.Model.VocabularySize);
        ids[^1] = ids[0];
        return new TextDataset("random", new CharacterTokenizer([new('a')]), ids, ids, "random");
    }

    /// <summary>Writes what the program begins with, where it looks for it, to a temporary folder, and returns that.</summary>
    public static string[] Share(TrainPreset preset)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"nabla-compare-{Environment.ProcessId}-llmc");
        string data = Path.Combine(folder, "dev", "data", "tinyshakespeare");
        Directory.CreateDirectory(data);
        Gpt model = new(preset.Model, new RandomGenerator(Options(preset).Seed));
        LlmcCheckpoint.Save(Path.Combine(folder, "gpt2_124M.bin"), model);
        int[] ids = Data(preset).TrainingIds.ToArray();
        foreach (string split in new[] { "train", "val" })
        {
            string path = Path.Combine(data, $"tiny_shakespeare_{split}.bin");
            using TokenShardWriter writer = new(path, TokenShardFormat.Bin, sizeof(ushort));
            for (int batch = 0; batch < Batches; batch++)
            {
                writer.Append(ids.AsSpan(0, preset.Tokens));
            }

            writer.Append([ids[0]]);
            writer.Commit();
        }

        return [folder];
    }
}
