using System.Runtime.CompilerServices;
using static Nabla.Kernels.AttentionKernel;

namespace Nabla.Kernels;

/// <summary>
/// Attention forward for a few queries after many keys, as when text is generated: each key is read once, where it lies, so
/// there is nothing to gain from blocks. One item is one query.
/// </summary>
internal readonly unsafe struct AttentionByQuery<V>(
    AttentionKernel.Rows q, AttentionKernel.Rows k, AttentionKernel.Rows v, AttentionKernel.Rows y, float* logSums, Sizes sizes)
    : IParallelBody
    where V : unmanaged, IVector<V>
{
    /// <summary>The most queries for which this is the quicker way.</summary>
    private const int MaxQueries = 4;

    /// <summary>Returns whether a problem is for this kernel. Rows are read in whole vectors.</summary>
    public static bool Suits(in Sizes sizes)
        => sizes.Queries <= MaxQueries && sizes.Width % V.Count == 0 && sizes.Options.Dropout == 0;

    public void Run(int start, int end)
    {
        for (int item = start; item < end; item++)
        {
            (int unit, int query) = Math.DivRem(item, sizes.Queries);
            int seen = sizes.Visible(query);
            float* output = Scratch.Weights(sizes.Width + (nint)seen);
            float* weights = output + sizes.Width;
            Dots(q.At(unit, query), k.At(unit, 0), seen, weights);
            float max = Kernels.Rows.Max(weights, seen);
            float sum = Kernels.Rows.ExpShiftedSum(weights, weights, seen, max);
            for (int column = 0; column < sizes.Width; column += 2 * V.Count)
            {
                bool wide = sizes.Width - column > V.Count;
                float* values = v.At(unit, 0) + column;
                AttentionTile<V>.Multiply(1, wide, seen, weights, 0, 1, values, v.Stride, output + column, 0, false);
            }

            float kept = seen == 0 ? 0 : 1 / sum;
            AttentionRows<V>.Spread(output, 1, sizes.Width, kept, y.At(unit, query), y.Stride, add: false);
            logSums[((nint)unit * sizes.Queries) + query] = (max + MathF.Log(sum)) * Log2E;
        }
    }

    /// <summary>Computes the scaled scores of one query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Dots(float* query, float* key, int seen, float* scores)
    {
        float scale = sizes.Scale;
        for (int i = 0; i < seen; i++)
        {
            V sum = V.Load(query) * V.Load(key);
            for (int column = V.Count; column < sizes.Width; column += V.Count)
            {
                sum = V.MultiplyAdd(V.Load(query + column), V.Load(key + column), sum);
            }

            scores[i] = V.Sum(sum) * scale;
            key += k.Stride;
        }
    }
}
