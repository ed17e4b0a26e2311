using System.Runtime.Intrinsics.X86;

namespace Nabla.Kernels;

/// <summary>
/// The product of matrices that are large enough to be worth packing. The smaller operand is packed once for everybody,
/// piece by piece where it is too large for the cache that the cores share; the larger is cut into strips, and who takes a
/// strip packs it into a core's own cache, block after block of the common dimension, and multiplies it with all that is
/// shared. Each element of C is the sum over those blocks in order, whoever computes it.
/// </summary>
/// <remarks>
/// The layers of caches are used as in Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).
/// </remarks>
internal static unsafe class GemmBlocks<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>The most steps of the common dimension in a block: the panels of a tile stay in the nearest caches.</summary>
    private const int MaxDepth = 384;

    /// <summary>The most floats to pack for everybody at once, 8 MB.</summary>
    private const int MaxShared = 2 * 1024 * 1024;

    /// <summary>The most floats in a block of a strip, 256 KB: a part of the cache that each core has to itself.</summary>
    private const int MaxOwn = 64 * 1024;

    /// <summary>The number of work items to aim at: enough to keep threads that are not equally fast equally busy.</summary>
    private const int WantedItems = 32;

    /// <summary>Up to so many rows, columns of B are read where they lie: packing costs as much as the product.</summary>
    private static int MaxRowsInPlace => 2 * GemmTile<V>.MaxRows;

    /// <summary>Returns the steps of a common dimension that are added up before they are added to C.</summary>
    public static int BlockDepth(int depth) => Pieces(depth, Pieces(depth, MaxDepth));

    /// <summary>Sets c to a b, or adds a b to c. No dimension is 0.</summary>
    public static void Multiply(Matrix a, Matrix b, Matrix c, bool accumulate, bool parallel)
    {
        int depth = BlockDepth(a.Columns);
        int depthBlocks = Pieces(a.Columns, depth);
        bool shareA = a.Rows <= b.Columns;
        int lanes = shareA ? a.Rows : b.Columns;
        int width = shareA ? GemmTile<V>.MaxRows : GemmTile<V>.MaxColumns;
        int lanesAtOnce = Math.Min(Math.Max(MaxShared / depth / width, 1) * width, lanes);
        int blocksAtOnce = Math.Clamp(MaxShared / (depth * lanesAtOnce), 1, depthBlocks);

        for (int lane = 0; lane < lanes; lane += lanesAtOnce)
        {
            int some = Math.Min(lanesAtOnce, lanes - lane);
            Matrix cPart = shareA ? c.Block(lane, 0, some, c.Columns) : c.Block(0, lane, c.Rows, some);
            for (int block = 0; block < depthBlocks; block += blocksAtOnce)
            {
                int start = block * depth;
                int steps = Math.Min(blocksAtOnce * depth, a.Columns - start);
                Matrix aPart = shareA ? a.Block(lane, start, some, steps) : a.Block(0, start, a.Rows, steps);
                Matrix bPart = shareA ? b.Block(start, 0, steps, b.Columns) : b.Block(start, lane, steps, some);
                MultiplyShared(aPart, bPart, cPart, depth, shareA, accumulate || block > 0, parallel);
            }
        }
    }

    private static void MultiplyShared(Matrix a, Matrix b, Matrix c, int depth, bool shareA, bool add, bool parallel)
    {
        GemmPanels<V> shared = shareA ? GemmPanels<V>.OfRows(a) : GemmPanels<V>.OfColumns(b);
        GemmPanels<V> own = shareA ? GemmPanels<V>.OfColumns(b) : GemmPanels<V>.OfRows(a);
        int panelsAtMost = Math.Max(MaxOwn / (depth * own.Width), 1);
        int strips = Math.Min(Math.Max(Pieces(own.Count, panelsAtMost), WantedItems), own.Count);
        int groups = Math.Min(Pieces(WantedItems / 2, strips), shared.Count);
        int items = strips * groups;

        float* packed = Scratch.Shared(shared.PackedLanes * (nint)shared.Steps);
        PackBody pack = new(shared, depth, packed);
        StripBody multiply = new(shared, own, c, depth, packed, add, strips, groups);
        if (parallel)
        {
            long ownCost = (long)own.Steps * own.PackedLanes;
            ParallelFor.Run(shared.Count, (long)shared.Steps * shared.Width, pack);
            ParallelFor.Run(items, (ownCost + (ownCost * shared.PackedLanes / Gemm.OperationsPerItemCost)) / items, multiply);
        }
        else
        {
            pack.Run(0, shared.Count);
            multiply.Run(0, items);
        }
    }

    /// <summary>Returns how many pieces of at most <paramref name="size"/> make up <paramref name="whole"/>.</summary>
    private static int Pieces(int whole, int size) => (int)(((long)whole + size - 1) / size);

    private static int FirstOf(int piece, int pieces, int whole) => (int)((long)whole * piece / pieces);

    /// <summary>Packs panels of the shared operand: block after block, and in a block panel after panel.</summary>
    private readonly struct PackBody(GemmPanels<V> shared, int depth, float* packed) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int step = 0; step < shared.Steps; step += depth)
            {
                int steps = Math.Min(depth, shared.Steps - step);
                float* block = packed + ((nint)step * shared.PackedLanes);
                for (int panel = start; panel < end; panel++)
                {
                    shared.Pack(panel, step, steps, block + ((nint)shared.FirstLane(panel) * steps));
                }
            }
        }
    }

    /// <summary>Multiplies strips of one operand with groups of panels of the shared one.</summary>
    private readonly struct StripBody(
        GemmPanels<V> shared, GemmPanels<V> own, Matrix c, int depth, float* sharedPacked, bool add, int strips, int groups)
        : IParallelBody
    {
        public void Run(int start, int end)
        {
            float* edge = stackalloc float[GemmTile<V>.MaxRows * GemmTile<V>.MaxColumns];
            float* ownPacked = Scratch.Own((nint)Pieces(own.Count, strips) * own.Width * depth);
            bool inPlace = shared.AreRows && shared.PackedLanes <= MaxRowsInPlace;
            for (int item = start; item < end; item++)
            {
                int firstOwn = FirstOf(item / groups, strips, own.Count);
                int endOwn = FirstOf((item / groups) + 1, strips, own.Count);
                int firstShared = FirstOf(item % groups, groups, shared.Count);
                int endShared = FirstOf((item % groups) + 1, groups, shared.Count);
                for (int step = 0; step < shared.Steps; step += depth)
                {
                    int steps = Math.Min(depth, shared.Steps - step);
                    float* sharedBlock = sharedPacked + ((nint)step * shared.PackedLanes);
                    for (int panel = firstOwn; panel < endOwn; panel++)
                    {
                        if (!inPlace || own.NeedsPacking(panel))
                        {
                            own.Pack(panel, step, steps, ownPacked + ((nint)(panel - firstOwn) * own.Width * steps));
                        }
                    }

                    for (int panel = firstShared; panel < endShared; panel++)
                    {
                        GemmPanel left = shared.Packed(panel, sharedBlock + ((nint)shared.FirstLane(panel) * steps));
                        for (int other = firstOwn; other < endOwn; other++)
                        {
                            GemmPanel right = !inPlace || own.NeedsPacking(other)
                                ? own.Packed(other, ownPacked + ((nint)(other - firstOwn) * own.Width * steps))
                                : own.InPlace(other, step);
                            (GemmPanel rows, GemmPanel columns) = shared.AreRows ? (left, right) : (right, left);
                            Tile(rows, columns, steps, add || step > 0, edge);
                        }
                    }
                }
            }
        }

        private void Tile(GemmPanel rows, GemmPanel columns, int steps, bool addToTile, float* edge)
        {
            bool wide = columns.Lanes > V.Count;
            int width = wide ? 2 * V.Count : V.Count;
            var tile = GemmTile<V>.Select(rows.Lanes, wide);
            Matrix target = c.Block(rows.Lane, columns.Lane, rows.Lanes, columns.Lanes);
            if (columns.Lanes == width && c.ColumnStride == 1)
            {
                Prefetch(target);
                tile(steps, rows.Data, 1, rows.Stride, columns.Data, columns.Stride, target.Data, c.RowStride, addToTile);
            }
            else
            {
                tile(steps, rows.Data, 1, rows.Stride, columns.Data, columns.Stride, edge, width, false);
                GemmEdge<V>.Copy(edge, width, target, addToTile);
            }
        }

        /// <summary>Calls for the tile's memory, which will have come by the time that the sums are ready.</summary>
        private static void Prefetch(Matrix tile)
        {
            if (Sse.IsSupported)
            {
                for (int row = 0; row < tile.Rows; row++)
                {
                    Sse.Prefetch0(tile.At(row, 0));
                    Sse.Prefetch0(tile.At(row, tile.Columns - 1));
                }
            }
        }
    }
}
