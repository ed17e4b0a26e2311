namespace Nabla.Language;

/// <summary>A way to train the same model in less memory.</summary>
/// <param name="Model">The model, which may recompute or see fewer tokens at once.</param>
/// <param name="BatchSize">The rows of a batch.</param>
/// <param name="AccumulationSteps">The batches of a step.</param>
/// <param name="Memory">What it takes.</param>
public sealed record MemoryFit(GptConfig Model, int BatchSize, int AccumulationSteps, TrainingMemory Memory)
{
    /// <summary>
    /// Returns the ways that fit, those that change least first: smaller batches, more of them, which leaves every step as it is;
    /// recomputation, which takes a third more time; both; and half the context or less, which is another model.
    /// </summary>
    /// <param name="config">The model.</param>
    /// <param name="batchSize">The rows of a batch.</param>
    /// <param name="accumulationSteps">The batches of a step.</param>
    /// <param name="bytes">The memory that there is.</param>
    /// <returns>Nothing where even one row of little context is too much: the parameters are too many.</returns>
    public static IReadOnlyList<MemoryFit> Ways(GptConfig config, int batchSize, int accumulationSteps, long bytes)
    {
        ArgumentNullException.ThrowIfNull(config);
        List<MemoryFit> ways = [];
        int rows = batchSize * accumulationSteps;
        AddLargestBatch(config, batchSize - 1);
        if (!config.Recompute)
        {
            GptConfig again = config with { Recompute = true };
            Add(again, batchSize);
            if (ways.Count == 0)
            {
                AddLargestBatch(again, batchSize - 1);
            }
        }

        for (int context = config.ContextLength / 2; ways.Count == 0 && context >= 1; context /= 2)
        {
            AddLargestBatch(config with { ContextLength = context, Recompute = true }, batchSize);
        }

        return ways;

        void AddLargestBatch(GptConfig model, int most)
        {
            for (int batch = most, found = ways.Count; batch >= 1 && ways.Count == found; batch--)
            {
                if (rows % batch == 0)
                {
                    Add(model, batch);
                }
            }
        }

        void Add(GptConfig model, int batch)
        {
            TrainingMemory memory = TrainingMemory.Of(model, batch, rows / batch)!;
            if (memory.Total <= bytes)
            {
                ways.Add(new MemoryFit(model, batch, rows / batch, memory));
            }
        }
    }
}
