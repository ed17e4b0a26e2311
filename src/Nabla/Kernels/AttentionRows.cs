using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Nabla.Kernels;

/// <summary>
/// What attention does with the rows of its operands. The rows of a head lie apart in memory, between those of other heads: they
/// are brought together once, each filled up to whole vectors, and read many times.
/// </summary>
internal static unsafe class AttentionRows<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>The floats in a line of the cache.</summary>
    private const int FloatsInLine = 16;

    /// <summary>How many rows ahead of their use memory is fetched: the hardware does not guess where the next row lies.</summary>
    private const int RowsAhead = 8;

    /// <summary>Copies rows, times a factor, to lie side by side, each filled up with zeros to whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(float* from, nint stride, int rows, int width, float factor, float* to)
    {
        int padded = AttentionLanes<V>.Padded(width);
        for (int row = 0; row < rows; row++)
        {
            Prefetch(from + (RowsAhead * stride), width);
            int i = 0;
            for (; i <= width - V.Count; i += V.Count)
            {
                (V.Load(from + i) * V.Broadcast(factor)).Store(to + i);
            }

            for (; i < padded; i++)
            {
                to[i] = i < width ? from[i] * factor : 0;
            }

            from += stride;
            to += padded;
        }
    }

    /// <summary>Copies such rows, times a factor, back to where they belong, or adds them there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Spread(float* from, int rows, int width, float factor, float* to, nint stride, bool add)
    {
        int padded = AttentionLanes<V>.Padded(width);
        for (int row = 0; row < rows; row++)
        {
            Prefetch(to + (RowsAhead * stride), width);
            int i = 0;
            for (; i <= width - V.Count; i += V.Count)
            {
                V value = V.Load(from + i) * V.Broadcast(factor);
                (add ? V.Load(to + i) + value : value).Store(to + i);
            }

            for (; i < width; i++)
            {
                float value = from[i] * factor;
                to[i] = add ? to[i] + value : value;
            }

            from += padded;
            to += stride;
        }
    }

    /// <summary>Computes the dot product of each row of x, anywhere, with one of y, side by side in whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(float* x, nint stride, float* y, int rows, int width, float* dots)
    {
        int padded = AttentionLanes<V>.Padded(width);
        for (int row = 0; row < rows; row++)
        {
            V sum = V.Broadcast(0f);
            int i = 0;
            for (; i <= width - V.Count; i += V.Count)
            {
                sum = V.MultiplyAdd(V.Load(x + i), V.Load(y + i), sum);
            }

            float dot = V.Sum(sum);
            for (; i < width; i++)
            {
                dot += x[i] * y[i];
            }

            dots[row] = dot;
            x += stride;
            y += padded;
        }
    }

    /// <summary>Multiplies each row by its own factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* x, int rows, int padded, float* factors)
    {
        for (int row = 0; row < rows; row++)
        {
            if (factors[row] != 1)
            {
                V factor = V.Broadcast(factors[row]);
                for (int i = 0; i < padded; i += V.Count)
                {
                    (V.Load(x + i) * factor).Store(x + i);
                }
            }

            x += padded;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* row, int width)
    {
        if (Sse.IsSupported)
        {
            for (int i = 0; i < width; i += FloatsInLine)
            {
                Sse.Prefetch0(row + i);
            }
        }
    }
}
