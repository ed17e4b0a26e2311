namespace Nabla.Kernels;

/// <summary>
/// Takes a tile's sums to C where C ends within the tile. The last vector of a row overlaps the one before instead of leaving
/// elements to be moved one by one: both are read before either is written, so that no element is added to twice.
/// </summary>
internal static unsafe class GemmEdge<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>Does <c>tile = start + sums</c>.</summary>
    /// <param name="sums">The sums, row by row.</param>
    /// <param name="width">From one row of sums to the next.</param>
    /// <param name="tile">The part of C, at most two vectors wide.</param>
    /// <param name="start">Of the tile's size, it may be the tile itself; without data it is zeros.</param>
    public static void Copy(float* sums, int width, Matrix tile, Matrix start)
    {
        if (tile.ColumnStride != 1 || (start.HasData && start.ColumnStride != 1))
        {
            CopyElements(sums, width, tile, start);
        }
        else if (tile.Columns >= V.Count)
        {
            CopyRows<V>(sums, width, tile, start);
        }
        else if (tile.Columns >= V256.Count)
        {
            CopyRows<V256>(sums, width, tile, start);
        }
        else if (tile.Columns >= V128.Count)
        {
            CopyRows<V128>(sums, width, tile, start);
        }
        else
        {
            CopyElements(sums, width, tile, start);
        }
    }

    /// <summary>Copies rows of one to two vectors.</summary>
    private static void CopyRows<W>(float* sums, int width, Matrix tile, Matrix start)
        where W : unmanaged, IVector<W>
    {
        int last = tile.Columns - W.Count;
        float* target = tile.Data;
        float* from = start.Data;
        for (int row = 0; row < tile.Rows; row++)
        {
            W left = W.Load(sums);
            W right = W.Load(sums + last);
            if (from is not null)
            {
                left = W.Load(from) + left;
                right = W.Load(from + last) + right;
                from += start.RowStride;
            }

            left.Store(target);
            right.Store(target + last);
            sums += width;
            target += tile.RowStride;
        }
    }

    private static void CopyElements(float* sums, int width, Matrix tile, Matrix start)
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            for (int column = 0; column < tile.Columns; column++)
            {
                *tile.At(row, column) = start.HasData ? *start.At(row, column) + sums[column] : sums[column];
            }

            sums += width;
        }
    }
}
