using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>The columns of a matrix, each contiguous in memory: the rows of a weight that a product transposes.</summary>
/// <param name="data">The first number of the first column.</param>
/// <param name="depth">The length of a column.</param>
/// <param name="count">The number of columns.</param>
/// <param name="stride">From one column to the next, in numbers.</param>
internal readonly unsafe struct DotColumns<TWeight>(TWeight* data, int depth, int count, nint stride)
    where TWeight : unmanaged, IWeightElement<TWeight>
{
    public int Depth { get; } = depth;

    public int Count { get; } = count;

    /// <summary>Returns the address of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWeight* At(int step, int column) => data + (column * stride) + step;
}
