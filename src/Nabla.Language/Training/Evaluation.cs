using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>The loss of a model on text that it was not trained on, in nats per token.</summary>
public static class Evaluation
{
    // Enough tokens at once to keep all threads busy, few enough that the logits stay small.
    private const int TokensAtOnce = 1024;

    // The tokens whose bytes are counted at once.
    private const int PieceOfBytes = 4096;

    // Of a model that looks through a window, a row of its length predicts one token: longer rows say more for the same reading.
    private const int TargetsOfLongRow = 32;

    /// <summary>
    /// Returns the mean loss over a whole text, cut into rows of the model's context that do not overlap, or only by the tokens
    /// before the first that a row predicts: every token but the first is predicted once.
    /// </summary>
    /// <param name="model">The model; it is put into evaluation mode for the while.</param>
    /// <param name="ids">At least two tokens.</param>
    /// <param name="batchSize">The number of rows at once; 0 lets the context decide.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="ArgumentException">There are fewer than two tokens.</exception>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public static double WholeLoss(LanguageModel model, TokenSequence ids, int batchSize = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Length < 2)
        {
            throw new ArgumentException($"A loss needs at least two tokens, one to predict the other from; there are {ids.Length}.");
        }

        if (Unpredicted(model) > 0)
        {
            return LossOfOverlappingRows(model, ids, cancellationToken);
        }

        int context = model.ContextLength;
        double sum = 0;
        batchSize = batchSize > 0 ? batchSize : Math.Max(1, TokensAtOnce / context);
        int[] read = new int[Math.Min((long)batchSize * context, ids.Length - 1) + 1];
        foreach (WindowBatch batch in SequentialWindows.Cut(ids.Length, context, batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<int> window = read.AsSpan(0, batch.TokenCount + 1);
            ids.Read(batch.Start, window);
            sum += (double)Loss(model, window[..^1], window[1..], batch.BatchSize) * batch.TokenCount;
        }

        return sum / (ids.Length - 1);
    }

    /// <summary>
    /// Returns the mean loss over a few rows spread evenly over a text, the same ones each time; over the whole text where it
    /// is no longer than they are.
    /// </summary>
    /// <param name="model">The model; it is put into evaluation mode for the while.</param>
    /// <param name="ids">At least two tokens.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="batchSize">The number of rows at once; as many as in training take no memory that training did not.</param>
    public static float Estimate(LanguageModel model, TokenSequence ids, int rows, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(ids);
        int unpredicted = Unpredicted(model);
        int length = unpredicted > 0 ? unpredicted + TargetsOfLongRow : model.ContextLength;
        if ((long)rows * (length - unpredicted) >= ids.Length - 1 || length >= ids.Length)
        {
            return (float)WholeLoss(model, ids, batchSize);
        }

        int[] x = new int[Math.Min(batchSize, rows) * length];
        int[] y = new int[x.Length];
        double sum = 0;
        for (int first = 0; first < rows; first += batchSize)
        {
            int count = Math.Min(batchSize, rows - first);
            for (int row = 0; row < count; row++)
            {
                long start = (first + row) * (ids.Length - 1 - length) / Math.Max(rows - 1, 1);
                ids.Read(start, x.AsSpan(row * length, length));
                ids.Read(start + 1, y.AsSpan(row * length, length));
            }

            sum += (double)Loss(model, x.AsSpan(0, count * length), y.AsSpan(0, count * length), count) * count;
        }

        return (float)(sum / rows);
    }

    /// <summary>Returns the mean loss over all documents of a text, each from its beginning, or over some spread evenly over it.</summary>
    /// <param name="model">The model; it is put into evaluation mode for the while.</param>
    /// <param name="documents">The documents, in rows of at most the model's context.</param>
    /// <param name="batchSize">The number of rows at once.</param>
    /// <param name="rows">The number of rows; as many as there are, or more, for all.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public static double DocumentLoss(
        LanguageModel model, DocumentRows documents, int batchSize, int rows = int.MaxValue, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(documents);
        (long all, int length) = (documents.Count, documents.ContextLength);
        rows = (int)Math.Min(rows, all);
        int[] x = new int[Math.Min(batchSize, rows) * length];
        int[] y = new int[x.Length];
        double sum = 0;
        long targets = 0;
        for (int first = 0; first < rows; first += batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(batchSize, rows - first);
            int inBatch = 0;
            for (int row = 0; row < count; row++)
            {
                long index = (first + row) * all / rows;
                inBatch += documents.Fill(index, x.AsSpan(row * length), y.AsSpan(row * length));
            }

            sum += (double)Loss(model, x.AsSpan(0, count * length), y.AsSpan(0, count * length), count) * inBatch;
            targets += inBatch;
        }

        return sum / targets;
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
    public static double BitsPerByte(double loss, ITokenizer tokenizer, TokenSequence ids, int? boundary)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(ids);
        long bytes = 0;
        int[] read = new int[PieceOfBytes];
        for (long start = 1; start < ids.Length; start += PieceOfBytes)
        {
            Span<int> piece = read.AsSpan(0, (int)Math.Min(PieceOfBytes, ids.Length - start));
            ids.Read(start, piece);
            foreach (int id in piece)
            {
                bytes += id == boundary ? 1 : tokenizer.TokenBytes(id).Length;
            }
        }

        return loss * (ids.Length - 1) / (bytes * Math.Log(2));
    }

    // The tokens at the beginning of a row that are only read.
    private static int Unpredicted(LanguageModel model) => model.ContextLength - model.Config.TargetsPerRow;

    private static double LossOfOverlappingRows(LanguageModel model, TokenSequence ids, CancellationToken cancellationToken)
    {
        // Before the text there are zeros, which the models fill their windows up with.
        int unpredicted = Unpredicted(model);
        int[] read = new int[unpredicted + TokensAtOnce + 1];
        double sum = 0;
        for (long start = 0; start < ids.Length - 1; start += TokensAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = (int)Math.Min(TokensAtOnce, ids.Length - 1 - start);
            int zeros = (int)Math.Max(unpredicted - start, 0);
            Span<int> row = read.AsSpan(0, unpredicted + count + 1);
            row[..zeros].Clear();
            ids.Read(start + zeros - unpredicted, row[zeros..]);
            sum += (double)Loss(model, row[..^1], row[1..], 1) * count;
        }

        return sum / (ids.Length - 1);
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
