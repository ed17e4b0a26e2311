using System.Runtime.Intrinsics.X86;

namespace Nabla.Kernels;

/// <summary>
/// The product of matrices that are large enough to be worth packing. The smaller operand is packed once for everybody,
/// piece by piece where it is too large for the cache that the cores share; the larger is cut into strips, and who takes a
/// strip packs it into a core's own cache, block after block of the common dimension, and multiplies it with all that is
/// shared; where that would be a few strips only, both operands are packed for everybody. Each element of C is the sum over those blocks in order, whoever computes it.
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

    /// <summary>The number of strips to aim at: enough to keep threads that are not equally fast equally busy.</summary>
    private const int WantedStrips = 32;

    /// <summary>
    /// So many strips at the end are cut into groups of panels, though everyone who takes a group packs the strip anew: when one
    /// thread has nothing left to take, the others have little left to do.
    /// </summary>
    private const int LastStrips = 8;
    private const int LastGroups = 4;

    /// <summary>A group of fewer panels would not be worth packing the strip for it.</summary>
    private const int PanelsInLastGroup = 8;

    /// <summary>The number of work items where both operands are packed for everybody, and cutting finely costs nothing.</summary>
    private const int WantedItems = 128;

    /// <summary>The fewest multiplications for which that pays.</summary>
    private const long MinTogether = 64 * 1024 * 1024;

    /// <summary>Up to so many rows, columns of B are read where they lie: packing costs as much as the product.</summary>
    private static int MaxRowsInPlace => 2 * GemmTile<V>.MaxRows;

    /// <summary>Returns the steps of a common dimension that are added up before they are added to C.</summary>
    public static int BlockDepth(int depth) => Pieces(depth, Pieces(depth, MaxDepth));

    /// <summary>Sets c to start + a b. No dimension is 0.</summary>
    public static void Multiply(Matrix a, Matrix b, Matrix c, Matrix start, bool parallel)
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
            Matrix startPart = shareA ? start.Block(lane, 0, some, c.Columns) : start.Block(0, lane, c.Rows, some);
            for (int block = 0; block < depthBlocks; block += blocksAtOnce)
            {
                int step = block * depth;
                int steps = Math.Min(blocksAtOnce * depth, a.Columns - step);
                Matrix aPart = shareA ? a.Block(lane, step, some, steps) : a.Block(0, step, a.Rows, steps);
                Matrix bPart = shareA ? b.Block(step, 0, steps, b.Columns) : b.Block(step, lane, steps, some);
                GemmPanels<V> rows = GemmPanels<V>.OfRows(aPart);
                GemmPanels<V> columns = GemmPanels<V>.OfColumns(bPart);
                (GemmPanels<V> shared, GemmPanels<V> own) = shareA ? (rows, columns) : (columns, rows);
                MultiplyShared(shared, own, cPart, block > 0 ? cPart : startPart, depth, parallel);
            }
        }
    }

    // The cut says who computes an element and what lies in which cache, but not in what order the element's terms are added.
    private static void MultiplyShared(
        GemmPanels<V> shared, GemmPanels<V> own, Matrix c, Matrix start, int depth, bool parallel)
    {
        bool alone = !parallel || Compute.ThreadCount == 1;
        bool together = !alone && ArePackedTogether(shared, own);
        int strips = Pieces(own.Count, Math.Max(MaxOwn / (depth * own.Width), 1));
        (int whole, int groups) = (strips, 1);
        if (together)
        {
            strips = Math.Clamp(WantedItems / shared.Count, strips, own.Count);
            (whole, groups) = (0, Math.Min(Pieces(WantedItems, strips), shared.Count));
        }
        else if (!alone)
        {
            strips = Math.Clamp(WantedStrips, strips, own.Count);
            groups = Math.Min(Pieces(WantedStrips / 2, strips), shared.Count);
            whole = groups > 1 ? 0 : Math.Max(strips - LastStrips, 0);
            groups = groups > 1 ? groups : Math.Clamp(shared.Count / PanelsInLastGroup, 1, LastGroups);
        }

        int panels = together ? shared.Count + own.Count : shared.Count;
        long toPack = together ? shared.Floats + own.Floats : shared.Floats;
        float* packed = Scratch.Shared((nint)toPack);
        PackBody pack = new(shared, own, depth, packed);
        StripBody multiply = new(shared, own, c, start, depth, packed, together, strips, whole, groups);
        int items = whole + ((strips - whole) * groups);
        if (alone)
        {
            pack.Run(0, panels);
            multiply.Run(0, items);
        }
        else
        {
            long cost = own.Floats + (own.Floats * shared.PackedLanes / Gemm.OperationsPerItemCost);
            ParallelFor.Run(panels, toPack / panels, pack);
            ParallelFor.Run(items, cost / items, multiply, maxChunks: items, lastItems: whole > 0 ? items - whole : 0);
        }
    }

    /// <summary>
    /// Returns whether to pack both operands before anything is multiplied. A strip of one panel takes too long to be the last
    /// and reads all of the shared operand for little, but packed for everybody, strips can be wide and groups small. On one
    /// thread it is dearer: what is packed for all does not stay in the core's own cache.
    /// </summary>
    private static bool ArePackedTogether(GemmPanels<V> shared, GemmPanels<V> own)
        => own.Count <= WantedStrips
            && shared.PackedLanes > MaxRowsInPlace
            && shared.Floats + own.Floats <= MaxShared
            && own.Floats * shared.PackedLanes >= MinTogether;

    /// <summary>Returns how many pieces of at most <paramref name="size"/> make up <paramref name="whole"/>.</summary>
    private static int Pieces(int whole, int size) => (int)(((long)whole + size - 1) / size);

    private static int FirstOf(int piece, int pieces, int whole) => (int)((long)whole * piece / pieces);

    /// <summary>
    /// Packs panels of the shared operand and, numbered after them, of the other: block after block, in a block panel after panel.
    /// </summary>
    private readonly struct PackBody(GemmPanels<V> shared, GemmPanels<V> own, int depth, float* packed) : IParallelBody
    {
        public void Run(int start, int end)
        {
            Pack(shared, packed, start, Math.Min(end, shared.Count));
            Pack(own, packed + shared.Floats, Math.Max(start - shared.Count, 0), end - shared.Count);
        }

        private void Pack(GemmPanels<V> operand, float* to, int start, int end)
        {
            for (int step = 0; step < operand.Steps && start < end; step += depth)
            {
                int steps = Math.Min(depth, operand.Steps - step);
                for (int panel = start; panel < end; panel++)
                {
                    operand.Pack(panel, step, steps, to + operand.PlaceOf(panel, step, steps));
                }
            }
        }
    }

    /// <summary>Multiplies strips of one operand with groups of panels of the shared one.</summary>
    private readonly struct StripBody(
        GemmPanels<V> shared,
        GemmPanels<V> own,
        Matrix c,
        Matrix from,
        int depth,
        float* packed,
        bool together,
        int strips,
        int whole,
        int groups)
        : IParallelBody
    {
        public void Run(int start, int end)
        {
            float* edge = stackalloc float[GemmTile<V>.MaxRows * GemmTile<V>.MaxColumns];
            float* ownPanels = together ? null : Scratch.Own((nint)Pieces(own.Count, strips) * own.Width * depth);
            bool inPlace = shared.AreRows && shared.PackedLanes <= MaxRowsInPlace;
            for (int item = start; item < end; item++)
            {
                (int strip, int group, int parts) = item < whole
                    ? (item, 0, 1)
                    : (whole + ((item - whole) / groups), (item - whole) % groups, groups);
                int firstOwn = FirstOf(strip, strips, own.Count);
                int endOwn = FirstOf(strip + 1, strips, own.Count);
                int firstShared = FirstOf(group, parts, shared.Count);
                int endShared = FirstOf(group + 1, parts, shared.Count);
                for (int step = 0; step < shared.Steps; step += depth)
                {
                    int steps = Math.Min(depth, shared.Steps - step);

                    // Where panel 0 of the other operand would lie.
                    float* ownBlock = together
                        ? packed + shared.Floats + own.PlaceOf(0, step, steps)
                        : ownPanels - own.PlaceOf(firstOwn, 0, steps);
                    for (int panel = firstOwn; panel < endOwn && !together; panel++)
                    {
                        if (!inPlace || own.NeedsPacking(panel))
                        {
                            own.Pack(panel, step, steps, ownBlock + own.PlaceOf(panel, 0, steps));
                        }
                    }

                    for (int panel = firstShared; panel < endShared; panel++)
                    {
                        GemmPanel left = shared.Packed(panel, packed + shared.PlaceOf(panel, step, steps));
                        for (int other = firstOwn; other < endOwn; other++)
                        {
                            GemmPanel right = !inPlace || own.NeedsPacking(other)
                                ? own.Packed(other, ownBlock + own.PlaceOf(other, 0, steps))
                                : own.InPlace(other, step);
                            (GemmPanel rows, GemmPanel columns) = shared.AreRows ? (left, right) : (right, left);
                            Tile(rows, columns, steps, step > 0 ? c : from, edge);
                        }
                    }
                }
            }
        }

        private void Tile(GemmPanel rows, GemmPanel columns, int steps, Matrix begin, float* edge)
        {
            bool wide = columns.Lanes > V.Count;
            int width = wide ? 2 * V.Count : V.Count;
            var tile = GemmTile<V>.Select(rows.Lanes, wide);
            Matrix target = c.Block(rows.Lane, columns.Lane, rows.Lanes, columns.Lanes);
            begin = begin.Block(rows.Lane, columns.Lane, rows.Lanes, columns.Lanes);
            if (columns.Lanes == width && c.ColumnStride == 1)
            {
                Prefetch(target);
                tile(
                    steps,
                    rows.Data,
                    1,
                    rows.Stride,
                    columns.Data,
                    columns.Stride,
                    target.Data,
                    target.RowStride,
                    begin.Data,
                    begin.RowStride);
            }
            else
            {
                tile(steps, rows.Data, 1, rows.Stride, columns.Data, columns.Stride, edge, width, null, 0);
                GemmEdge<V>.Copy(edge, width, target, begin);
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
