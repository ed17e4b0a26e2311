using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>
/// The product of a few rows with a matrix whose columns lie contiguous, as in y = x Wᵀ for a token or some. Every weight is
/// read once where it lies, which is all that the memory allows: an element of C is the dot product of two contiguous runs.
/// </summary>
internal static unsafe class GemmDot<V>
    where V : unmanaged, IVector<V>
{
    private const int TileColumns = 4;

    /// <summary>Gets the most rows of a tile, with 32 vector registers or 16.</summary>
    private static int MaxRows => V.Count >= 16 ? 4 : 2;

    /// <summary>Multiplies: the rows of <paramref name="a"/> are few, <paramref name="b"/> has a row stride of 1.</summary>
    public static void Multiply(Matrix a, Matrix b, Matrix c, bool accumulate, bool parallel)
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

        int groups = (b.Columns + TileColumns - 1) / TileColumns;
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

    /// <summary>Sets the sums to the dot products of up to four rows with up to four columns.</summary>
    internal static void Tile(Matrix a, Matrix b, float* sums)
    {
        // Missing columns are computed again from the last, and nobody asks for them.
        float* w0 = b.Data;
        float* w1 = b.At(0, Math.Min(1, b.Columns - 1));
        float* w2 = b.At(0, Math.Min(2, b.Columns - 1));
        float* w3 = b.At(0, b.Columns - 1);
        switch (a.Rows)
        {
            case 1:
                Tile<Rows1>(a.Columns, a.Data, a.RowStride, w0, w1, w2, w3, sums);
                break;
            case 2:
                Tile<Rows2>(a.Columns, a.Data, a.RowStride, w0, w1, w2, w3, sums);
                break;
            case 3:
                Tile<Rows3>(a.Columns, a.Data, a.RowStride, w0, w1, w2, w3, sums);
                break;
            default:
                Tile<Rows4>(a.Columns, a.Data, a.RowStride, w0, w1, w2, w3, sums);
                break;
        }
    }

    /// <summary>
    /// Computes the dot products of up to four rows with four columns. There is no call in here: the sums could not stay in
    /// registers across one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TRows>(nint depth, float* a, nint aStride, float* w0, float* w1, float* w2, float* w3, float* sums)
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
        for (nint step = 0; step < depth; step += V.Count)
        {
            V b0 = V.Load(w0 + step);
            V b1 = V.Load(w1 + step);
            V b2 = V.Load(w2 + step);
            V b3 = V.Load(w3 + step);
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

        Put<TRows>(0, s00, s01, s02, s03, sums);
        Put<TRows>(1, s10, s11, s12, s13, sums);
        Put<TRows>(2, s20, s21, s22, s23, sums);
        Put<TRows>(3, s30, s31, s32, s33, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TRows>(int row, V sum0, V sum1, V sum2, V sum3, float* sums)
        where TRows : ITileRows
    {
        if (row < TRows.Count)
        {
            sums += row * TileColumns;
            sums[0] = V.Sum(sum0);
            sums[1] = V.Sum(sum1);
            sums[2] = V.Sum(sum2);
            sums[3] = V.Sum(sum3);
        }
    }

    /// <summary>Computes groups of columns.</summary>
    private readonly struct Body(Matrix a, Matrix b, Matrix c, bool accumulate) : IParallelBody
    {
        public void Run(int start, int end)
        {
            float* sums = stackalloc float[MaxRows * TileColumns];
            float* rest = stackalloc float[MaxRows * TileColumns];
            int depth = a.Columns;
            int whole = depth / V.Count * V.Count;
            for (int group = start; group < end; group++)
            {
                int column = group * TileColumns;
                int columns = Math.Min(TileColumns, b.Columns - column);
                for (int row = 0; row < a.Rows; row += MaxRows)
                {
                    int rows = Math.Min(MaxRows, a.Rows - row);
                    Tile(a.Block(row, 0, rows, whole), b.Block(0, column, whole, columns), sums);
                    if (whole < depth)
                    {
                        Matrix aRest = a.Block(row, whole, rows, depth - whole);
                        GemmDot<V1>.Tile(aRest, b.Block(whole, column, depth - whole, columns), rest);
                    }

                    Put(sums, rest, c.Block(row, column, rows, columns));
                }
            }
        }

        private void Put(float* sums, float* rest, Matrix tile)
        {
            for (int row = 0; row < tile.Rows; row++)
            {
                for (int column = 0; column < tile.Columns; column++)
                {
                    int place = (row * TileColumns) + column;
                    float sum = sums[place] + rest[place];
                    float* element = tile.At(row, column);
                    *element = accumulate ? *element + sum : sum;
                }
            }
        }
    }
}
