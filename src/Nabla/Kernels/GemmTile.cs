using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>
/// The innermost piece of a matrix product: a tile of C, up to <see cref="MaxRows"/> rows by two vectors, kept in registers
/// while a packed panel of A and a packed panel of B go by. Each row count is compiled by itself, so no work is spent on
/// rows that are not there.
/// </summary>
internal static unsafe class GemmTile<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>
    /// Gets the most rows of a tile: as many as leave registers for two vectors of B and one element of A, with 32 vector
    /// registers (AVX-512) or 16.
    /// </summary>
    public static int MaxRows => V.Count >= 16 ? 14 : 6;

    /// <summary>Gets the columns of a full tile.</summary>
    public static int MaxColumns => 2 * V.Count;

    /// <summary>Returns the code for tiles of so many rows, and of one vector of columns or two.</summary>
    public static delegate*<int, float*, nint, nint, float*, nint, float*, nint, float*, nint, void> Select(int rows, bool wide) => wide
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

    /// <summary>Sets the tile to the product, or to the sum of the product and something of its size.</summary>
    /// <param name="depth">The common dimension, at least 1.</param>
    /// <param name="a">The panel of A, packed or where it lies: for each step of the depth, one element for each row.</param>
    /// <param name="aRowStride">From one row to the next in the panel of A.</param>
    /// <param name="aStepStride">From one step to the next in the panel of A.</param>
    /// <param name="b">The panel of B: for each step of the depth, one or two vectors.</param>
    /// <param name="bStride">From one step to the next in the panel of B, which may be B itself.</param>
    /// <param name="c">The first element of the tile.</param>
    /// <param name="stride">The distance between rows of C.</param>
    /// <param name="start">What the product is added to: the tile itself, another matrix, or null for zeros.</param>
    /// <param name="startStride">The distance between its rows, 0 where all are the same.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TRows, TColumns>(
        int depth,
        float* a,
        nint aRowStride,
        nint aStepStride,
        float* b,
        nint bStride,
        float* c,
        nint stride,
        float* start,
        nint startStride)
        where TRows : ITileRows
        where TColumns : ITileColumns
    {
        // A pointer for every third row, and two distances: an instruction adds one to the other for nothing.
        float* a3 = a + (3 * aRowStride);
        float* a6 = a3 + (3 * aRowStride);
        float* a9 = a6 + (3 * aRowStride);
        float* a12 = a9 + (3 * aRowStride);
        nint twoRows = 2 * aRowStride;

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

        for (; depth > 0; depth--)
        {
            V b0 = V.Load(b);
            V b1 = TColumns.Wide ? V.Load(b + V.Count) : default;
            V x = V.Broadcast(*a);
            c00 = V.MultiplyAdd(x, b0, c00);
            c01 = TColumns.Wide ? V.MultiplyAdd(x, b1, c01) : c01;
            if (TRows.Count > 1)
            {
                x = V.Broadcast(a[aRowStride]);
                c10 = V.MultiplyAdd(x, b0, c10);
                c11 = TColumns.Wide ? V.MultiplyAdd(x, b1, c11) : c11;
            }

            if (TRows.Count > 2)
            {
                x = V.Broadcast(a[twoRows]);
                c20 = V.MultiplyAdd(x, b0, c20);
                c21 = TColumns.Wide ? V.MultiplyAdd(x, b1, c21) : c21;
            }

            if (TRows.Count > 3)
            {
                x = V.Broadcast(*a3);
                c30 = V.MultiplyAdd(x, b0, c30);
                c31 = TColumns.Wide ? V.MultiplyAdd(x, b1, c31) : c31;
            }

            if (TRows.Count > 4)
            {
                x = V.Broadcast(a3[aRowStride]);
                c40 = V.MultiplyAdd(x, b0, c40);
                c41 = TColumns.Wide ? V.MultiplyAdd(x, b1, c41) : c41;
            }

            if (TRows.Count > 5)
            {
                x = V.Broadcast(a3[twoRows]);
                c50 = V.MultiplyAdd(x, b0, c50);
                c51 = TColumns.Wide ? V.MultiplyAdd(x, b1, c51) : c51;
            }

            if (TRows.Count > 6)
            {
                x = V.Broadcast(*a6);
                c60 = V.MultiplyAdd(x, b0, c60);
                c61 = TColumns.Wide ? V.MultiplyAdd(x, b1, c61) : c61;
            }

            if (TRows.Count > 7)
            {
                x = V.Broadcast(a6[aRowStride]);
                c70 = V.MultiplyAdd(x, b0, c70);
                c71 = TColumns.Wide ? V.MultiplyAdd(x, b1, c71) : c71;
            }

            if (TRows.Count > 8)
            {
                x = V.Broadcast(a6[twoRows]);
                c80 = V.MultiplyAdd(x, b0, c80);
                c81 = TColumns.Wide ? V.MultiplyAdd(x, b1, c81) : c81;
            }

            if (TRows.Count > 9)
            {
                x = V.Broadcast(*a9);
                c90 = V.MultiplyAdd(x, b0, c90);
                c91 = TColumns.Wide ? V.MultiplyAdd(x, b1, c91) : c91;
            }

            if (TRows.Count > 10)
            {
                x = V.Broadcast(a9[aRowStride]);
                c100 = V.MultiplyAdd(x, b0, c100);
                c101 = TColumns.Wide ? V.MultiplyAdd(x, b1, c101) : c101;
            }

            if (TRows.Count > 11)
            {
                x = V.Broadcast(a9[twoRows]);
                c110 = V.MultiplyAdd(x, b0, c110);
                c111 = TColumns.Wide ? V.MultiplyAdd(x, b1, c111) : c111;
            }

            if (TRows.Count > 12)
            {
                x = V.Broadcast(*a12);
                c120 = V.MultiplyAdd(x, b0, c120);
                c121 = TColumns.Wide ? V.MultiplyAdd(x, b1, c121) : c121;
            }

            if (TRows.Count > 13)
            {
                x = V.Broadcast(a12[aRowStride]);
                c130 = V.MultiplyAdd(x, b0, c130);
                c131 = TColumns.Wide ? V.MultiplyAdd(x, b1, c131) : c131;
            }

            a += aStepStride;
            a3 += aStepStride;
            a6 += aStepStride;
            a9 += aStepStride;
            a12 += aStepStride;
            b += bStride;
        }

        Put<TRows, TColumns>(0, c00, c01, c, stride, start, startStride);
        Put<TRows, TColumns>(1, c10, c11, c, stride, start, startStride);
        Put<TRows, TColumns>(2, c20, c21, c, stride, start, startStride);
        Put<TRows, TColumns>(3, c30, c31, c, stride, start, startStride);
        Put<TRows, TColumns>(4, c40, c41, c, stride, start, startStride);
        Put<TRows, TColumns>(5, c50, c51, c, stride, start, startStride);
        Put<TRows, TColumns>(6, c60, c61, c, stride, start, startStride);
        Put<TRows, TColumns>(7, c70, c71, c, stride, start, startStride);
        Put<TRows, TColumns>(8, c80, c81, c, stride, start, startStride);
        Put<TRows, TColumns>(9, c90, c91, c, stride, start, startStride);
        Put<TRows, TColumns>(10, c100, c101, c, stride, start, startStride);
        Put<TRows, TColumns>(11, c110, c111, c, stride, start, startStride);
        Put<TRows, TColumns>(12, c120, c121, c, stride, start, startStride);
        Put<TRows, TColumns>(13, c130, c131, c, stride, start, startStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TRows, TColumns>(
        int row, V left, V right, float* c, nint stride, float* start, nint startStride)
        where TRows : ITileRows
        where TColumns : ITileColumns
    {
        if (row >= TRows.Count)
        {
            return;
        }

        if (start is not null)
        {
            start += row * startStride;
            left = V.Load(start) + left;
            right = TColumns.Wide ? V.Load(start + V.Count) + right : right;
        }

        c += row * stride;
        left.Store(c);
        if (TColumns.Wide)
        {
            right.Store(c + V.Count);
        }
    }
}
