namespace Nabla.Kernels;

/// <summary>
/// Products so small that packing them would take longer than multiplying: one element of C after the other, from operands
/// that are read where they lie. The terms are added in the order of <see cref="GemmBlocks{V}"/>, to the same bits.
/// </summary>
internal static unsafe class GemmTiny
{
    /// <summary>The most multiplications for which this is the quickest way.</summary>
    public const int MaxWork = 256;

    /// <summary>Sets c to a b, or adds a b to c.</summary>
    public static void Multiply(Matrix a, Matrix b, Matrix c, bool accumulate)
    {
        for (int row = 0; row < c.Rows; row++)
        {
            for (int column = 0; column < c.Columns; column++)
            {
                float* x = a.At(row, 0);
                float* y = b.At(0, column);
                V1 sum = default;
                for (int step = a.Columns; step > 0; step--)
                {
                    sum = V1.MultiplyAdd(new V1(*x), new V1(*y), sum);
                    x += a.ColumnStride;
                    y += b.RowStride;
                }

                float* target = c.At(row, column);
                *target = accumulate ? *target + sum.Lane : sum.Lane;
            }
        }
    }
}
