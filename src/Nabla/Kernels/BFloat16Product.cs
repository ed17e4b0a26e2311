using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>Products <c>y = x Wᵀ</c> with a weight [out, in] that is stored as <see cref="BFloat16"/>; sums are of single precision.</summary>
internal static unsafe class BFloat16Product
{
    /// <summary>
    /// So many numbers of the weight are widened at a time for the products of many rows: few enough to be in the cache still
    /// when they are multiplied.
    /// </summary>
    private const int BlockNumbers = 1 << 20;

    /// <summary>Sets c to a Wᵀ, or adds it.</summary>
    /// <param name="a">[m, in].</param>
    /// <param name="weight">[out, in], row after row.</param>
    /// <param name="c">[m, out].</param>
    /// <param name="accumulate">Whether to add to what c holds.</param>
    public static void Multiply(Matrix a, BFloat16* weight, Matrix c, bool accumulate)
    {
        int depth = a.Columns;
        if (c.Rows <= Gemm.MaxDotRows)
        {
            MultiplyDots(a, new DotColumns<BFloat16>(weight, depth, c.Columns, depth), c, accumulate);
            return;
        }

        int most = Math.Clamp(BlockNumbers / Math.Max(depth, 1), 1, c.Columns);
        Tensor wide = new(new Shape(most, depth));
        for (int column = 0; column < c.Columns; column += most)
        {
            int columns = Math.Min(most, c.Columns - column);
            Widen(weight + ((nint)column * depth), wide.Pointer, columns * depth);
            Matrix block = Matrix.RowMajor(wide.Pointer, columns, depth);
            Gemm.Multiply(a, block.Transposed, c.Block(0, column, c.Rows, columns), accumulate);
        }

        GC.KeepAlive(wide);
        wide.Release();
    }

    /// <summary>Writes numbers in full width.</summary>
    public static void Widen(BFloat16* source, float* destination, int count)
    {
        switch (Simd.Tier)
        {
            case SimdTier.Vector512:
                Widen<V512>(source, destination, count);
                break;
            case SimdTier.Vector256:
                Widen<V256>(source, destination, count);
                break;
            case SimdTier.Vector128:
                Widen<V128>(source, destination, count);
                break;
            default:
                Widen<V1>(source, destination, count);
                break;
        }
    }

    private static void MultiplyDots(Matrix a, DotColumns<BFloat16> columns, Matrix c, bool accumulate)
    {
        switch (Simd.Tier)
        {
            case SimdTier.Vector512:
                GemmDot<V512, BFloat16>.Multiply(a, columns, c, accumulate, parallel: true);
                break;
            case SimdTier.Vector256:
                GemmDot<V256, BFloat16>.Multiply(a, columns, c, accumulate, parallel: true);
                break;
            case SimdTier.Vector128:
                GemmDot<V128, BFloat16>.Multiply(a, columns, c, accumulate, parallel: true);
                break;
            default:
                GemmDot<V1, BFloat16>.Multiply(a, columns, c, accumulate, parallel: true);
                break;
        }
    }

    private static void Widen<V>(BFloat16* source, float* destination, int count)
        where V : unmanaged, IVector<V>
    {
        int items = (count + WidenBody<V>.Numbers - 1) / WidenBody<V>.Numbers;
        ParallelFor.Run(items, WidenBody<V>.Numbers / 8, new WidenBody<V>(source, destination, count));
    }

    private readonly struct WidenBody<V>(BFloat16* source, float* destination, int count) : IParallelBody
        where V : unmanaged, IVector<V>
    {
        /// <summary>The numbers of an item.</summary>
        public const int Numbers = 4096;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int start, int end)
        {
            int last = Math.Min(end * Numbers, count);
            int i = start * Numbers;
            for (; i <= last - V.Count; i += V.Count)
            {
                BFloat16.Load<V>(source + i).Store(destination + i);
            }

            for (; i < last; i++)
            {
                destination[i] = source[i].Value;
            }
        }
    }
}
