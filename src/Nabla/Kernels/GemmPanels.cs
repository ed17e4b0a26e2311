namespace Nabla.Kernels;

/// <summary>
/// An operand as its panels: groups of lanes (rows of A, or columns of B) along the common dimension, whose length is
/// counted in steps. A panel is what one tile reads.
/// </summary>
internal readonly unsafe struct GemmPanels<V>
    where V : unmanaged, IVector<V>
{
    private readonly float* _data;
    private readonly nint _laneStride;
    private readonly nint _stepStride;
    private readonly int _lanes;

    private GemmPanels(float* data, nint laneStride, nint stepStride, int lanes, int steps, bool areRows)
    {
        _data = data;
        _laneStride = laneStride;
        _stepStride = stepStride;
        _lanes = lanes;
        Steps = steps;
        AreRows = areRows;
        Width = areRows ? GemmTile<V>.MaxRows : GemmTile<V>.MaxColumns;
        Count = (lanes + Width - 1) / Width;
        PackedLanes = Padded(lanes);
    }

    /// <summary>Gets whether the lanes are rows of A, else they are columns of B.</summary>
    public bool AreRows { get; }

    /// <summary>Gets the length of the common dimension.</summary>
    public int Steps { get; }

    /// <summary>Gets the most lanes in a panel.</summary>
    public int Width { get; }

    /// <summary>Gets the number of panels.</summary>
    public int Count { get; }

    /// <summary>Gets the number of lanes with those that fill up the last vector of columns.</summary>
    public int PackedLanes { get; }

    /// <summary>Gets the number of floats in all panels.</summary>
    public nint Floats => (nint)PackedLanes * Steps;

    public static GemmPanels<V> OfRows(Matrix a) => new(a.Data, a.RowStride, a.ColumnStride, a.Rows, a.Columns, true);

    public static GemmPanels<V> OfColumns(Matrix b) => new(b.Data, b.ColumnStride, b.RowStride, b.Columns, b.Rows, false);

    /// <summary>Returns the first lane of a panel. Rows are spread evenly, columns fill whole vectors first.</summary>
    public int FirstLane(int panel)
        => AreRows ? (int)((long)_lanes * panel / Count) : (int)Math.Min((long)panel * Width, _lanes);

    /// <summary>Returns how far into the packed operand the steps of a panel lie: block after block, in a block panel after panel.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="step">The first step of the block.</param>
    /// <param name="steps">The number of steps in the block.</param>
    public nint PlaceOf(int panel, int step, int steps) => ((nint)step * PackedLanes) + ((nint)FirstLane(panel) * steps);

    /// <summary>Packs some steps of a panel.</summary>
    public void Pack(int panel, int step, int steps, float* packed)
    {
        int lane = FirstLane(panel);
        int lanes = FirstLane(panel + 1) - lane;
        GemmPacking.Pack(At(lane, step), _laneStride, _stepStride, lanes, Padded(lanes), steps, packed);
    }

    /// <summary>Describes a panel that <see cref="Pack"/> wrote.</summary>
    public GemmPanel Packed(int panel, float* packed)
    {
        int lane = FirstLane(panel);
        int lanes = FirstLane(panel + 1) - lane;
        return new GemmPanel(packed, Padded(lanes), lane, lanes);
    }

    /// <summary>Describes a panel that a tile reads where it lies, for which <see cref="NeedsPacking"/> is false.</summary>
    public GemmPanel InPlace(int panel, int step)
    {
        int lane = FirstLane(panel);
        return new GemmPanel(At(lane, step), _stepStride, lane, FirstLane(panel + 1) - lane);
    }

    /// <summary>Returns whether a tile cannot read the panel where it lies: it can read whole vectors of columns.</summary>
    public bool NeedsPacking(int panel)
        => AreRows || _laneStride != 1 || (FirstLane(panel + 1) - FirstLane(panel)) % V.Count != 0;

    private float* At(int lane, int step) => _data + (lane * _laneStride) + (step * _stepStride);

    private int Padded(int lanes) => AreRows ? lanes : (lanes + V.Count - 1) / V.Count * V.Count;
}

/// <summary>A block of a panel as a tile reads it.</summary>
/// <param name="data">The first step.</param>
/// <param name="stride">From one step to the next.</param>
/// <param name="lane">The first lane's row or column in C.</param>
/// <param name="lanes">The number of lanes.</param>
internal readonly unsafe struct GemmPanel(float* data, nint stride, int lane, int lanes)
{
    public float* Data { get; } = data;

    public nint Stride { get; } = stride;

    public int Lane { get; } = lane;

    public int Lanes { get; } = lanes;
}
