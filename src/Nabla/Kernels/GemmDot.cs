using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Nabla.Kernels;

/// <summary>
/// The product of a few rows with a matrix whose columns lie contiguous, as in y = x Wᵀ for a token or some. Every weight is
/// read once where it lies, which is all that the memory allows: an element of C is the dot product of two contiguous runs.
/// A row of C has the same bits whatever the number of rows.
/// </summary>
/// <typeparam name="V">The vectors to compute with.</typeparam>
/// <typeparam name="TWeight">What the matrix is stored as.</typeparam>
internal static unsafe class GemmDot<V, TWeight>
    where V : unmanaged, IVector<V>
    where TWeight : unmanaged, IWeightElement<TWeight>
{
    private const int TileColumns = 4;

    /// <summary>So much of the columns and the rows of a tile stays in the cache from one tile to the next.</summary>
    private const int BlockDepth = 1024;

    /// <summary>How many blocks of a column one row is multiplied with before it goes to the next column.</summary>
    private const int RowBlocks = 4;

    /// <summary>Gets the most rows of a tile, with 32 vector registers or 16.</summary>
    private static int TileRows => V.Count >= 16 ? 4 : 2;

    /// <summary>Multiplies: the rows of <paramref name="a"/> are at most <see cref="Gemm.MaxDotRows"/>.</summary>
    public static void Multiply(Matrix a, DotColumns<TWeight> b, Matrix c, bool accumulate, bool parallel)
    {
        if (a.ColumnStride != 1)
        {
            Matrix packed = Matrix.RowMajor(Scratch.Shared((nint)a.Rows * a.Columns), a.Rows, a.Columns);
            for (int row = 0; row < a.Rows; row++)
            {
                for (int step = 0; step < a.Columns; step++)
                {
                    *packed.At(row, step) = *a.At(row, step);
                }
            }

            a = packed;
        }

        int groups = (b.Count + TileColumns - 1) / TileColumns;
        Body body = new(a, b, c, accumulate);
        if (parallel)
        {
            // Up to a few rows, the time goes into reading b.
            ParallelFor.Run(groups, (long)a.Columns * TileColumns / 2 * Math.Max(a.Rows / 4, 1), body);
        }
        else
        {
            body.Run(0, groups);
        }
    }

    /// <summary>Adds to the sums the dot products of up to <see cref="TileRows"/> rows with four columns.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="depth">The length of the runs, whole vectors.</param>
    /// <param name="a">The first row.</param>
    /// <param name="aStride">From one row to the next.</param>
    /// <param name="w">The columns.</param>
    /// <param name="next">What will be read after these columns, asked of the memory on the way.</param>
    /// <param name="sums">Four sums for each row.</param>
    internal static void AddTile(int rows, nint depth, float* a, nint aStride, in Columns w, TWeight* next, float* sums)
    {
        switch (rows)
        {
            case 1:
                AddTile<Rows1>(depth, a, aStride, w, next, sums);
                break;
            case 2:
                AddTile<Rows2>(depth, a, aStride, w, next, sums);
                break;
            case 3:
                AddTile<Rows3>(depth, a, aStride, w, next, sums);
                break;
            default:
                AddTile<Rows4>(depth, a, aStride, w, next, sums);
                break;
        }
    }

    /// <summary>
    /// Adds the dot products of up to four rows with four columns. There is no call in here: the sums could not stay in
    /// registers across one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile<TRows>(nint depth, float* a, nint aStride, in Columns w, TWeight* next, float* sums)
        where TRows : ITileRows
    {
        V s00 = default, s01 = default, s02 = default, s03 = default;
        V s10 = default, s11 = default, s12 = default, s13 = default;
        V s20 = default, s21 = default, s22 = default, s23 = default;
        V s30 = default, s31 = default, s32 = default, s33 = default;
        float* a0 = a;
        float* a1 = TRows.Count > 1 ? a + aStride : a;
        float* a2 = TRows.Count > 2 ? a + (2 * aStride) : a;
        float* a3 = TRows.Count > 3 ? a + (3 * aStride) : a;
        TWeight* w0 = w.First;
        TWeight* w1 = w.Second;
        TWeight* w2 = w.Third;
        TWeight* w3 = w.Fourth;
        for (nint step = 0; step < depth; step += V.Count)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(next + step);
            }

            V b0 = TWeight.Load<V>(w0 + step);
            V b1 = TWeight.Load<V>(w1 + step);
            V b2 = TWeight.Load<V>(w2 + step);
            V b3 = TWeight.Load<V>(w3 + step);
            V x = V.Load(a0 + step);
            s00 = V.MultiplyAdd(x, b0, s00);
            s01 = V.MultiplyAdd(x, b1, s01);
            s02 = V.MultiplyAdd(x, b2, s02);
            s03 = V.MultiplyAdd(x, b3, s03);
            if (TRows.Count > 1)
            {
                x = V.Load(a1 + step);
                s10 = V.MultiplyAdd(x, b0, s10);
                s11 = V.MultiplyAdd(x, b1, s11);
                s12 = V.MultiplyAdd(x, b2, s12);
                s13 = V.MultiplyAdd(x, b3, s13);
            }

            if (TRows.Count > 2)
            {
                x = V.Load(a2 + step);
                s20 = V.MultiplyAdd(x, b0, s20);
                s21 = V.MultiplyAdd(x, b1, s21);
                s22 = V.MultiplyAdd(x, b2, s22);
                s23 = V.MultiplyAdd(x, b3, s23);
            }

            if (TRows.Count > 3)
            {
                x = V.Load(a3 + step);
                s30 = V.MultiplyAdd(x, b0, s30);
                s31 = V.MultiplyAdd(x, b1, s31);
                s32 = V.MultiplyAdd(x, b2, s32);
                s33 = V.MultiplyAdd(x, b3, s33);
            }
        }

        V.AddSums(s00, s01, s02, s03, sums);
        if (TRows.Count > 1)
        {
            V.AddSums(s10, s11, s12, s13, sums + TileColumns);
        }

        if (TRows.Count > 2)
        {
            V.AddSums(s20, s21, s22, s23, sums + (2 * TileColumns));
        }

        if (TRows.Count > 3)
        {
            V.AddSums(s30, s31, s32, s33, sums + (3 * TileColumns));
        }
    }

    /// <summary>
    /// Adds the dot products of one row with four columns, one column after the other: read so, from beginning to end, memory
    /// is quicker than by four streams at a time (measured: 49 GB/s instead of 35 on four cores).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(nint depth, float* x, in Columns w, float* sums) => V.AddSums(
        Dot(depth, x, w.First), Dot(depth, x, w.Second), Dot(depth, x, w.Third), Dot(depth, x, w.Fourth), sums);

    /// <summary>
    /// Does the same with several blocks of each column, each with sums of its own: block after block, four columns in turn, memory
    /// would be half as quick.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddLongRow(nint depth, float* x, in Columns w, float* sums)
    {
        V* parts = stackalloc V[RowBlocks * TileColumns];
        AddColumn(depth, x, w.First, parts);
        AddColumn(depth, x, w.Second, parts + 1);
        AddColumn(depth, x, w.Third, parts + 2);
        AddColumn(depth, x, w.Fourth, parts + 3);
        for (nint step = 0; step < depth; step += BlockDepth, parts += TileColumns)
        {
            V.AddSums(parts[0], parts[1], parts[2], parts[3], sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddColumn(nint depth, float* x, TWeight* w, V* parts)
    {
        for (nint step = 0; step < depth; step += BlockDepth, parts += TileColumns)
        {
            *parts = Dot(Math.Min(BlockDepth, depth - step), x + step, w + step);
        }
    }

    // One sum, as in a tile of more rows: so a row's product has the same bits alone and among others.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Dot(nint depth, float* x, TWeight* w)
    {
        V sum = default;
        nint step = 0;
        for (; step <= depth - (4 * V.Count); step += 4 * V.Count)
        {
            sum = V.MultiplyAdd(V.Load(x + step), TWeight.Load<V>(w + step), sum);
            sum = V.MultiplyAdd(V.Load(x + step + V.Count), TWeight.Load<V>(w + step + V.Count), sum);
            sum = V.MultiplyAdd(V.Load(x + step + (2 * V.Count)), TWeight.Load<V>(w + step + (2 * V.Count)), sum);
            sum = V.MultiplyAdd(V.Load(x + step + (3 * V.Count)), TWeight.Load<V>(w + step + (3 * V.Count)), sum);
        }

        for (; step < depth; step += V.Count)
        {
            sum = V.MultiplyAdd(V.Load(x + step), TWeight.Load<V>(w + step), sum);
        }

        return sum;
    }

    /// <summary>Four columns; missing ones are the last again, and nobody asks for their sums.</summary>
    internal readonly ref struct Columns(DotColumns<TWeight> b, int step, int column)
    {
        public readonly TWeight* First = b.At(step, column);
        public readonly TWeight* Second = b.At(step, Math.Min(column + 1, b.Count - 1));
        public readonly TWeight* Third = b.At(step, Math.Min(column + 2, b.Count - 1));
        public readonly TWeight* Fourth = b.At(step, Math.Min(column + 3, b.Count - 1));
    }

    /// <summary>Computes groups of columns.</summary>
    private readonly struct Body(Matrix a, DotColumns<TWeight> b, Matrix c, bool accumulate) : IParallelBody
    {
        public void Run(int start, int end)
        {
            float* sums = stackalloc float[Gemm.MaxDotRows * TileColumns];
            int depth = a.Columns;
            int whole = depth / V.Count * V.Count;
            for (int group = start; group < end; group++)
            {
                int column = group * TileColumns;
                new Span<float>(sums, a.Rows * TileColumns).Clear();
                int most = a.Rows == 1 ? RowBlocks * BlockDepth : BlockDepth;
                for (int step = 0; step < whole; step += most)
                {
                    AddBlock(step, Math.Min(most, whole - step), column, sums);
                }

                AddRest(whole, column, sums);
                Put(sums, c.Block(0, column, a.Rows, Math.Min(TileColumns, b.Count - column)));
            }
        }

        private void AddBlock(int step, int depth, int column, float* sums)
        {
            Columns w = new(b, step, column);
            if (a.Rows == 1 && depth <= BlockDepth)
            {
                AddRow(depth, a.At(0, step), w, sums);
                return;
            }

            if (a.Rows == 1)
            {
                AddLongRow(depth, a.At(0, step), w, sums);
                return;
            }

            bool isLast = step + depth > a.Columns - V.Count;
            (int nextStep, int nextColumn) = isLast ? (0, column + TileColumns) : (step + depth, column);
            for (int row = 0; row < a.Rows; row += TileRows)
            {
                // Each tile asks for another of the next columns; past the last there is nothing to ask for.
                int ahead = Math.Min(nextColumn + Math.Min(row / TileRows, TileColumns - 1), b.Count - 1);
                AddTile(
                    Math.Min(TileRows, a.Rows - row),
                    depth,
                    a.At(row, step),
                    a.RowStride,
                    w,
                    b.At(nextStep, ahead),
                    sums + (row * TileColumns));
            }
        }

        // What is left where the depth is no multiple of a vector.
        private void AddRest(int whole, int column, float* sums)
        {
            GemmDot<V1, TWeight>.Columns w = new(b, whole, column);
            for (int row = 0; row < a.Rows && whole < a.Columns; row++)
            {
                GemmDot<V1, TWeight>.AddTile(
                    1, a.Columns - whole, a.At(row, whole), a.RowStride, w, w.First, sums + (row * TileColumns));
            }
        }

        private void Put(float* sums, Matrix tile)
        {
            for (int row = 0; row < tile.Rows; row++)
            {
                for (int column = 0; column < tile.Columns; column++)
                {
                    float sum = sums[(row * TileColumns) + column];
                    float* element = tile.At(row, column);
                    *element = accumulate ? *element + sum : sum;
                }
            }
        }
    }
}
