using static Nabla.Kernels.AttentionKernel;

namespace Nabla.Kernels;

/// <summary>
/// Attention backward. For each block of queries and each block of keys the weights are made again, W = 2^(score - log-sum), and
/// so are five products: the scores <c>S = Q K^T</c>, the weights' gradients <c>dW = dY V^T</c>, and from
/// <c>dS = W (dW - sum(dY Y))</c> the gradients <c>dV = W^T dY</c>, <c>dQ = dS K</c> and <c>dK = dS^T Q</c>. Those of keys and
/// values are gathered for a whole head.
/// </summary>
internal readonly unsafe struct AttentionBackward<V>(
    AttentionKernel.Rows q,
    AttentionKernel.Rows k,
    AttentionKernel.Rows v,
    AttentionKernel.Rows y,
    float* logSums,
    AttentionKernel.Rows dy,
    GradientRows dq,
    GradientRows dk,
    GradientRows dv,
    float* partial,
    Sizes sizes) : IParallelBody
    where V : unmanaged, IVector<V>
{
    /// <summary>What the gradients of keys are taken times: the queries in them came times log2 e, for the scores' sake.</summary>
    public const float KeyFactor = 1 / Log2E;

    public Sizes Sizes => sizes;

    public GradientRows KeyGradients => dk;

    public GradientRows ValueGradients => dv;

    /// <summary>Returns where an item gathers the gradients of its keys, [keys, padded], and then of its values.</summary>
    public float* Part(int item) => partial + (item * 2 * (nint)sizes.Keys * AttentionLanes<V>.Padded(sizes.Width));

    public void Run(int start, int end)
    {
        for (int item = start; item < end; item++)
        {
            (int unit, int slice) = Math.DivRem(item, sizes.Slices);
            Slice(item, unit, sizes.FirstQuery(slice), sizes.FirstQuery(slice + 1));
        }
    }

    private void Slice(int item, int unit, int first, int end)
    {
        if (first == end)
        {
            return;
        }

        int seen = sizes.Visible(end - 1);
        int lanes = AttentionLanes<V>.Padded(Math.Min(QueryBlock, end - first));
        int padded = AttentionLanes<V>.Padded(sizes.Width);
        nint all = (nint)seen * padded;
        nint block = lanes * (nint)padded;
        nint scores = lanes * (nint)Math.Min(KeyBlock, seen);
        float* memory = Scratch.Weights((4 * all) + (5 * block) + (3 * scores) + (3 * lanes));
        Memory scratch = new() { Keys = memory, Values = memory + all };
        scratch.KeyGradients = partial != null ? Part(item) : scratch.Values + all;
        scratch.ValueGradients = partial != null ? Part(item) + (sizes.Keys * (nint)padded) : scratch.KeyGradients + all;
        scratch.Scores = memory + (4 * all);
        scratch.Gradients = scratch.Scores + scores;
        scratch.Mask = scratch.Gradients + scores;
        scratch.Queries = scratch.Mask + scores;
        scratch.TurnedQueries = scratch.Queries + block;
        scratch.Outputs = scratch.TurnedQueries + block;
        scratch.TurnedOutputs = scratch.Outputs + block;
        scratch.QueryGradients = scratch.TurnedOutputs + block;
        scratch.Numbers = scratch.QueryGradients + block;
        scratch.LogSums = scratch.Numbers + lanes;
        scratch.Means = scratch.LogSums + lanes;

        AttentionLanes<V>.Number(scratch.Numbers, lanes);
        AttentionRows<V>.Gather(k.At(unit, 0), k.Stride, seen, sizes.Width, 1, scratch.Keys);
        AttentionRows<V>.Gather(v.At(unit, 0), v.Stride, seen, sizes.Width, 1, scratch.Values);
        new Span<float>(scratch.KeyGradients, (int)all).Clear();
        new Span<float>(scratch.ValueGradients, (int)all).Clear();
        for (int query = first; query < end; query += QueryBlock)
        {
            Block(unit, query, Math.Min(QueryBlock, end - query), scratch);
        }

        if (partial == null)
        {
            Spread(scratch.KeyGradients, KeyFactor, dk, unit, seen);
            Spread(scratch.ValueGradients, 1, dv, unit, seen);
        }
    }

    private void Block(int unit, int first, int rows, in Memory scratch)
    {
        int width = sizes.Width;
        int padded = AttentionLanes<V>.Padded(width);
        int lanes = AttentionLanes<V>.Padded(rows);
        AttentionRows<V>.Gather(q.At(unit, first), q.Stride, rows, width, sizes.Scale * Log2E, scratch.Queries);
        GemmPacking.Pack(scratch.Queries, padded, 1, rows, lanes, width, scratch.TurnedQueries);
        AttentionRows<V>.Gather(dy.At(unit, first), dy.Stride, rows, width, 1, scratch.Outputs);
        GemmPacking.Pack(scratch.Outputs, padded, 1, rows, lanes, width, scratch.TurnedOutputs);
        Kernels.Rows.Copy(scratch.LogSums, logSums + ((nint)unit * sizes.Queries) + first, rows);

        // The mean of the weights' gradients under the weights is that of the output's gradient along the output.
        AttentionRows<V>.Dots(y.At(unit, first), y.Stride, scratch.Outputs, rows, width, scratch.Means);
        new Span<float>(scratch.LogSums + rows, lanes - rows).Clear();
        new Span<float>(scratch.Means + rows, lanes - rows).Clear();

        int seen = sizes.Visible(first + rows - 1);
        for (int key = 0; key < seen; key += KeyBlock)
        {
            int n = Math.Min(KeyBlock, seen - key);
            int edge = sizes.Visible(first) - key;
            float* mask = sizes.Mask(scratch.Mask, lanes, unit, first, key, n);
            nint from = (nint)key * padded;
            AttentionProducts<V>.Scores(scratch.Keys + from, n, width, scratch.TurnedQueries, lanes, edge, scratch.Scores);
            AttentionProducts<V>.Scores(scratch.Values + from, n, width, scratch.TurnedOutputs, lanes, edge, scratch.Gradients);
            AttentionLanes<V>.SoftmaxGradient(
                scratch.Scores, scratch.Gradients, n, lanes, edge, scratch.Numbers, mask, scratch.LogSums, scratch.Means);
            AttentionProducts<V>.AddToKeys(
                scratch.Scores, n, lanes, rows, edge, scratch.Outputs, padded, scratch.ValueGradients + from);
            AttentionProducts<V>.AddToKeys(
                scratch.Gradients, n, lanes, rows, edge, scratch.Queries, padded, scratch.KeyGradients + from);
            AttentionProducts<V>.ToQueries(
                scratch.Gradients, n, lanes, rows, edge, scratch.Keys + from, padded, scratch.QueryGradients, add: key > 0);
        }

        if (dq.Exist)
        {
            AttentionRows<V>.Spread(
                scratch.QueryGradients, rows, width, sizes.Scale, dq.Rows.At(unit, first), dq.Rows.Stride, dq.Add);
        }
    }

    private void Spread(float* gathered, float factor, GradientRows target, int unit, int rows)
    {
        if (target.Exist)
        {
            AttentionRows<V>.Spread(gathered, rows, sizes.Width, factor, target.Rows.At(unit, 0), target.Rows.Stride, target.Add);
        }
    }

    /// <summary>What a slice works with.</summary>
    private struct Memory
    {
        /// <summary>The keys, [seen, padded].</summary>
        public float* Keys;

        /// <summary>The values, [seen, padded].</summary>
        public float* Values;

        /// <summary>The gradients of the keys so far, [seen, padded].</summary>
        public float* KeyGradients;

        /// <summary>The gradients of the values so far, [seen, padded].</summary>
        public float* ValueGradients;

        /// <summary>Scores, then weights, [keys of a block, lanes].</summary>
        public float* Scores;

        /// <summary>The gradients of the weights, then of the scores, [keys of a block, lanes].</summary>
        public float* Gradients;

        /// <summary>The dropout mask of the weights, [keys of a block, lanes].</summary>
        public float* Mask;

        /// <summary>The queries of a block, scaled, [lanes, padded].</summary>
        public float* Queries;

        /// <summary>The same as columns, [width, lanes].</summary>
        public float* TurnedQueries;

        /// <summary>The gradients of the block's outputs, [lanes, padded].</summary>
        public float* Outputs;

        /// <summary>The same as columns, [width, lanes].</summary>
        public float* TurnedOutputs;

        /// <summary>The gradients of the block's scaled queries so far, [lanes, padded].</summary>
        public float* QueryGradients;

        /// <summary>0, 1, 2 and so on, [lanes].</summary>
        public float* Numbers;

        /// <summary>The log-sums of the scores, [lanes].</summary>
        public float* LogSums;

        /// <summary>The means of the weights' gradients, [lanes].</summary>
        public float* Means;
    }
}

/// <summary>Adds up what the slices of a head gathered for its keys and values, in order; an item is a key.</summary>
internal readonly unsafe struct AttentionPartSum<V>(AttentionBackward<V> parts) : IParallelBody
    where V : unmanaged, IVector<V>
{
    public void Run(int start, int end)
    {
        Sizes sizes = parts.Sizes;
        int padded = AttentionLanes<V>.Padded(sizes.Width);
        for (int item = start; item < end; item++)
        {
            (int unit, int key) = Math.DivRem(item, sizes.Keys);
            Row(parts.KeyGradients, AttentionBackward<V>.KeyFactor, unit, key, (nint)key * padded);
            Row(parts.ValueGradients, 1, unit, key, (nint)(sizes.Keys + key) * padded);
        }
    }

    private void Row(GradientRows target, float factor, int unit, int key, nint offset)
    {
        if (!target.Exist)
        {
            return;
        }

        Sizes sizes = parts.Sizes;
        bool add = target.Add;
        for (int slice = 0; slice < sizes.Slices; slice++)
        {
            int end = sizes.FirstQuery(slice + 1);
            if (end > sizes.FirstQuery(slice) && key < sizes.Visible(end - 1))
            {
                float* part = parts.Part((unit * sizes.Slices) + slice) + offset;
                AttentionRows<V>.Spread(part, 1, sizes.Width, factor, target.Rows.At(unit, key), target.Rows.Stride, add);
                add = true;
            }
        }
    }
}
