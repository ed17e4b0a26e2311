namespace Nabla.Kernels;

/// <summary>
/// Scaled dot-product attention and its gradients, block of queries by block of keys, so that the [T, S] weights never exist: a
/// block's are made in a core's own cache, used and forgotten. All operands are [B, H, length, D]; a row of D lies together in
/// memory, rows, heads and batches may lie anywhere.
/// </summary>
/// <remarks>
/// Forward keeps a running maximum and sum for each query, by which what was gathered from earlier keys is corrected when a
/// larger score comes along (Rabe and Staats, "Self-attention Does Not Need O(n^2) Memory", 2021); backward makes the weights
/// again from the scores' log-sums, which are all that is kept (Dao et al., "FlashAttention", 2022).
/// </remarks>
internal static unsafe class AttentionKernel
{
    /// <summary>The number of queries that are worked on together,</summary>
    public const int QueryBlock = 64;

    /// <summary>and the number of keys: a block of their scores takes 32 KB.</summary>
    public const int KeyBlock = 128;

    /// <summary>The scores are taken times this, because 2 to a power is cheaper than e to a power.</summary>
    public const float Log2E = 1.44269504f;

    /// <summary>Heads are cut into slices of queries until there are so many items of work,</summary>
    private const int WantedItems = 12;

    /// <summary>but not into slices of less than this: each gathers keys and values for itself.</summary>
    private const int MinSlice = 256;

    /// <summary>What a product costs before it has done anything.</summary>
    private const long CallCost = 512;

    /// <summary>
    /// Computes <c>y = softmax(q k^T / sqrt(D)) v</c> and the log-sum-exp of each row of scaled scores, to base 2, [B, H, T].
    /// </summary>
    public static void Forward(Tensor q, Tensor k, Tensor v, Tensor y, Tensor logSums, in Options options)
    {
        Sizes sizes = new(q, k, options);
        switch (Simd.Tier)
        {
            case SimdTier.Vector512:
                Forward<V512>(q, k, v, y, logSums, sizes);
                break;
            case SimdTier.Vector256:
                Forward<V256>(q, k, v, y, logSums, sizes);
                break;
            case SimdTier.Vector128:
                Forward<V128>(q, k, v, y, logSums, sizes);
                break;
            default:
                Forward<V1>(q, k, v, y, logSums, sizes);
                break;
        }

        KeepAlive(q, k, v);
        GC.KeepAlive(y);
        GC.KeepAlive(logSums);
    }

    /// <summary>Writes or adds to the gradients of q, k and v, each of which may be left out.</summary>
    public static void Backward(
        Tensor q, Tensor k, Tensor v, Tensor y, Tensor logSums, Tensor dy, Target dq, Target dk, Target dv, in Options options)
    {
        Sizes sizes = new(q, k, options);
        if (sizes.Queries == 0)
        {
            // Nothing is written to the gradients of keys that nobody looks at.
            Clear(dk);
            Clear(dv);
            return;
        }

        switch (Simd.Tier)
        {
            case SimdTier.Vector512:
                Backward<V512>(q, k, v, y, logSums, dy, dq, dk, dv, sizes);
                break;
            case SimdTier.Vector256:
                Backward<V256>(q, k, v, y, logSums, dy, dq, dk, dv, sizes);
                break;
            case SimdTier.Vector128:
                Backward<V128>(q, k, v, y, logSums, dy, dq, dk, dv, sizes);
                break;
            default:
                Backward<V1>(q, k, v, y, logSums, dy, dq, dk, dv, sizes);
                break;
        }

        KeepAlive(q, k, v);
        KeepAlive(y, logSums, dy);
        KeepAlive(dq.Tensor, dk.Tensor, dv.Tensor);
    }

    private static void Forward<V>(Tensor q, Tensor k, Tensor v, Tensor y, Tensor logSums, Sizes sizes)
        where V : unmanaged, IVector<V>
    {
        (Rows queries, Rows keys, Rows values, Rows results) = (new(q), new(k), new(v), new(y));
        if (AttentionByQuery<V>.Suits(sizes))
        {
            long cost = (long)sizes.Keys * sizes.Width / 4;
            ParallelFor.Run(
                sizes.Units * sizes.Queries, cost, new AttentionByQuery<V>(queries, keys, values, results, logSums.Pointer, sizes));
            return;
        }

        ParallelFor.Run(
            sizes.Items,
            sizes.ItemCost(products: 2),
            new AttentionForward<V>(queries, keys, values, results, logSums.Pointer, sizes));
    }

    private static void Backward<V>(
        Tensor q, Tensor k, Tensor v, Tensor y, Tensor logSums, Tensor dy, Target dq, Target dk, Target dv, Sizes sizes)
        where V : unmanaged, IVector<V>
    {
        // Slices of one head gather gradients of the same keys: each by itself, and then their sum is taken in order.
        int padded = AttentionLanes<V>.Padded(sizes.Width);
        Tensor? parts = sizes.Slices > 1 ? new Tensor(new Shape(sizes.Items, 2, sizes.Keys, padded)) : null;
        float* partial = parts is null ? null : parts.Pointer;
        AttentionBackward<V> body = new(
            new Rows(q),
            new Rows(k),
            new Rows(v),
            new Rows(y),
            logSums.Pointer,
            new Rows(dy),
            new GradientRows(dq),
            new GradientRows(dk),
            new GradientRows(dv),
            partial,
            sizes);
        ParallelFor.Run(sizes.Items, sizes.ItemCost(products: 5), body);
        if (partial != null)
        {
            ParallelFor.Run(sizes.Units * sizes.Keys, 2 * sizes.Width * sizes.Slices, new AttentionPartSum<V>(body));
        }

        parts?.Storage.Release();
    }

    private static void Clear(Target target)
    {
        if (!target.Add)
        {
            target.Tensor?.Clear();
        }
    }

    private static void KeepAlive(Tensor? first, Tensor? second, Tensor? third)
    {
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        GC.KeepAlive(third);
    }

    /// <summary>What the caller chose.</summary>
    /// <param name="Causal">Whether a query sees no later key, the last query standing at the last key.</param>
    /// <param name="Dropout">The share of weights dropped.</param>
    /// <param name="Seed">The seed of the dropout mask: backward draws the same mask again.</param>
    internal readonly record struct Options(bool Causal, float Dropout, ulong Seed);

    /// <summary>Where a gradient goes.</summary>
    /// <param name="Tensor">[B, H, length, D]; null where none is wanted.</param>
    /// <param name="Add">Whether to add to what is there.</param>
    internal readonly record struct Target(Tensor? Tensor, bool Add);

    /// <summary>The sizes of the problem, and how it is cut into items of work: heads, or slices of a head's queries.</summary>
    internal readonly struct Sizes
    {
        public Sizes(Tensor q, Tensor k, in Options options)
        {
            (Units, Queries, Keys, Width, Options) = (q.Shape[0] * q.Shape[1], q.Shape[2], k.Shape[2], q.Shape[3], options);
            Slices = Math.Clamp((WantedItems + Units - 1) / Math.Max(Units, 1), 1, Math.Max(Queries / MinSlice, 1));
        }

        /// <summary>Gets the number of heads in the batch.</summary>
        public int Units { get; }

        public int Queries { get; }

        public int Keys { get; }

        /// <summary>Gets the width of a head, D.</summary>
        public int Width { get; }

        public Options Options { get; }

        /// <summary>Gets the number of slices that a head's queries are cut into.</summary>
        public int Slices { get; }

        public int Items => Units * Slices;

        /// <summary>Gets the factor of the scores.</summary>
        public float Scale => 1 / MathF.Sqrt(Width);

        /// <summary>
        /// Returns the rough cost of an item: of its products, of bringing rows together and apart, and of beginning at all.
        /// </summary>
        /// <param name="products">Two forward and five backward, and the rows move so much more often too.</param>
        public long ItemCost(int products)
        {
            long product = (long)Queries * Keys * Width / (Options.Causal ? 2 : 1) / Gemm.OperationsPerItemCost;
            long rows = ((long)Queries + Keys) * Width;
            return products * (((product + rows) / Slices) + CallCost);
        }

        /// <summary>Returns how many keys a query may look at.</summary>
        public int Visible(int query) => Options.Causal ? Keys - Queries + query + 1 : Keys;

        /// <summary>
        /// Draws the dropout mask of n keys, [n, lanes], for the queries from <paramref name="first"/> on, and returns it; null
        /// where nothing is dropped.
        /// </summary>
        public float* Mask(float* mask, int lanes, int unit, int first, int key, int n)
        {
            if (Options.Dropout == 0)
            {
                return null;
            }

            // A row of the whole mask begins at a multiple of four, as many as the generator gives at once.
            ulong row = ((ulong)Keys + 3) / 4;
            ulong block = (((ulong)unit * (ulong)Queries) + (ulong)first) * row;
            block += (ulong)key / 4;
            DropoutMask.FillColumns(mask, n, lanes, Visible(first) - key, Options.Dropout, Options.Seed, block, row);
            return mask;
        }

        /// <summary>Returns the first query of a slice: those that see more keys are fewer.</summary>
        public int FirstQuery(int slice)
        {
            double share = (double)slice / Slices;
            int blocks = (Queries + QueryBlock - 1) / QueryBlock;
            return Math.Min((int)Math.Round(blocks * (Options.Causal ? Math.Sqrt(share) : share)) * QueryBlock, Queries);
        }
    }

    /// <summary>A tensor of [B, H, length, D] as rows of D floats.</summary>
    internal readonly struct Rows(Tensor x)
    {
        private readonly float* _data = x.Pointer;
        private readonly int _heads = x.Shape[1];
        private readonly nint _batchStride = x.Stride(0);
        private readonly nint _headStride = x.Stride(1);

        /// <summary>Gets the distance from a row to the next.</summary>
        public nint Stride { get; } = x.Stride(2);

        public float* At(int unit, int row)
        {
            (int batch, int head) = Math.DivRem(unit, _heads);
            return _data + (batch * _batchStride) + (head * _headStride) + (row * Stride);
        }
    }

    /// <summary>The same of a gradient.</summary>
    internal readonly struct GradientRows(Target target)
    {
        public bool Exist { get; } = target.Tensor is not null;

        public bool Add { get; } = target.Add;

        public Rows Rows { get; } = target.Tensor is Tensor tensor ? new Rows(tensor) : default;
    }
}
