namespace Nabla.Kernels;

/// <summary>
/// Takes a tile's sums to C where C ends within the tile. The last vector of a row overlaps the one before instead of leaving
/// elements to be moved one by one: both are read before either is written, so that no element is added to twice.
/// </summary>
internal static unsafe class GemmEdge<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>Does <c>tile = sums</c>, or <c>tile += sums</c>.</summary>
    /// <param name="sums">The sums, row by row.</param>
    /// <param name="width">From one row of sums to the next.</param>
    /// <param name="tile">The part of C, at most two vectors wide.</param>
    /// <param name="add">Whether to add to what C holds.</param>
    public static void Copy(float* sums, int width, Matrix tile, bool add)
    {
        if (tile.ColumnStride != 1)
        {
            CopyElements(sums, width, tile, add);
        }
        else if (tile.Columns >= V.Count)
        {
            CopyRows<V>(sums, width, tile, add);
        }
        else if (tile.Columns >= V256.Count)
        {
            CopyRows<V256>(sums, width, tile, add);
        }
        else if (tile.Columns >= V128.Count)
        {
            CopyRows<V128>(sums, width, tile, add);
        }
        else
        {
            CopyElements(sums, width, tile, add);
        }
    }

    /// <summary>Copies rows of one to two vectors.</summary>
    private static void CopyRows<W>(float* sums, int width, Matrix tile, bool add)
        where W : unmanaged, IVector<W>
    {
        int last = tile.Columns - W.Count;
        float* target = tile.Data;
        for (int row = 0; row < tile.Rows; row++)
        {
            W left = W.Load(sums);
            W right = W.Load(sums + last);
            if (add)
            {
                left = W.Load(target) + left;
                right = W.Load(target + last) + right;
            }

            left.Store(target);
            right.Store(target + last);
            sums += width;
            target += tile.RowStride;
        }
    }

    private static void CopyElements(float* sums, int width, Matrix tile, bool add)
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            float* target = tile.At(row, 0);
            for (int column = 0; column < tile.Columns; column++)
            {
                *target = add ? *target + sums[column] : sums[column];
                target += tile.ColumnStride;
            }

            sums += width;
        }
    }
}
