using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>The loss of a model on text that it was not trained on, in nats per token.</summary>
public static class Evaluation
{
    // Enough tokens at once to keep all threads busy, few enough that the logits stay small.
    private const int TokensAtOnce = 1024;

    /// <summary>
    /// Returns the mean loss over a whole text, cut into windows of the model's context that do not overlap: every token but the
    /// first is predicted once.
    /// </summary>
    /// <param name="model">The model; it is put into evaluation mode for the while.</param>
    /// <param name="ids">At least two tokens.</param>
    /// <param name="batchSize">The number of windows at once; 0 lets the context decide.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="ArgumentException">There are fewer than two tokens.</exception>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public static double WholeLoss(LanguageModel model, ReadOnlySpan<int> ids, int batchSize = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (ids.Length < 2)
        {
            throw new ArgumentException($"A loss needs at least two tokens, one to predict the other from; there are {ids.Length}.");
        }

        int context = model.ContextLength;
        double sum = 0;
        batchSize = batchSize > 0 ? batchSize : Math.Max(1, TokensAtOnce / context);
        foreach (WindowBatch batch in SequentialWindows.Cut(ids.Length, context, batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            sum += (double)Loss(model, batch.Inputs(ids), batch.Targets(ids), batch.BatchSize) * batch.TokenCount;
        }

        return sum / (ids.Length - 1);
    }

    /// <summary>
    /// Returns the mean loss over a few windows spread evenly over a text, the same ones each time; over the whole text where it
    /// is no longer than they are.
    /// </summary>
    /// <param name="model">The model; it is put into evaluation mode for the while.</param>
    /// <param name="ids">At least two tokens.</param>
    /// <param name="windows">The number of windows.</param>
    /// <param name="batchSize">The number of windows at once; as many as in training take no memory that training did not.</param>
    public static float Estimate(LanguageModel model, ReadOnlySpan<int> ids, int windows, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(model);
        int context = model.ContextLength;
        if ((long)windows * context >= ids.Length - 1)
        {
            return (float)WholeLoss(model, ids, batchSize);
        }

        int[] x = new int[Math.Min(batchSize, windows) * context];
        int[] y = new int[x.Length];
        double sum = 0;
        for (int window = 0; window < windows; window += batchSize)
        {
            int rows = Math.Min(batchSize, windows - window);
            for (int row = 0; row < rows; row++)
            {
                int start = (int)((long)(window + row) * (ids.Length - 1 - context) / Math.Max(windows - 1, 1));
                ids.Slice(start, context).CopyTo(x.AsSpan(row * context));
                ids.Slice(start + 1, context).CopyTo(y.AsSpan(row * context));
            }

            sum += (double)Loss(model, x.AsSpan(0, rows * context), y.AsSpan(0, rows * context), rows) * rows;
        }

        return (float)(sum / windows);
    }

    /// <summary>
    /// Returns a mean loss in bits per byte of the text, which compares models of different tokenizers: a token of five bytes is
    /// harder to predict than one of one, and its loss per token higher though the model may be better.
    /// </summary>
    /// <param name="loss">The mean loss in nats per token over every token of the text but the first.</param>
    /// <param name="tokenizer">What the tokens mean.</param>
    /// <param name="ids">The text.</param>
    /// <param name="boundary">
    /// The token between documents, which counts as one byte, as the line break in a list does; null where there is none.
    /// </param>
    public static double BitsPerByte(double loss, ITokenizer tokenizer, ReadOnlySpan<int> ids, int? boundary)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        long bytes = 0;
        foreach (int id in ids[1..])
        {
            bytes += id == boundary ? 1 : tokenizer.TokenBytes(id).Length;
        }

        return loss * (ids.Length - 1) / (bytes * Math.Log(2));
    }

    private static float Loss(LanguageModel model, ReadOnlySpan<int> x, ReadOnlySpan<int> y, int rows)
    {
        bool wasTraining = model.IsTraining;
        model.Eval();
        try
        {
            using (Tensor.NoGrad())
            using (MemoryScope.Begin())
            {
                return model.Loss(IndexTensor.From(x, rows, -1), IndexTensor.From(y, rows, -1)).Item();
            }
        }
        finally
        {
            model.Train(wasTraining);
        }
    }
}
