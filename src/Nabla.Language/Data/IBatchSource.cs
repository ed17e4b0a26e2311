namespace Nabla.Language.Data;

/// <summary>What batches to learn from are drawn from.</summary>
public interface IBatchSource
{
    /// <summary>Fills the next batch.</summary>
    /// <param name="x">The inputs, [B, T] row by row.</param>
    /// <param name="y">The targets, [B, T] row by row: the id that follows each input, or <see cref="DocumentRows.NoTarget"/>.</param>
    void Next(Span<int> x, Span<int> y);
}
