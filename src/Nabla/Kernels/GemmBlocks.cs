using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>
/// The product of matrices that are large enough to be worth packing. The smaller operand is packed once for everybody,
/// piece by piece where it is too large for the cache that the cores share; the larger is cut into strips, and who takes a
/// strip packs it into a core's own cache, block after block of the common dimension, and multiplies it with all that is
/// shared. Each element of C is the sum over those blocks in order, whoever computes it.
/// </summary>
/// <remarks>The scheme of layers follows Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).</remarks>
internal static unsafe class GemmBlocks<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>The most steps of the common dimension in a block: a panel of B and one of A stay in the nearest caches.</summary>
    private const int MaxDepth = 384;

    /// <summary>The most floats to pack for everybody at once, 8 MB.</summary>
    private const int MaxShared = 2 * 1024 * 1024;

    /// <summary>The most floats in a block of a strip, 256 KB: a part of the cache that each core has to itself.</summary>
    private const int MaxOwn = 64 * 1024;

    /// <summary>The number of work items to aim at: enough to keep threads that are not equally fast equally busy.</summary>
    private const int WantedItems = 32;

    public static void Multiply(Matrix a, Matrix b, Matrix c, bool accumulate, bool parallel)
    {
        int depthBlocks = Pieces(a.Columns, MaxDepth);
        int depth = Pieces(a.Columns, depthBlocks);
        bool shareA = a.Rows <= b.Columns;
        int sharedLanes = shareA ? a.Rows : b.Columns;
        int panel = shareA ? GemmTile<V>.MaxRows : GemmTile<V>.MaxColumns;
        int lanesAtOnce = Math.Max(Math.Min(sharedLanes, MaxShared / depth) / panel, 1) * panel;
        lanesAtOnce = lanesAtOnce + panel > sharedLanes ? sharedLanes : lanesAtOnce;
        int blocksAtOnce = Math.Clamp(MaxShared / (depth * lanesAtOnce), 1, depthBlocks);

        for (int lane = 0; lane < sharedLanes; lane += lanesAtOnce)
        {
            int lanes = Math.Min(lanesAtOnce, sharedLanes - lane);
            Matrix aPart = shareA ? a.Block(lane, 0, lanes, a.Columns) : a;
            Matrix bPart = shareA ? b : b.Block(0, lane, b.Rows, lanes);
            Matrix cPart = shareA ? c.Block(lane, 0, lanes, c.Columns) : c.Block(0, lane, c.Rows, lanes);
            for (int block = 0; block < depthBlocks; block += blocksAtOnce)
            {
                int start = block * depth;
                int length = Math.Min(blocksAtOnce * depth, a.Columns - start);
                MultiplyShared(
                    aPart.Block(0, start, aPart.Rows, length),
                    bPart.Block(start, 0, length, bPart.Columns),
                    cPart,
                    depth,
                    shareA,
                    accumulate || block > 0,
                    parallel);
            }
        }
    }

    private static void MultiplyShared(Matrix a, Matrix b, Matrix c, int depth, bool shareA, bool add, bool parallel)
    {
        Strip shared = shareA ? Strip.OfRows(a) : Strip.OfColumns(b);
        Strip own = shareA ? Strip.OfColumns(b) : Strip.OfRows(a);
        int panelsAtMost = Math.Max(MaxOwn / (depth * own.PanelLanes), 1);
        int strips = Math.Min(Math.Max(Pieces(own.Panels, panelsAtMost), WantedItems), own.Panels);
        int groups = Math.Min(Pieces(WantedItems / 2, strips), shared.Panels);
        int items = strips * groups;

        float* packed = GemmScratch.Shared(shared.PackedLanes * (nint)a.Columns);
        PackBody pack = new(shared, depth, packed);
        StripBody work = new(shared, own, c, depth, packed, shareA, add, strips, groups);
        if (parallel)
        {
            ParallelFor.Run(shared.Panels, (long)a.Columns * shared.PanelLanes, pack);
            ParallelFor.Run(items, (long)a.Rows * a.Columns * b.Columns / items / Gemm.OperationsPerItemCost, work);
        }
        else
        {
            pack.Run(0, shared.Panels);
            work.Run(0, items);
        }
    }

    /// <summary>Returns how many pieces of at most <paramref name="size"/> make up <paramref name="whole"/>.</summary>
    private static int Pieces(int whole, int size) => (int)(((long)whole + size - 1) / size);

    /// <summary>An operand as panels of lanes: groups of rows of A, or of columns of B, along the common dimension.</summary>
    private readonly struct Strip
    {
        private readonly float* _data;
        private readonly nint _laneStride;
        private readonly nint _stepStride;
        private readonly bool _rows;

        private Strip(float* data, nint laneStride, nint stepStride, int lanes, int steps, bool rows)
        {
            _data = data;
            (_laneStride, _stepStride, Lanes, Steps, _rows) = (laneStride, stepStride, lanes, steps, rows);
            PanelLanes = rows ? GemmTile<V>.MaxRows : GemmTile<V>.MaxColumns;
            Panels = Pieces(lanes, PanelLanes);
        }

        public int Lanes { get; }

        public int Steps { get; }

        public int PanelLanes { get; }

        public int Panels { get; }

        /// <summary>Gets the number of lanes with those that fill up the last vector.</summary>
        public int PackedLanes => _rows ? Lanes : Pieces(Lanes, V.Count) * V.Count;

        public static Strip OfRows(Matrix a) => new(a.Data, a.RowStride, a.ColumnStride, a.Rows, a.Columns, true);

        public static Strip OfColumns(Matrix b) => new(b.Data, b.ColumnStride, b.RowStride, b.Columns, b.Rows, false);

        /// <summary>Returns the first lane of a panel. Rows are spread evenly, columns fill whole vectors first.</summary>
        public int LaneOf(int panel) => _rows ? (int)((long)Lanes * panel / Panels) : Math.Min(panel * PanelLanes, Lanes);

        public void Pack(int panel, int step, int steps, float* packed)
        {
            int lane = LaneOf(panel);
            int lanes = LaneOf(panel + 1) - lane;
            int padded = _rows ? lanes : Pieces(lanes, V.Count) * V.Count;
            float* source = _data + (lane * _laneStride) + (step * _stepStride);
            GemmPacking.Pack(source, _laneStride, _stepStride, lanes, padded, steps, packed);
        }
    }

    /// <summary>Packs panels of the shared operand: block after block, and in a block panel after panel.</summary>
    private readonly struct PackBody(Strip shared, int depth, float* packed) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int step = 0; step < shared.Steps; step += depth)
            {
                int steps = Math.Min(depth, shared.Steps - step);
                float* block = packed + ((nint)step * shared.PackedLanes);
                for (int panel = start; panel < end; panel++)
                {
                    shared.Pack(panel, step, steps, block + ((nint)shared.LaneOf(panel) * steps));
                }
            }
        }
    }

    /// <summary>Multiplies strips of one operand with groups of panels of the shared one.</summary>
    private readonly struct StripBody(
        Strip shared, Strip own, Matrix c, int depth, float* sharedPacked, bool shareA, bool add, int strips, int groups)
        : IParallelBody
    {
        public void Run(int start, int end)
        {
            float* edge = stackalloc float[GemmTile<V>.MaxRows * GemmTile<V>.MaxColumns];
            int panelsInStrip = Pieces(own.Panels, strips);
            float* ownPacked = GemmScratch.Own((nint)panelsInStrip * own.PanelLanes * depth);
            for (int item = start; item < end; item++)
            {
                int strip = item / groups;
                int group = item % groups;
                int firstOwn = First(own.Panels, strip, strips);
                int endOwn = First(own.Panels, strip + 1, strips);
                int firstShared = First(shared.Panels, group, groups);
                int endShared = First(shared.Panels, group + 1, groups);
                for (int step = 0; step < shared.Steps; step += depth)
                {
                    int steps = Math.Min(depth, shared.Steps - step);
                    nint ownStart = (nint)own.LaneOf(firstOwn) * steps;
                    for (int panel = firstOwn; panel < endOwn; panel++)
                    {
                        own.Pack(panel, step, steps, ownPacked + ((nint)own.LaneOf(panel) * steps) - ownStart);
                    }

                    float* sharedBlock = sharedPacked + ((nint)step * shared.PackedLanes);
                    for (int panel = firstShared; panel < endShared; panel++)
                    {
                        float* sharedPanel = sharedBlock + ((nint)shared.LaneOf(panel) * steps);
                        for (int other = firstOwn; other < endOwn; other++)
                        {
                            float* ownPanel = ownPacked + ((nint)own.LaneOf(other) * steps) - ownStart;
                            if (shareA)
                            {
                                Tile(panel, other, steps, sharedPanel, ownPanel, add || step > 0, edge);
                            }
                            else
                            {
                                Tile(other, panel, steps, ownPanel, sharedPanel, add || step > 0, edge);
                            }
                        }
                    }
                }
            }
        }

        private static int First(int panels, int piece, int pieces) => (int)((long)panels * piece / pieces);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Tile(int rowPanel, int columnPanel, int steps, float* aPanel, float* bPanel, bool addToTile, float* edge)
        {
            Strip rowsOf = shareA ? shared : own;
            Strip columnsOf = shareA ? own : shared;
            int row = rowsOf.LaneOf(rowPanel);
            int rows = rowsOf.LaneOf(rowPanel + 1) - row;
            int column = columnsOf.LaneOf(columnPanel);
            int columns = columnsOf.LaneOf(columnPanel + 1) - column;
            bool wide = columns > V.Count;
            int width = wide ? 2 * V.Count : V.Count;
            var tile = GemmTile<V>.Select(rows, wide);
            float* target = c.At(row, column);
            if (columns == width && c.ColumnStride == 1)
            {
                tile(steps, aPanel, bPanel, target, c.RowStride, addToTile);
                return;
            }

            tile(steps, aPanel, bPanel, edge, width, false);
            for (int r = 0; r < rows; r++)
            {
                for (int j = 0; j < columns; j++)
                {
                    float* element = target + (r * c.RowStride) + (j * c.ColumnStride);
                    float value = edge[(r * width) + j];
                    *element = addToTile ? *element + value : value;
                }
            }
        }
    }
}
