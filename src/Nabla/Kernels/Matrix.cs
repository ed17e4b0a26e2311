using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>
/// A matrix in memory: element (r, c) lies at <c>Data[r * RowStride + c * ColumnStride]</c>. Strides may be zero (a
/// broadcast) or negative.
/// </summary>
internal readonly unsafe struct Matrix(float* data, int rows, int columns, nint rowStride, nint columnStride)
{
    public float* Data { get; } = data;

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
        => new(At(row, column), rows, columns, RowStride, ColumnStride);

    /// <summary>Returns the matrix of the same form that lies <paramref name="distance"/> floats further.</summary>
    public Matrix Moved(nint distance) => new(Data + distance, Rows, Columns, RowStride, ColumnStride);

    /// <summary>Sets every element to zero.</summary>
    public void Clear()
    {
        for (int r = 0; r < Rows; r++)
        {
            for (int c = 0; c < Columns; c++)
            {
                *At(r, c) = 0f;
            }
        }
    }
}
