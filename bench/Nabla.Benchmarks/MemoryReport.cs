using System.Globalization;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Optim;
using Nabla.Tokenizers;

namespace Nabla.Benchmarks;

/// <summary>
/// Trains the Shakespeare-sized GPT and prints a line a step: its number, the resident bytes, the collections of the oldest
/// generation so far, and the managed bytes that the step allocated. A process of its own, so that what it measures is its own.
/// </summary>
internal static class MemoryReport
{
    private static readonly GptConfig _model = new()
    {
        VocabularySize = 65,
        ContextLength = 64,
        LayerCount = 4,
        HeadCount = 4,
        Width = 128,
    };

    /// <summary>Trains by the trainer, which opens a scope around each step, or in a lesson's plain loop, which does not.</summary>
    public static void Run(bool plainLoop, int steps)
    {
        int[] ids = new int[100_000];
        new RandomGenerator(1).Integers(ids, 0, _model.VocabularySize);
        Probe probe = new();
        if (plainLoop)
        {
            TrainPlainly(ids, steps, probe);
            return;
        }

        TextDataset data = new("random", new CharacterTokenizer([new('a')]), ids, ids.AsMemory(0, 10_000), "random");
        TrainingOptions options = new() { Steps = steps, BatchSize = 12, EvaluationInterval = 100 };
        new Trainer(_model, data, options).Run(probe);
    }

    private static void TrainPlainly(int[] ids, int steps, Probe probe)
    {
        Gpt model = new(_model, new RandomGenerator(2));
        AdamW optimizer = new(model.Parameters(), 1e-3f);
        BatchSampler batches = new(ids, 12, _model.ContextLength, new RandomGenerator(3));
        int[] x = new int[12 * _model.ContextLength];
        int[] y = new int[12 * _model.ContextLength];
        for (int step = 0; step < steps; step++)
        {
            batches.Next(x, y);
            Tensor loss = model.Loss(IndexTensor.From(x, 12, -1), IndexTensor.From(y, 12, -1));
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            probe.Note(step);
        }
    }

    private sealed class Probe : IProgress<TrainingProgress>
    {
        private readonly char[] _line = new char[100];
        private long _allocated = GC.GetAllocatedBytesForCurrentThread();

        public void Report(TrainingProgress value) => Note(value.Step);

        public void Note(int step)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread() - _allocated;
            _line.AsSpan().TryWrite(
                CultureInfo.InvariantCulture,
                $"{step} {Environment.WorkingSet} {GC.CollectionCount(2)} {allocated}",
                out int length);
            Console.Out.WriteLine(_line.AsSpan(0, length));
            _allocated = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}
