namespace Nabla.Language;

/// <summary>
/// A model that predicts a token from a window of n tokens before it, always as many: in each place its own window, filled up at
/// the front with the boundary between documents, or token 0 where there is none, as in the makemore lectures.
/// </summary>
public abstract class WindowModel : LanguageModel
{
    /// <inheritdoc/>
    public abstract override WindowConfig Config { get; }

    /// <inheritdoc/>
    public override Tensor Forward(IndexTensor ids)
    {
        CheckRows(ids);
        return Logits(Windows(ids, 0)).View(ids.Shape[0], ids.Shape[1], VocabularySize);
    }

    /// <inheritdoc/>
    public override Tensor NextLogits(IndexTensor ids)
    {
        CheckRows(ids);
        return Logits(Windows(ids, ids.Shape[1] - 1));
    }

    /// <inheritdoc/>
    public override Tensor Loss(IndexTensor ids, IndexTensor targets)
    {
        CheckRows(ids);
        ArgumentNullException.ThrowIfNull(targets);
        int first = ContextLength - 1;
        return targets.Shape == ids.Shape && ids.Shape[1] > first
            ? Logits(Windows(ids, first)).CrossEntropy(targets[.., first..].View(-1))
            : throw new ShapeException($"{GetType().Name}: a loss of ids {ids.Shape} and targets {targets.Shape}; give two of one shape "
                + $"[B, T], T at least {ContextLength}.");
    }

    /// <summary>Returns the logits of the token after each window: [N, n] to [N, V].</summary>
    protected abstract Tensor Logits(IndexTensor windows);

    // The windows that end in each place from the first asked for on: [B (T - first), n].
    private IndexTensor Windows(IndexTensor ids, int first)
    {
        (int batch, int length, int size) = (ids.Shape[0], ids.Shape[1], ContextLength);
        int[] rows = ids.ToArray();
        int[] windows = new int[batch * (length - first) * size];
        Span<int> rest = windows;
        for (int row = 0; row < batch; row++)
        {
            ReadOnlySpan<int> tokens = rows.AsSpan(row * length, length);
            for (int place = first; place < length; place++)
            {
                Fill(rest[..size], tokens[Math.Max(place + 1 - size, 0)..(place + 1)]);
                rest = rest[size..];
            }
        }

        return IndexTensor.From(windows, -1, size);
    }

    private void Fill(Span<int> window, ReadOnlySpan<int> tokens)
    {
        int begin = Config.BoundaryId is int boundary ? Math.Max(tokens.LastIndexOf(boundary), 0) : 0;
        tokens = tokens[begin..];
        window[..^tokens.Length].Fill(Config.BoundaryId ?? 0);
        tokens.CopyTo(window[^tokens.Length..]);
    }
}
