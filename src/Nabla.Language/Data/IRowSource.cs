namespace Nabla.Language.Data;

/// <summary>Rows to make batches of, each known by its number.</summary>
public interface IRowSource
{
    /// <summary>Gets the number of rows.</summary>
    long Count { get; }

    /// <summary>Gets T, the number of ids in a row.</summary>
    int ContextLength { get; }

    /// <summary>Fills a row.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="x">The inputs, T ids.</param>
    /// <param name="y">The targets, T ids: what follows each input, or <see cref="DocumentRows.NoTarget"/>.</param>
    /// <returns>The number of targets.</returns>
    int Fill(long index, Span<int> x, Span<int> y);
}
