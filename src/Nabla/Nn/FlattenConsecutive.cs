namespace Nabla.Nn;

/// <summary>
/// Joins every few neighbours in time to one: [B, T, C] becomes [B, T / n, C n], and [B, C n] where that leaves a single place.
/// Between such layers a tree of small steps sees a long context, as in WaveNet (van den Oord et al., 2016).
/// </summary>
public sealed class FlattenConsecutive : Layer
{
    private readonly int _count;

    /// <summary>Creates the layer.</summary>
    /// <param name="count">The number of neighbours joined, at least 1.</param>
    public FlattenConsecutive(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _count = count;
    }

    /// <inheritdoc/>
    protected override string Arguments => $"{_count}";

    /// <summary>Joins neighbours: [B, T, C] to [B, T / n, C n], or to [B, C n]; a view of the same memory where possible.</summary>
    /// <exception cref="ShapeException">The input is not [B, T, C], or T is no multiple of n.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 3 || x.Shape[1] % _count != 0)
        {
            throw new ShapeException(
                $"FlattenConsecutive: the input is {x.Shape}; it must be [B, T, C] with T a multiple of {_count}.");
        }

        (int batch, int length, int width) = (x.Shape[0], x.Shape[1] / _count, x.Shape[2] * _count);
        return length == 1 ? x.Reshape(batch, width) : x.Reshape(batch, length, width);
    }
}
