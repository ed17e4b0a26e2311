using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>
/// A matrix in memory: element (r, c) lies at <c>Data[r * RowStride + c * ColumnStride]</c>. Strides may be zero (a
/// broadcast) or negative. Without data it stands for zeros where a matrix may be left out.
/// </summary>
internal readonly unsafe struct Matrix(float* data, int rows, int columns, nint rowStride, nint columnStride)
{
    public float* Data { get; } = data;

    /// <summary>Gets whether there is data.</summary>
    public bool HasData => Data is not null;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public nint RowStride { get; } = rowStride;

    public nint ColumnStride { get; } = columnStride;

    /// <summary>Gets the same memory with rows and columns exchanged.</summary>
    public Matrix Transposed => new(Data, Columns, Rows, ColumnStride, RowStride);

    /// <summary>Returns a matrix of contiguous rows.</summary>
    public static Matrix RowMajor(float* data, int rows, int columns) => new(data, rows, columns, columns, 1);

    /// <summary>Returns the address of an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* At(int row, int column) => Data + (row * RowStride) + (column * ColumnStride);

    /// <summary>Returns the block of the given size whose first element is (row, column).</summary>
    public Matrix Block(int row, int column, int rows, int columns)
        => HasData ? new(At(row, column), rows, columns, RowStride, ColumnStride) : default;

    /// <summary>Returns the matrix of the same form that lies <paramref name="distance"/> floats further.</summary>
    public Matrix Moved(nint distance) => new(Data + distance, Rows, Columns, RowStride, ColumnStride);

    /// <summary>Sets every element to that of a matrix of the same size.</summary>
    public void Copy(Matrix source)
    {
        for (int r = 0; r < Rows; r++)
        {
            if (ColumnStride == 1 && source.HasData && source.ColumnStride == 1)
            {
                new ReadOnlySpan<float>(source.At(r, 0), Columns).CopyTo(new Span<float>(At(r, 0), Columns));
                continue;
            }

            for (int c = 0; c < Columns; c++)
            {
                *At(r, c) = source.HasData ? *source.At(r, c) : 0f;
            }
        }
    }
}
