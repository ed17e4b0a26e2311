namespace Nabla.Language.Data;

/// <summary>
/// Draws batches of documents at random, with replacement. All its state is that of the generator, as that of
/// <see cref="BatchSampler"/>.
/// </summary>
public sealed class DocumentSampler : IBatchSource
{
    private readonly DocumentRows _rows;
    private readonly RandomGenerator _generator;
    private readonly long[] _drawn;

    /// <summary>Makes a sampler over one split of a dataset.</summary>
    /// <param name="rows">The documents.</param>
    /// <param name="batchSize">B, the number of rows in a batch.</param>
    /// <param name="generator">Where the choices come from: one draw of 32 bits for each row.</param>
    public DocumentSampler(DocumentRows rows, int batchSize, RandomGenerator generator)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_rows, _generator, _drawn) = (rows, generator, new long[batchSize]);
    }

    /// <inheritdoc/>
    public void Next(Span<int> x, Span<int> y)
    {
        _generator.Integers(_drawn, 0, _rows.Count);
        int length = _rows.ContextLength;
        for (int row = 0; row < _drawn.Length; row++)
        {
            _rows.Fill(_drawn[row], x[(row * length)..], y[(row * length)..]);
        }
    }
}
