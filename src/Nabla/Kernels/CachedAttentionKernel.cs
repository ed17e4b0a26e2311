using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>
/// Attention of one query for each row of a batch to the keys and values of a cache, one (row, head) pair per parallel item.
/// The keys and the values are read once, from their first to their last, which is where all the time goes.
/// </summary>
internal static unsafe class CachedAttentionKernel
{
    /// <summary>Computes <c>y = softmax(q k^T / sqrt(D)) v</c>.</summary>
    /// <param name="q">The queries, [B, H, 1, D].</param>
    /// <param name="k">The keys, [B, H, S, D]: of row b the first <c>lengths[b]</c> count.</param>
    /// <param name="v">The values, as the keys.</param>
    /// <param name="lengths">How many keys a row has, at least 1.</param>
    /// <param name="y">The result, [B, H, 1, D].</param>
    public static void Run(Tensor q, Tensor k, Tensor v, ReadOnlySpan<int> lengths, Tensor y)
    {
        int longest = 1;
        foreach (int length in lengths)
        {
            longest = Math.Max(longest, length);
        }

        fixed (int* counts = lengths)
        {
            int units = q.Shape[0] * q.Shape[1];
            long cost = (long)longest * Math.Max(q.Shape[3] / 4, 1);
            Operands operands = new(new Heads(q), new Heads(k), new Heads(v), new Heads(y), q.Shape[1], q.Shape[3], counts);
            switch (Simd.Tier)
            {
                case SimdTier.Vector512:
                    ParallelFor.Run(units, cost, new Body<V512>(operands));
                    break;
                case SimdTier.Vector256:
                    ParallelFor.Run(units, cost, new Body<V256>(operands));
                    break;
                case SimdTier.Vector128:
                    ParallelFor.Run(units, cost, new Body<V128>(operands));
                    break;
                default:
                    ParallelFor.Run(units, cost, new Body<V1>(operands));
                    break;
            }
        }

        GC.KeepAlive(q);
        GC.KeepAlive(k);
        GC.KeepAlive(v);
        GC.KeepAlive(y);
    }

    /// <summary>A tensor of [B, H, length, D] whose last dimension is contiguous.</summary>
    private readonly struct Heads(Tensor x)
    {
        private readonly float* _data = x.Pointer;
        private readonly nint _batchStride = x.Stride(0);
        private readonly nint _headStride = x.Stride(1);

        public nint RowStride { get; } = x.Stride(2);

        public float* Of(int batch, int head) => _data + (batch * _batchStride) + (head * _headStride);
    }

    private readonly struct Operands(Heads q, Heads k, Heads v, Heads y, int heads, int width, int* lengths)
    {
        public readonly Heads Queries = q;
        public readonly Heads Keys = k;
        public readonly Heads Values = v;
        public readonly Heads Results = y;
        public readonly int HeadCount = heads;
        public readonly int Width = width;
        public readonly int* Lengths = lengths;
    }

    private readonly struct Body<V>(Operands operands) : IParallelBody
        where V : unmanaged, IVector<V>
    {
        public void Run(int start, int end)
        {
            int width = operands.Width;
            for (int unit = start; unit < end; unit++)
            {
                (int batch, int head) = Math.DivRem(unit, operands.HeadCount);
                int count = operands.Lengths[batch];
                float* scores = Scratch.Weights(count);
                DotColumns<Float32> keys = new((Float32*)operands.Keys.Of(batch, head), width, count, operands.Keys.RowStride);
                GemmDot<V, Float32>.Multiply(
                    Matrix.RowMajor(operands.Queries.Of(batch, head), 1, width),
                    keys,
                    Matrix.RowMajor(scores, 1, count),
                    accumulate: false,
                    parallel: false);
                Rows.Scale(scores, count, 1 / MathF.Sqrt(width));
                float sum = Rows.ExpShiftedSum(scores, scores, count, Rows.Max(scores, count));
                Combine(scores, count, operands.Values.Of(batch, head), operands.Values.RowStride, width, operands.Results.Of(batch, head), 1 / sum);
            }
        }

        /// <summary>Sets y to the weighted sum of rows, times a factor.</summary>
        private static void Combine(float* weights, int count, float* rows, nint stride, int width, float* y, float factor)
        {
            int column = 0;
            for (; column <= width - (4 * V.Count); column += 4 * V.Count)
            {
                CombineFour(weights, count, rows + column, stride, y + column, V.Broadcast(factor));
            }

            for (; column <= width - V.Count; column += V.Count)
            {
                CombineOne(weights, count, rows + column, stride, y + column, V.Broadcast(factor));
            }

            for (; column < width; column++)
            {
                Body<V1>.CombineOne(weights, count, rows + column, stride, y + column, V1.Broadcast(factor));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void CombineFour(float* weights, int count, float* rows, nint stride, float* y, V factor)
        {
            V s0 = default, s1 = default, s2 = default, s3 = default;
            for (int i = 0; i < count; i++)
            {
                V weight = V.Broadcast(weights[i]);
                s0 = V.MultiplyAdd(weight, V.Load(rows), s0);
                s1 = V.MultiplyAdd(weight, V.Load(rows + V.Count), s1);
                s2 = V.MultiplyAdd(weight, V.Load(rows + (2 * V.Count)), s2);
                s3 = V.MultiplyAdd(weight, V.Load(rows + (3 * V.Count)), s3);
                rows += stride;
            }

            (s0 * factor).Store(y);
            (s1 * factor).Store(y + V.Count);
            (s2 * factor).Store(y + (2 * V.Count));
            (s3 * factor).Store(y + (3 * V.Count));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void CombineOne(float* weights, int count, float* rows, nint stride, float* y, V factor)
        {
            V sum = default;
            for (int i = 0; i < count; i++)
            {
                sum = V.MultiplyAdd(V.Broadcast(weights[i]), V.Load(rows), sum);
                rows += stride;
            }

            (sum * factor).Store(y);
        }
    }
}
