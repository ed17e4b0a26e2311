using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>
/// What kernels do with one contiguous row of floats. The order of every sum depends on the length of the row alone. A lane
/// adds at most 67 numbers before its block is added to a double, so that the rounding error hardly grows with the length.
/// The last vector of a row reaches back over the one before, and rows shorter than a vector go through narrower ones: short rows
/// are common, and single lanes are slow.
/// </summary>
/// <remarks>
/// The loops over vectors are never inlined themselves: a method may inline only so much, and four exponentials in a caller
/// that has used up its share would be calls, at a quarter of the speed.
/// </remarks>
internal static unsafe partial class Rows
{
    /// <summary>Steps of four vectors in a block of a sum.</summary>
    private const int BlockSteps = 64;

    /// <summary>Returns the largest element: NaN where any is NaN, minus infinity for an empty row.</summary>
    public static float Max(float* x, int count) => Max(new Plain(x), count);

    /// <summary>Returns the smallest element: NaN where any is NaN, infinity for an empty row.</summary>
    public static float Min(float* x, int count) => -Max(new Negated(x), count);

    /// <summary>Returns the sum of the elements.</summary>
    public static float Sum(float* x, int count) => Sum(new Plain(x), count);

    /// <summary>Returns the sum of (x - mean)^2: the second pass of a variance, which does not cancel as one would.</summary>
    public static float SumOfSquaresFrom(float* x, int count, float mean) => Sum(new SquaresFrom(x, mean), count);

    /// <summary>Returns the sum of x * y.</summary>
    public static float Dot(float* x, float* y, int count) => Sum(new Product(x, y), count);

    /// <summary>Sets y = exp(x - max) and returns the sum of y. The two may be the same row.</summary>
    public static float ExpShiftedSum(float* y, float* x, int count, float max) => Sum(new ExpShiftedInto(y, x, max), count);

    /// <summary>Returns the sum of exp(x - max).</summary>
    public static float ExpSum(float* x, int count, float max) => Sum(new ExpShifted(x, max), count);

    /// <summary>Returns log(sum(exp(x))), safe from overflow: minus infinity for an empty row.</summary>
    public static float LogSumExp(float* x, int count)
    {
        float max = Max(x, count);

        // An infinite maximum is the answer already, and infinity minus itself would be NaN.
        return float.IsFinite(max) ? max + VectorMath.Log(V1.Broadcast(ExpSum(x, count, max))).Lane : max;
    }

    /// <summary>Multiplies the row by a factor in place.</summary>
    public static void Scale(float* x, int count, float factor) => Write(x, new Scaled(x, factor), count);

    /// <summary>Sets every element to a value.</summary>
    public static void Fill(float* x, int count, float value) => new Span<float>(x, count).Fill(value);

    /// <summary>Copies a row.</summary>
    public static void Copy(float* destination, float* source, int count)
        => new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(destination, count));

    /// <summary>Adds a row to another: destination += source.</summary>
    public static void AddTo(float* destination, float* source, int count)
        => Write(destination, new Total(destination, source), count);

    /// <summary>Adds a multiple of a row to another: destination += factor * source.</summary>
    public static void AddScaledTo(float* destination, float* source, int count, float factor)
        => Write(destination, new ScaledTotal(destination, source, factor), count);

    /// <summary>Turns the gradient of softmax weights into that of the scores, in place: dy = factor * y * (dy - mean).</summary>
    public static void SoftmaxGradient(float* dy, float* y, int count, float mean, float factor)
        => Write(dy, new SoftmaxGradients(dy, y, mean, factor), count);

    /// <summary>Returns the sum of values computed on the way.</summary>
    public static float Sum<TElements>(TElements elements, int count)
        where TElements : struct, IRowElements
        => Simd.Tier switch
        {
            SimdTier.Vector512 => Sum<V512, TElements>(elements, count),
            SimdTier.Vector256 => Sum<V256, TElements>(elements, count),
            SimdTier.Vector128 => Sum<V128, TElements>(elements, count),
            _ => Sum<V1, TElements>(elements, count),
        };

    /// <summary>Does y = values, or y += values, for values computed on the way, which may read y at their own index.</summary>
    public static void Write<TElements>(float* y, TElements values, int count, bool add = false)
        where TElements : struct, IRowElements
    {
        switch (Simd.Tier)
        {
            case SimdTier.Vector512:
                Write<V512, TElements>(y, values, count, add);
                break;
            case SimdTier.Vector256:
                Write<V256, TElements>(y, values, count, add);
                break;
            case SimdTier.Vector128:
                Write<V128, TElements>(y, values, count, add);
                break;
            default:
                Write<V1, TElements>(y, values, count, add);
                break;
        }
    }

    private static float Max<TElements>(TElements elements, int count)
        where TElements : struct, IRowElements
        => Simd.Tier switch
        {
            SimdTier.Vector512 => Max<V512, TElements>(elements, count),
            SimdTier.Vector256 => Max<V256, TElements>(elements, count),
            SimdTier.Vector128 => Max<V128, TElements>(elements, count),
            _ => Max<V1, TElements>(elements, count),
        };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Max<V, TElements>(TElements elements, int count)
        where V : unmanaged, IVector<V>
        where TElements : struct, IRowElements
    {
        if (count < V.Count)
        {
            return count >= V256.Count ? Max<V256, TElements>(elements, count)
                : count >= V128.Count ? Max<V128, TElements>(elements, count)
                : count > 0 ? Max<V1, TElements>(elements, count) : float.NegativeInfinity;
        }

        // A maximum may take an element twice.
        V max0 = elements.At<V>(count - V.Count);
        V max1 = max0, max2 = max0, max3 = max0;
        int i = 0;
        for (; i <= count - (4 * V.Count); i += 4 * V.Count)
        {
            max0 = V.Max(max0, elements.At<V>(i));
            max1 = V.Max(max1, elements.At<V>(i + V.Count));
            max2 = V.Max(max2, elements.At<V>(i + (2 * V.Count)));
            max3 = V.Max(max3, elements.At<V>(i + (3 * V.Count)));
        }

        for (; i < count - V.Count; i += V.Count)
        {
            max0 = V.Max(max0, elements.At<V>(i));
        }

        return V.HorizontalMax(V.Max(V.Max(max0, max1), V.Max(max2, max3)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Sum<V, TElements>(TElements elements, int count)
        where V : unmanaged, IVector<V>
        where TElements : struct, IRowElements
    {
        if (count < V.Count)
        {
            return count >= V256.Count ? Sum<V256, TElements>(elements, count)
                : count >= V128.Count ? Sum<V128, TElements>(elements, count)
                : count > 0 ? Sum<V1, TElements>(elements, count) : 0;
        }

        double total = 0;
        int start = 0;
        do
        {
            int end = (int)Math.Min(count, start + (4L * BlockSteps * V.Count));
            total += SumBlock<V, TElements>(elements, start, end);
            start = end;
        }
        while (start < count);

        return (float)total;
    }

    /// <summary>Adds in four independent sums, because one sum could only take a step per latency of an addition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SumBlock<V, TElements>(TElements elements, int start, int end)
        where V : unmanaged, IVector<V>
        where TElements : struct, IRowElements
    {
        V sum0 = V.Broadcast(0f), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        int i = start;
        for (; i <= end - (4 * V.Count); i += 4 * V.Count)
        {
            sum0 += elements.At<V>(i);
            sum1 += elements.At<V>(i + V.Count);
            sum2 += elements.At<V>(i + (2 * V.Count));
            sum3 += elements.At<V>(i + (3 * V.Count));
        }

        for (; i <= end - V.Count; i += V.Count)
        {
            sum0 += elements.At<V>(i);
        }

        if (i < end && !TElements.Stores)
        {
            // Of the vector that reaches back, only the lanes that are not in the sums yet.
            sum1 += V.ClearFirst(elements.At<V>(end - V.Count), V.Count - (end - i));
            i = end;
        }

        float sum = V.Sum((sum0 + sum1) + (sum2 + sum3));
        if (V.Count > V256.Count && i <= end - V256.Count)
        {
            sum += V256.Sum(elements.At<V256>(i));
            i += V256.Count;
        }

        if (V.Count > V128.Count && i <= end - V128.Count)
        {
            sum += V128.Sum(elements.At<V128>(i));
            i += V128.Count;
        }

        for (; i < end; i++)
        {
            sum += elements.At<V1>(i).Lane;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Write<V, TElements>(float* y, TElements values, int count, bool add)
        where V : unmanaged, IVector<V>
        where TElements : struct, IRowElements
    {
        if (count < V.Count)
        {
            if (count >= V256.Count)
            {
                Write<V256, TElements>(y, values, count, add);
            }
            else if (count >= V128.Count)
            {
                Write<V128, TElements>(y, values, count, add);
            }
            else if (count > 0)
            {
                Write<V1, TElements>(y, values, count, add);
            }

            return;
        }

        // The last vector reaches back over the one before, and the values may read what is written: so it comes first.
        int last = count - V.Count;
        V rest = ValueAt<V, TElements>(y, values, last, add);
        for (int i = 0; i < last; i += V.Count)
        {
            ValueAt<V, TElements>(y, values, i, add).Store(y + i);
        }

        rest.Store(y + last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ValueAt<V, TElements>(float* y, TElements values, int index, bool add)
        where V : unmanaged, IVector<V>
        where TElements : struct, IRowElements
    {
        V value = values.At<V>(index);
        return add ? V.Load(y + index) + value : value;
    }
}
