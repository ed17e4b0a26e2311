using static Nabla.Kernels.AttentionKernel;

namespace Nabla.Kernels;

/// <summary>
/// Attention forward: for each block of queries, the values of all keys, gathered block by block. A query holds the largest score
/// m so far, the sum l of its weights 2^(s - m) and the weighted sum o of the values; scores s of further keys with values v give
/// <c>m' = max(m, max s)</c>, <c>l' = 2^(m - m') l + sum 2^(s - m')</c> and <c>o' = 2^(m - m') o + sum 2^(s - m') v</c>. In the end
/// o / l is what the query attends to, and m + log2 l its log-sum.
/// </summary>
internal readonly unsafe struct AttentionForward<V>(
    AttentionKernel.Rows q, AttentionKernel.Rows k, AttentionKernel.Rows v, AttentionKernel.Rows y, float* logSums, Sizes sizes)
    : IParallelBody
    where V : unmanaged, IVector<V>
{
    public void Run(int start, int end)
    {
        for (int item = start; item < end; item++)
        {
            (int unit, int slice) = Math.DivRem(item, sizes.Slices);
            Slice(unit, sizes.FirstQuery(slice), sizes.FirstQuery(slice + 1));
        }
    }

    private void Slice(int unit, int first, int end)
    {
        if (first == end)
        {
            return;
        }

        int seen = sizes.Visible(end - 1);
        int lanes = AttentionLanes<V>.Padded(Math.Min(QueryBlock, end - first));
        int padded = AttentionLanes<V>.Padded(sizes.Width);
        nint block = lanes * (nint)padded;
        nint scores = lanes * (nint)Math.Min(KeyBlock, seen);
        float* memory = Scratch.Weights((2 * (nint)seen * padded) + (3 * block) + (2 * scores) + (4 * lanes));
        Memory scratch = new()
        {
            Keys = memory,
            Values = memory + ((nint)seen * padded),
            Scores = memory + (2 * (nint)seen * padded),
        };
        scratch.Mask = scratch.Scores + scores;
        scratch.Queries = scratch.Mask + scores;
        scratch.Turned = scratch.Queries + block;
        scratch.Output = scratch.Turned + block;
        scratch.Numbers = scratch.Output + block;
        scratch.Max = scratch.Numbers + lanes;
        scratch.Sum = scratch.Max + lanes;
        scratch.Factor = scratch.Sum + lanes;

        AttentionLanes<V>.Number(scratch.Numbers, lanes);
        AttentionRows<V>.Gather(k.At(unit, 0), k.Stride, seen, sizes.Width, 1, scratch.Keys);
        AttentionRows<V>.Gather(v.At(unit, 0), v.Stride, seen, sizes.Width, 1, scratch.Values);
        for (int query = first; query < end; query += QueryBlock)
        {
            Block(unit, query, Math.Min(QueryBlock, end - query), scratch);
        }
    }

    private void Block(int unit, int first, int rows, in Memory scratch)
    {
        int padded = AttentionLanes<V>.Padded(sizes.Width);
        int lanes = AttentionLanes<V>.Padded(rows);

        // Scaled here, the scores need not be.
        AttentionRows<V>.Gather(q.At(unit, first), q.Stride, rows, sizes.Width, sizes.Scale * Log2E, scratch.Queries);
        GemmPacking.Pack(scratch.Queries, padded, 1, rows, lanes, sizes.Width, scratch.Turned);
        new Span<float>(scratch.Max, lanes).Fill(float.NegativeInfinity);
        new Span<float>(scratch.Sum, lanes).Clear();

        int seen = sizes.Visible(first + rows - 1);
        if (seen == 0)
        {
            // Nothing to attend to gives zeros.
            new Span<float>(scratch.Output, rows * padded).Clear();
            new Span<float>(scratch.Sum, lanes).Fill(1);
        }

        for (int key = 0; key < seen; key += KeyBlock)
        {
            int n = Math.Min(KeyBlock, seen - key);
            int edge = sizes.Visible(first) - key;
            float* mask = sizes.Mask(scratch.Mask, lanes, unit, first, key, n);
            nint from = (nint)key * padded;
            AttentionProducts<V>.Scores(scratch.Keys + from, n, sizes.Width, scratch.Turned, lanes, edge, scratch.Scores);
            AttentionLanes<V>.Softmax(
                scratch.Scores, n, lanes, edge, scratch.Numbers, mask, scratch.Max, scratch.Sum, scratch.Factor);
            if (key > 0)
            {
                AttentionRows<V>.Scale(scratch.Output, rows, padded, scratch.Factor);
            }

            AttentionProducts<V>.ToQueries(
                scratch.Scores, n, lanes, rows, edge, scratch.Values + from, padded, scratch.Output, add: key > 0);
        }

        AttentionLanes<V>.Finish(scratch.Max, scratch.Sum, lanes);
        Kernels.Rows.Copy(logSums + ((nint)unit * sizes.Queries) + first, scratch.Max, rows);
        AttentionRows<V>.Scale(scratch.Output, rows, padded, scratch.Sum);
        AttentionRows<V>.Spread(scratch.Output, rows, sizes.Width, 1, y.At(unit, first), y.Stride, add: false);
    }

    /// <summary>What a slice works with.</summary>
    private struct Memory
    {
        /// <summary>The keys, [seen, padded].</summary>
        public float* Keys;

        /// <summary>The values, [seen, padded].</summary>
        public float* Values;

        /// <summary>Scores, then weights, [keys of a block, lanes].</summary>
        public float* Scores;

        /// <summary>The dropout mask of the weights, [keys of a block, lanes].</summary>
        public float* Mask;

        /// <summary>The queries of a block, scaled, [lanes, padded].</summary>
        public float* Queries;

        /// <summary>The same as columns, [width, lanes].</summary>
        public float* Turned;

        /// <summary>The values gathered so far, [lanes, padded].</summary>
        public float* Output;

        /// <summary>0, 1, 2 and so on, [lanes].</summary>
        public float* Numbers;

        /// <summary>The largest score of each query so far, [lanes].</summary>
        public float* Max;

        /// <summary>The sum of the weights of each query so far, [lanes].</summary>
        public float* Sum;

        /// <summary>What was gathered so far has to be multiplied by, [lanes].</summary>
        public float* Factor;
    }
}
