namespace Nabla.Kernels;

/// <summary>
/// Moves single elements between a table and values with an id each: the id tells the place along one dimension, all other
/// coordinates are the same on both sides. Lines along that dimension therefore never meet, and are what runs in parallel.
/// </summary>
internal static unsafe class ElementIndexing
{
    /// <summary>Does <c>values = table[ids]</c> along the dimension, or <c>+=</c>.</summary>
    public static void Gather(Tensor table, int dim, IndexTensor ids, Tensor values, bool add)
        => Run(table, dim, ids, values, add ? Action.AddToValues : Action.CopyToValues);

    /// <summary>Does <c>table[ids] += values</c> along the dimension, in the order of the values.</summary>
    public static void ScatterAdd(Tensor values, int dim, IndexTensor ids, Tensor table)
        => Run(table, dim, ids, values, Action.AddToTable);

    // The values and the ids are contiguous and of one shape, so one set of strides serves for both.
    private static void Run(Tensor table, int dim, IndexTensor ids, Tensor values, Action action)
    {
        int count = values.Shape[dim];
        if (values.Count == 0)
        {
            return;
        }

        Shape lines = values.Shape.With(dim, 1);
        StridedPlan plan = new(lines, table.Strides, values.Strides, values.Strides);
        Body body = new(table.Pointer, ids.Pointer, values.Pointer, plan, table.Stride(dim), values.Stride(dim), count, action);
        ParallelFor.Run(lines.Count, count, body);
        GC.KeepAlive(table);
        GC.KeepAlive(ids);
        GC.KeepAlive(values);
    }

    private enum Action
    {
        CopyToValues,
        AddToValues,
        AddToTable,
    }

    private readonly struct Body(
        float* table, int* ids, float* values, StridedPlan plan, int tableStep, int valueStep, int count, Action action)
        : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int line = start; line < end; line++)
            {
                (int outer, int inner) = Math.DivRem(line, plan.InnerCount);
                plan.Offsets(outer, out nint tableOffset, out nint valueOffset, out _);
                Line(tableOffset + ((nint)inner * plan.InnerA), valueOffset + ((nint)inner * plan.InnerB));
            }
        }

        private void Line(nint tableOffset, nint valueOffset)
        {
            for (int i = 0; i < count; i++)
            {
                nint place = valueOffset + ((nint)i * valueStep);
                float* element = table + tableOffset + ((nint)ids[place] * tableStep);
                float* value = values + place;
                if (action == Action.AddToTable)
                {
                    *element += *value;
                }
                else
                {
                    *value = action == Action.AddToValues ? *value + *element : *element;
                }
            }
        }
    }
}
