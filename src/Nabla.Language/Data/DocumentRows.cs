using System.Globalization;

namespace Nabla.Language.Data;

/// <summary>
/// The documents of a stream of ids as rows of a batch, as makemore has its words: a row is the boundary, one document and the
/// boundary again as often as it takes to fill the row, of which only the first is a target. A document longer than a row goes on
/// in further rows. So each id of the stream but the first is a target in exactly one row.
/// </summary>
public sealed class DocumentRows : IRowSource
{
    /// <summary>The target of places that predict nothing: what <see cref="Tensor.CrossEntropy"/> ignores.</summary>
    public const int NoTarget = -100;

    private const int ScanTokens = 64 << 10;

    private readonly TokenSequence _ids;
    private readonly int _boundaryId;
    private readonly List<(long Start, int Count)> _rows = [];

    /// <summary>Finds the documents.</summary>
    /// <param name="ids">The stream, with a boundary before each document.</param>
    /// <param name="contextLength">T, the number of ids in a row.</param>
    /// <param name="boundaryId">The id between documents.</param>
    /// <exception cref="ArgumentException">T is not positive, or the stream has fewer than two ids.</exception>
    public DocumentRows(TokenSequence ids, int contextLength, int boundaryId)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (contextLength < 1 || ids.Length < 2)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"DocumentRows: {ids.Length} tokens make no rows of {contextLength}: give at least two tokens, and rows of at least one."));
        }

        (_ids, _boundaryId, ContextLength) = (ids, boundaryId, contextLength);
        FindRows();
    }

    /// <summary>Gets T, the number of ids in a row.</summary>
    public int ContextLength { get; }

    /// <summary>Gets the number of rows.</summary>
    public long Count => _rows.Count;

    /// <summary>Gets the number of targets in all rows together.</summary>
    public long TargetCount => _ids.Length - 1;

    /// <summary>Fills a row.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="x">The inputs, T ids.</param>
    /// <param name="y">The targets, T ids: what follows each input, and <see cref="NoTarget"/> behind the document.</param>
    /// <returns>The number of targets.</returns>
    public int Fill(long index, Span<int> x, Span<int> y)
    {
        (long start, int count) = _rows[(int)index];
        _ids.Read(start, x[..count]);
        _ids.Read(start + 1, y[..count]);
        x[count..ContextLength].Fill(_boundaryId);
        y[count..ContextLength].Fill(NoTarget);
        return count;
    }

    // A row ends before the boundary of the next document, when it is full, and where the stream does.
    private void FindRows()
    {
        long start = 0;
        int[] read = new int[Math.Min(ScanTokens, TargetCount)];
        for (long first = 1; first <= TargetCount; first += read.Length)
        {
            Span<int> piece = read.AsSpan(0, (int)Math.Min(read.Length, TargetCount + 1 - first));
            _ids.Read(first, piece);
            for (int i = 0; i < piece.Length; i++)
            {
                long place = first + i;
                if (piece[i] == _boundaryId || place - start == ContextLength || place == TargetCount)
                {
                    _rows.Add((start, (int)(place - start)));
                    start = place;
                }
            }
        }
    }
}
