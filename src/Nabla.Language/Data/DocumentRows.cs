using System.Globalization;

namespace Nabla.Language.Data;

/// <summary>
/// The documents of a stream of ids as rows of a batch, as makemore has its words: a row is the boundary, one document and the
/// boundary again as often as it takes to fill the row, of which only the first is a target. A document longer than a row goes on
/// in further rows. So each id of the stream but the first is a target in exactly one row.
/// </summary>
public sealed class DocumentRows
{
    /// <summary>The target of places that predict nothing: what <see cref="Tensor.CrossEntropy"/> ignores.</summary>
    public const int NoTarget = -100;

    private readonly ReadOnlyMemory<int> _ids;
    private readonly int _boundaryId;
    private readonly List<(int Start, int Count)> _rows = [];

    /// <summary>Finds the documents.</summary>
    /// <param name="ids">The stream, with a boundary before each document.</param>
    /// <param name="contextLength">T, the number of ids in a row.</param>
    /// <param name="boundaryId">The id between documents.</param>
    /// <exception cref="ArgumentException">T is not positive, or the stream has fewer than two ids.</exception>
    public DocumentRows(ReadOnlyMemory<int> ids, int contextLength, int boundaryId)
    {
        if (contextLength < 1 || ids.Length < 2)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"DocumentRows: {ids.Length} tokens make no rows of {contextLength}: give at least two tokens, and rows of at least one."));
        }

        (_ids, _boundaryId, ContextLength) = (ids, boundaryId, contextLength);
        int last = ids.Length - 1;
        for (int start = 0; start < last;)
        {
            int next = ids.Span[(start + 1)..].IndexOf(boundaryId);
            int end = Math.Min(next < 0 ? last : start + 1 + next, start + contextLength);
            _rows.Add((start, end - start));
            start = end;
        }
    }

    /// <summary>Gets T, the number of ids in a row.</summary>
    public int ContextLength { get; }

    /// <summary>Gets the number of rows.</summary>
    public int Count => _rows.Count;

    /// <summary>Gets the number of targets in all rows together.</summary>
    public int TargetCount => _ids.Length - 1;

    /// <summary>Fills a row.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="x">The inputs, T ids.</param>
    /// <param name="y">The targets, T ids: what follows each input, and <see cref="NoTarget"/> behind the document.</param>
    /// <returns>The number of targets.</returns>
    public int Fill(int index, Span<int> x, Span<int> y)
    {
        (int start, int count) = _rows[index];
        ReadOnlySpan<int> ids = _ids.Span;
        ids.Slice(start, count).CopyTo(x);
        ids.Slice(start + 1, count).CopyTo(y);
        x[count..ContextLength].Fill(_boundaryId);
        y[count..ContextLength].Fill(NoTarget);
        return count;
    }
}
