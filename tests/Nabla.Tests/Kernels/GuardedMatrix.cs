using System.Runtime.InteropServices;
using Nabla.Kernels;

namespace Nabla.Tests.Kernels;

/// <summary>How the elements of a matrix lie in memory.</summary>
public enum Layout
{
    Rows,
    Columns,
    PaddedRows,
    PaddedColumns,
    Scattered,
}

/// <summary>
/// A matrix with NaN in all the memory around and between its elements: who reads there gets NaN into his result, and who
/// writes there is found out.
/// </summary>
internal sealed unsafe class GuardedMatrix : IDisposable
{
    private const int Margin = 70;

    private readonly float* _memory;
    private readonly int _size;

    public GuardedMatrix(int rows, int columns, Layout layout)
    {
        (int rowStride, int columnStride) = layout switch
        {
            Layout.Rows => (columns, 1),
            Layout.Columns => (1, rows),
            Layout.PaddedRows => (columns + 3, 1),
            Layout.PaddedColumns => (1, rows + 5),
            _ => (2, (2 * rows) + 3),
        };
        _size = (rows * rowStride) + (columns * columnStride) + (2 * Margin);
        _memory = (float*)NativeMemory.Alloc((nuint)_size * sizeof(float));
        new Span<float>(_memory, _size).Fill(float.NaN);
        Matrix = new Matrix(_memory + Margin, rows, columns, rowStride, columnStride);
    }

    public Matrix Matrix { get; }

    public float this[int row, int column] => *Matrix.At(row, column);

    public GuardedMatrix Fill(Random random)
    {
        for (int r = 0; r < Matrix.Rows; r++)
        {
            for (int c = 0; c < Matrix.Columns; c++)
            {
                *Matrix.At(r, c) = (random.NextSingle() * 2f) - 1f;
            }
        }

        return this;
    }

    /// <summary>Returns the elements in row-major order.</summary>
    public float[] ToArray()
    {
        float[] values = new float[Matrix.Rows * Matrix.Columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = this[i / Matrix.Columns, i % Matrix.Columns];
        }

        return values;
    }

    /// <summary>Returns whether no memory but the elements' was written.</summary>
    public bool GuardsStand()
    {
        float[] elements = ToArray();
        for (int r = 0; r < Matrix.Rows; r++)
        {
            for (int c = 0; c < Matrix.Columns; c++)
            {
                *Matrix.At(r, c) = float.NaN;
            }
        }

        bool stand = true;
        for (int i = 0; i < _size; i++)
        {
            stand &= float.IsNaN(_memory[i]);
        }

        for (int i = 0; i < elements.Length; i++)
        {
            *Matrix.At(i / Matrix.Columns, i % Matrix.Columns) = elements[i];
        }

        return stand;
    }

    public void Dispose() => NativeMemory.Free(_memory);
}
