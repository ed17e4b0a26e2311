using System.Globalization;

namespace Nabla.Language.Data;

/// <summary>
/// A stream of ids as windows that follow one another, so that each id is predicted in one of them; fewer ids than a window at the
/// end are left out.
/// </summary>
public sealed class WindowRows : IRowSource
{
    private readonly TokenSequence _ids;
    private readonly int _stride;

    /// <summary>Cuts a stream.</summary>
    /// <param name="ids">The stream.</param>
    /// <param name="contextLength">T, the number of ids in a window.</param>
    /// <param name="targetsPerRow">
    /// How many ids of a window a model predicts, the last ones: windows overlap by the others, which it only reads. 0 for all.
    /// </param>
    /// <exception cref="ArgumentException">A number is out of its range, or the stream has no window and an id after it.</exception>
    public WindowRows(TokenSequence ids, int contextLength, int targetsPerRow = 0)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (contextLength < 1 || targetsPerRow < 0 || targetsPerRow > contextLength || ids.Length <= contextLength)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"WindowRows: {ids.Length} tokens hold no window of context length {contextLength} with {targetsPerRow} to predict and "
                + $"the token after it: give more text, or a context length of at most {Math.Max(ids.Length - 1, 0)}."));
        }

        (_ids, ContextLength) = (ids, contextLength);
        _stride = targetsPerRow == 0 ? contextLength : targetsPerRow;
        Count = ((ids.Length - 1 - contextLength) / _stride) + 1;
    }

    /// <inheritdoc/>
    public long Count { get; }

    /// <inheritdoc/>
    public int ContextLength { get; }

    /// <inheritdoc/>
    public int Fill(long index, Span<int> x, Span<int> y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        _ids.Read(index * _stride, x[..ContextLength]);
        _ids.Read((index * _stride) + 1, y[..ContextLength]);
        return _stride;
    }
}
