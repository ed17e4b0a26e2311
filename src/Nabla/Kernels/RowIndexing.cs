using System.Runtime.Intrinsics.X86;

namespace Nabla.Kernels;

/// <summary>
/// Moves whole rows between a contiguous table [outer, tableRows, inner] and contiguous rows [outer, ids.Count, inner], where
/// row i of the second belongs to row ids[i] of the first. The ids are known to be in range.
/// </summary>
internal static unsafe class RowIndexing
{
    /// <summary>Below this many elements the order of the ids costs more than a second thread gains.</summary>
    private const int SmallScatter = 16 * 1024;

    /// <summary>How many rows ahead of their use rows are fetched: where they lie is only known to who reads the ids.</summary>
    private const int RowsAhead = 8;

    /// <summary>Does <c>rows[o, i] = table[o, ids[i]]</c>, or <c>+=</c>.</summary>
    public static void Gather(Tensor table, IndexTensor ids, Tensor rows, int outer, int inner, bool add)
    {
        int tableRows = inner == 0 || outer == 0 ? 0 : table.Count / outer / inner;
        GatherBody body = new(table.Pointer, ids.Pointer, rows.Pointer, tableRows, ids.Count, inner, add);
        ParallelFor.Run(outer * ids.Count, inner, body);
        GC.KeepAlive(table);
        GC.KeepAlive(ids);
        GC.KeepAlive(rows);
    }

    /// <summary>
    /// Does <c>table[o, ids[i]] += rows[o, i]</c>. Where an id comes several times its rows are added in the order of i, whatever
    /// the number of threads.
    /// </summary>
    public static void ScatterAdd(Tensor rows, IndexTensor ids, Tensor table, int outer, int inner)
    {
        if (rows.Count == 0)
        {
            return;
        }

        int tableRows = table.Count / outer / inner;
        if (rows.Count < SmallScatter)
        {
            float* source = rows.Pointer;
            int* places = ids.Pointer;
            for (int block = 0; block < outer; block++)
            {
                float* target = table.Pointer + ((nint)block * tableRows * inner);
                for (int i = 0; i < ids.Count; i++, source += inner)
                {
                    Rows.AddTo(target + ((nint)places[i] * inner), source, inner);
                }
            }
        }
        else
        {
            IndexTensor order = OrderOf(ids, tableRows);
            ScatterBody body = new(rows.Pointer, ids.Pointer, order.Pointer, table.Pointer, tableRows, ids.Count, inner);
            ParallelFor.Run(outer * ids.Count, inner, body);
            GC.KeepAlive(order);
        }

        GC.KeepAlive(rows);
        GC.KeepAlive(ids);
        GC.KeepAlive(table);
    }

    /// <summary>Returns the positions of the ids in ascending order of id, equal ones as they came: a counting sort.</summary>
    private static IndexTensor OrderOf(IndexTensor ids, int limit)
    {
        IndexTensor starts = new(new Shape(limit));
        Span<int> next = new(starts.Pointer, limit);
        next.Clear();
        ReadOnlySpan<int> values = new(ids.Pointer, ids.Count);
        foreach (int id in values)
        {
            next[id]++;
        }

        int total = 0;
        foreach (ref int count in next)
        {
            (count, total) = (total, total + count);
        }

        IndexTensor order = new(new Shape(ids.Count));
        int* places = order.Pointer;
        for (int i = 0; i < values.Length; i++)
        {
            places[next[values[i]]++] = i;
        }

        GC.KeepAlive(starts);
        return order;
    }

    private readonly struct GatherBody(float* table, int* ids, float* rows, int tableRows, int count, int inner, bool add)
        : IParallelBody
    {
        public void Run(int start, int end)
        {
            if (start == end)
            {
                return;
            }

            (int block, int i) = Math.DivRem(start, count);
            for (int row = start; row < end; row++, i++)
            {
                (block, i) = i == count ? (block + 1, 0) : (block, i);
                float* part = table + ((nint)block * tableRows * inner);
                if (Sse.IsSupported && i + RowsAhead < count)
                {
                    Sse.Prefetch0(part + ((nint)ids[i + RowsAhead] * inner));
                }

                float* source = part + ((nint)ids[i] * inner);
                float* target = rows + ((nint)row * inner);
                if (add)
                {
                    Rows.AddTo(target, source, inner);
                }
                else
                {
                    Rows.Copy(target, source, inner);
                }
            }
        }
    }

    // Items are places in the order of ids. A run of equal ids belongs to the chunk in which it starts, so that no two
    // threads write to one row of the table.
    private readonly struct ScatterBody(float* rows, int* ids, int* order, float* table, int tableRows, int count, int inner)
        : IParallelBody
    {
        public void Run(int start, int end)
        {
            int item = start;
            while (item < end && !StartsRun(item))
            {
                item++;
            }

            if (item == end)
            {
                return; // all of it belongs to a run that started earlier
            }

            // A run ends with its block at the latest.
            int limit = (((end - 1) / count) + 1) * count;
            for (; item < end || (item < limit && !StartsRun(item)); item++)
            {
                (int block, int place) = Math.DivRem(item, count);
                int i = order[place];
                float* target = table + ((((nint)block * tableRows) + ids[i]) * inner);
                Rows.AddTo(target, rows + ((((nint)block * count) + i) * inner), inner);
            }
        }

        private bool StartsRun(int item)
        {
            int place = item % count;
            return place == 0 || ids[order[place]] != ids[order[place - 1]];
        }
    }
}
