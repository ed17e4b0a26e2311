namespace Nabla.Language;

/// <summary>
/// The memory that a training takes, by kind, in bytes: predicted from sizes, before anything is made. What a process really takes
/// (its peak of resident memory) is within a tenth of the sum.
/// </summary>
public sealed record TrainingMemory
{
    /// <summary>What the runtime and the library hold in a process that trains nothing.</summary>
    private const long ProcessBytes = 60L << 20;

    private const int FloatBytes = sizeof(float);

    private TrainingMemory()
    {
    }

    /// <summary>Gets the parameters.</summary>
    public required long Weights { get; init; }

    /// <summary>Gets a gradient for each parameter.</summary>
    public required long Gradients { get; init; }

    /// <summary>Gets AdamW's two means for each parameter.</summary>
    public required long Moments { get; init; }

    /// <summary>Gets what forward leaves for backward: it grows with the rows of a batch, the context, the width and the layers.</summary>
    public required long Activations { get; init; }

    /// <summary>Gets the logits that are there at once; the fused loss makes them for a block of rows at a time.</summary>
    public required long Logits { get; init; }

    /// <summary>Gets what backward holds on its way: gradients of activations, and activations that are made again.</summary>
    public required long Backward { get; init; }

    /// <summary>Gets the rest: the runtime itself, what the kernels of all threads pack their operands into, and ends of pages.</summary>
    public required long Overhead { get; init; }

    /// <summary>Gets all of it together.</summary>
    public long Total => Weights + Gradients + Moments + Activations + Logits + Backward + Overhead;

    /// <summary>Returns the memory of a training, <see cref="Total"/>; null where <see cref="Of"/> knows no prediction.</summary>
    /// <inheritdoc cref="Of"/>
    public static long? Bytes(LanguageModelConfig config, int batchSize, int accumulationSteps = 1, int? threads = null)
        => Of(config, batchSize, accumulationSteps, threads)?.Total;

    /// <summary>
    /// Predicts the memory of a training. Null for other models than GPTs: they are small, and it is quicker to take a step of one
    /// than to foretell it.
    /// </summary>
    /// <param name="config">The model, its vocabulary included.</param>
    /// <param name="batchSize">The rows of a batch.</param>
    /// <param name="accumulationSteps">The batches of a step.</param>
    /// <param name="threads">The threads to compute on; null for those of <see cref="Compute.ThreadCount"/>.</param>
    /// <exception cref="ArgumentException">The sizes make no model, or the batch or its number is below 1.</exception>
    public static TrainingMemory? Of(LanguageModelConfig config, int batchSize, int accumulationSteps = 1, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(accumulationSteps, 1);
        config.Validate();
        if (config is not GptConfig gpt)
        {
            return null;
        }

        long weights = FloatBytes * GptParameters.Of(gpt).Total;
        GptStepMemory step = GptStepMemory.Of(gpt, batchSize, accumulates: accumulationSteps > 1);
        return new TrainingMemory
        {
            Weights = weights,
            Gradients = weights,
            Moments = 2 * weights,
            Activations = step.Kept,
            Logits = step.Logits,
            Backward = step.Held - step.Kept - step.Logits,
            Overhead = ProcessBytes + PackingBytes(gpt, batchSize, threads ?? Compute.ThreadCount) + (4 * PageBytes(gpt)),
        };
    }

    // The ends of pages behind the large parameters; gradients and both moments have as much.
    private static long PageBytes(GptConfig config)
    {
        long width = config.Width;
        long block = Behind(3 * width * width) + Behind(width * width) + (2 * Behind(4 * width * width));
        long tokens = Behind(config.VocabularySize * width) * (config.TieWeights ? 1 : 2);
        return (config.LayerCount * block) + tokens + Behind(config.ContextLength * width);

        static long Behind(long floats) => MemoryLedger.Touched(FloatBytes * floats) - (FloatBytes * floats);
    }

    // Matrix products pack the smaller operand for all threads, up to 8 MB, and a strip of the other, up to 256 KB, for each; attention
    // brings the keys and values of a head together with their gradients, and works on blocks of 64 queries by 128 keys.
    private static long PackingBytes(GptConfig config, int batch, int threads)
    {
        long rows = (long)batch * config.ContextLength;
        long shared = Math.Min(2 << 20, config.Width * Math.Max(rows, 4L * config.Width));
        long own = Math.Min(64 << 10, config.Width * rows);
        long keys = config.ContextLength;
        long head = config.Width / config.HeadCount;
        long attention = (4 * keys * head) + (5 * 64 * head) + (3 * 64 * Math.Min(128, keys));
        return FloatBytes * (shared + (threads * (own + attention)));
    }
}
