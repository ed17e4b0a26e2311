namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns this tensor so that its memory is rows of what is marked: as it is where the marked dimensions come last, else a
    /// copy, on the tape, with them brought to the end.
    /// </summary>
    /// <param name="marked">For each dimension, whether it is part of the rows.</param>
    /// <param name="rows">The number of rows: the product of the other sizes.</param>
    /// <param name="columns">The length of a row: the product of the marked sizes.</param>
    internal Tensor RowsAlong(ReadOnlySpan<bool> marked, out int rows, out int columns)
    {
        (rows, columns) = (1, 1);
        bool last = true;
        for (int dim = 0; dim < Rank; dim++)
        {
            if (marked[dim])
            {
                columns *= Shape[dim];
            }
            else
            {
                rows *= Shape[dim];
                last &= columns == 1 || Shape[dim] == 1;
            }
        }

        if (last)
        {
            return Contiguous();
        }

        Span<int> order = stackalloc int[Rank];
        int next = 0;
        foreach (bool wanted in (ReadOnlySpan<bool>)[false, true])
        {
            for (int dim = 0; dim < Rank; dim++)
            {
                if (marked[dim] == wanted)
                {
                    order[next++] = dim;
                }
            }
        }

        return Permute(order).Contiguous();
    }
}
