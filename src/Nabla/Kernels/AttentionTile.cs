using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>
/// The register tile of <see cref="GemmTile{V}"/> for a left operand that is read where it lies, in whichever direction: the
/// same scores are a left operand by rows for one product of attention and by columns for the next, and turning or packing them
/// each time would cost more than the addresses do.
/// </summary>
internal static unsafe class AttentionTile<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>Returns how many tiles so many rows make.</summary>
    public static int CountOf(int rows) => (rows + GemmTile<V>.MaxRows - 1) / GemmTile<V>.MaxRows;

    /// <summary>Returns the first row of a tile, the rows spread evenly over the tiles.</summary>
    public static int FirstRow(int tile, int tiles, int rows) => rows * tile / tiles;

    /// <summary>Sets a tile of c to a b, or adds a b to it.</summary>
    /// <param name="rows">The rows of a and c, at most <see cref="GemmTile{V}.MaxRows"/>.</param>
    /// <param name="wide">Whether the tile is two vectors wide, else one.</param>
    /// <param name="depth">The common dimension; 0 is a product of zeros.</param>
    /// <param name="a">The left operand.</param>
    /// <param name="aRow">The distance from one row of a to the next.</param>
    /// <param name="aStep">The distance from one step of the common dimension to the next in a.</param>
    /// <param name="b">The right operand: for each step, one or two vectors.</param>
    /// <param name="bStep">The distance from one step to the next in b.</param>
    /// <param name="c">The first element of the result.</param>
    /// <param name="cRow">The distance from one row of c to the next.</param>
    /// <param name="add">Whether to add to what c holds.</param>
    public static void Multiply(
        int rows, bool wide, int depth, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, bool add)
        => Select(rows, wide)(depth, a, aRow, aStep, b, bStep, c, cRow, add);

    private static delegate*<int, float*, nint, nint, float*, nint, float*, nint, bool, void> Select(int rows, bool wide) => wide
        ? rows switch
        {
            1 => &Run<Rows1, TwoVectors>,
            2 => &Run<Rows2, TwoVectors>,
            3 => &Run<Rows3, TwoVectors>,
            4 => &Run<Rows4, TwoVectors>,
            5 => &Run<Rows5, TwoVectors>,
            6 => &Run<Rows6, TwoVectors>,
            7 => &Run<Rows7, TwoVectors>,
            8 => &Run<Rows8, TwoVectors>,
            9 => &Run<Rows9, TwoVectors>,
            10 => &Run<Rows10, TwoVectors>,
            11 => &Run<Rows11, TwoVectors>,
            12 => &Run<Rows12, TwoVectors>,
            13 => &Run<Rows13, TwoVectors>,
            _ => &Run<Rows14, TwoVectors>,
        }
        : rows switch
        {
            1 => &Run<Rows1, OneVector>,
            2 => &Run<Rows2, OneVector>,
            3 => &Run<Rows3, OneVector>,
            4 => &Run<Rows4, OneVector>,
            5 => &Run<Rows5, OneVector>,
            6 => &Run<Rows6, OneVector>,
            7 => &Run<Rows7, OneVector>,
            8 => &Run<Rows8, OneVector>,
            9 => &Run<Rows9, OneVector>,
            10 => &Run<Rows10, OneVector>,
            11 => &Run<Rows11, OneVector>,
            12 => &Run<Rows12, OneVector>,
            13 => &Run<Rows13, OneVector>,
            _ => &Run<Rows14, OneVector>,
        };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TRows, TColumns>(
        int depth, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, bool add)
        where TRows : ITileRows
        where TColumns : ITileColumns
    {
        V c00 = default, c01 = default;
        V c10 = default, c11 = default;
        V c20 = default, c21 = default;
        V c30 = default, c31 = default;
        V c40 = default, c41 = default;
        V c50 = default, c51 = default;
        V c60 = default, c61 = default;
        V c70 = default, c71 = default;
        V c80 = default, c81 = default;
        V c90 = default, c91 = default;
        V c100 = default, c101 = default;
        V c110 = default, c111 = default;
        V c120 = default, c121 = default;
        V c130 = default, c131 = default;

        // Three pointers and four distances reach fourteen rows: so many registers there are.
        nint s1 = aRow, s2 = 2 * aRow, s3 = 3 * aRow, s4 = 4 * aRow;
        float* a0 = a;
        float* a1 = a + (5 * aRow);
        float* a2 = a + (10 * aRow);
        for (; depth > 0; depth--)
        {
            V b0 = V.Load(b);
            V b1 = TColumns.Wide ? V.Load(b + V.Count) : default;
            V x = V.Broadcast(a0[0]);
            c00 = V.MultiplyAdd(x, b0, c00);
            c01 = TColumns.Wide ? V.MultiplyAdd(x, b1, c01) : c01;
            if (TRows.Count > 1)
            {
                x = V.Broadcast(a0[s1]);
                c10 = V.MultiplyAdd(x, b0, c10);
                c11 = TColumns.Wide ? V.MultiplyAdd(x, b1, c11) : c11;
            }

            if (TRows.Count > 2)
            {
                x = V.Broadcast(a0[s2]);
                c20 = V.MultiplyAdd(x, b0, c20);
                c21 = TColumns.Wide ? V.MultiplyAdd(x, b1, c21) : c21;
            }

            if (TRows.Count > 3)
            {
                x = V.Broadcast(a0[s3]);
                c30 = V.MultiplyAdd(x, b0, c30);
                c31 = TColumns.Wide ? V.MultiplyAdd(x, b1, c31) : c31;
            }

            if (TRows.Count > 4)
            {
                x = V.Broadcast(a0[s4]);
                c40 = V.MultiplyAdd(x, b0, c40);
                c41 = TColumns.Wide ? V.MultiplyAdd(x, b1, c41) : c41;
            }

            if (TRows.Count > 5)
            {
                x = V.Broadcast(a1[0]);
                c50 = V.MultiplyAdd(x, b0, c50);
                c51 = TColumns.Wide ? V.MultiplyAdd(x, b1, c51) : c51;
            }

            if (TRows.Count > 6)
            {
                x = V.Broadcast(a1[s1]);
                c60 = V.MultiplyAdd(x, b0, c60);
                c61 = TColumns.Wide ? V.MultiplyAdd(x, b1, c61) : c61;
            }

            if (TRows.Count > 7)
            {
                x = V.Broadcast(a1[s2]);
                c70 = V.MultiplyAdd(x, b0, c70);
                c71 = TColumns.Wide ? V.MultiplyAdd(x, b1, c71) : c71;
            }

            if (TRows.Count > 8)
            {
                x = V.Broadcast(a1[s3]);
                c80 = V.MultiplyAdd(x, b0, c80);
                c81 = TColumns.Wide ? V.MultiplyAdd(x, b1, c81) : c81;
            }

            if (TRows.Count > 9)
            {
                x = V.Broadcast(a1[s4]);
                c90 = V.MultiplyAdd(x, b0, c90);
                c91 = TColumns.Wide ? V.MultiplyAdd(x, b1, c91) : c91;
            }

            if (TRows.Count > 10)
            {
                x = V.Broadcast(a2[0]);
                c100 = V.MultiplyAdd(x, b0, c100);
                c101 = TColumns.Wide ? V.MultiplyAdd(x, b1, c101) : c101;
            }

            if (TRows.Count > 11)
            {
                x = V.Broadcast(a2[s1]);
                c110 = V.MultiplyAdd(x, b0, c110);
                c111 = TColumns.Wide ? V.MultiplyAdd(x, b1, c111) : c111;
            }

            if (TRows.Count > 12)
            {
                x = V.Broadcast(a2[s2]);
                c120 = V.MultiplyAdd(x, b0, c120);
                c121 = TColumns.Wide ? V.MultiplyAdd(x, b1, c121) : c121;
            }

            if (TRows.Count > 13)
            {
                x = V.Broadcast(a2[s3]);
                c130 = V.MultiplyAdd(x, b0, c130);
                c131 = TColumns.Wide ? V.MultiplyAdd(x, b1, c131) : c131;
            }

            a0 += aStep;
            a1 += aStep;
            a2 += aStep;
            b += bStep;
        }

        Put<TRows, TColumns>(0, c00, c01, c, cRow, add);
        Put<TRows, TColumns>(1, c10, c11, c, cRow, add);
        Put<TRows, TColumns>(2, c20, c21, c, cRow, add);
        Put<TRows, TColumns>(3, c30, c31, c, cRow, add);
        Put<TRows, TColumns>(4, c40, c41, c, cRow, add);
        Put<TRows, TColumns>(5, c50, c51, c, cRow, add);
        Put<TRows, TColumns>(6, c60, c61, c, cRow, add);
        Put<TRows, TColumns>(7, c70, c71, c, cRow, add);
        Put<TRows, TColumns>(8, c80, c81, c, cRow, add);
        Put<TRows, TColumns>(9, c90, c91, c, cRow, add);
        Put<TRows, TColumns>(10, c100, c101, c, cRow, add);
        Put<TRows, TColumns>(11, c110, c111, c, cRow, add);
        Put<TRows, TColumns>(12, c120, c121, c, cRow, add);
        Put<TRows, TColumns>(13, c130, c131, c, cRow, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TRows, TColumns>(int row, V left, V right, float* c, nint cRow, bool add)
        where TRows : ITileRows
        where TColumns : ITileColumns
    {
        if (row >= TRows.Count)
        {
            return;
        }

        c += row * cRow;
        (add ? V.Load(c) + left : left).Store(c);
        if (TColumns.Wide)
        {
            c += V.Count;
            (add ? V.Load(c) + right : right).Store(c);
        }
    }
}
