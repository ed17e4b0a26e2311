using Nabla.Files;

namespace Nabla.IO;

/// <summary>Reads and writes npy files, NumPy's format for one array (https://numpy.org/neps/nep-0001-npy-format.html).</summary>
/// <example>
/// <code>
/// Tensor images = NpyFile.Read("images.npy");    // numpy.save("images.npy", images)
/// </code>
/// </example>
public static class NpyFile
{
    /// <summary>Reads an array of floats (f2, f4 or f8, of either byte order) as float32.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="TensorFileException">The file is damaged, or holds something else than floats.</exception>
    public static Tensor Read(string path)
    {
        using DataFile file = new(path);
        return Read(file);
    }

    /// <summary>Reads an array of whole numbers (i4, i8, u1, u2 or u4, of either byte order) as int32.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="TensorFileException">The file is damaged, holds something else, or a number does not fit.</exception>
    public static IndexTensor ReadIndex(string path)
    {
        using DataFile file = new(path);
        return ReadIndex(file);
    }

    /// <summary>Reads an array of bytes (u1), such as the pixels of pictures, row after row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">The sizes of its dimensions.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="TensorFileException">The file is damaged, or holds something else than bytes.</exception>
    public static byte[] ReadBytes(string path, out Shape shape)
    {
        using DataFile file = new(path);
        return ReadBytes(file, out shape);
    }

    /// <inheritdoc cref="Read(string)"/>
    internal static unsafe Tensor Read(DataFile file)
    {
        NpyHeader header = NpyHeader.Read(file);
        if (!header.Type.IsFloat())
        {
            throw file.Fault($"it holds whole numbers ({header.Type}), not floats; read it with ReadIndex.");
        }

        Tensor stored = new(header.Shape);
        file.ReadFloats(header.DataStart, header.Type, header.IsBigEndian, stored.Pointer, stored.Count);
        Tensor result = stored;
        if (header.IsColumnMajor)
        {
            result = new Tensor(header.Shape);
            ToRowMajor(stored.Values, header.Shape, result.Values);
        }

        GC.KeepAlive(stored);
        GC.KeepAlive(result);
        return result;
    }

    /// <inheritdoc cref="ReadIndex(string)"/>
    internal static unsafe IndexTensor ReadIndex(DataFile file)
    {
        NpyHeader header = NpyHeader.Read(file);
        if (header.Type.IsFloat())
        {
            throw file.Fault($"it holds floats ({header.Type}), not whole numbers; read it with Read.");
        }

        IndexTensor stored = new(header.Shape);
        int misfit = file.ReadInts(header.DataStart, header.Type, header.IsBigEndian, stored.Pointer, stored.Count);
        if (misfit >= 0)
        {
            throw file.Fault($"number {misfit} in the file is beyond the range of int32.");
        }

        IndexTensor result = stored;
        if (header.IsColumnMajor)
        {
            result = new IndexTensor(header.Shape);
            ToRowMajor(stored.Values, header.Shape, result.Values);
        }

        GC.KeepAlive(stored);
        GC.KeepAlive(result);
        return result;
    }

    /// <inheritdoc cref="ReadBytes(string, out Shape)"/>
    internal static byte[] ReadBytes(DataFile file, out Shape shape)
    {
        NpyHeader header = NpyHeader.Read(file);
        if (header.Type != TensorFileType.U8)
        {
            throw file.Fault($"it holds numbers of type {header.Type}, not bytes; read it with Read or ReadIndex.");
        }

        shape = header.Shape;
        byte[] stored = new byte[shape.Count];
        file.Read(header.DataStart, stored);
        if (!header.IsColumnMajor)
        {
            return stored;
        }

        byte[] result = new byte[shape.Count];
        ToRowMajor<byte>(stored, shape, result);
        return result;
    }

    /// <summary>Reads an array of whole numbers of one dimension, such as the tokens of a text, without a tensor.</summary>
    /// <inheritdoc cref="ReadIndex(string)"/>
    public static unsafe int[] ReadVector(string path)
    {
        using DataFile file = new(path);
        NpyHeader header = NpyHeader.Read(file);
        if (header.Shape.Rank != 1 || !header.Type.IsInteger())
        {
            throw file.Fault($"it holds {header.Type} of shape {header.Shape}, not whole numbers of one dimension.");
        }

        int[] numbers = new int[header.Shape.Count];
        fixed (int* values = numbers)
        {
            int misfit = file.ReadInts(header.DataStart, header.Type, header.IsBigEndian, values, numbers.Length);
            return misfit < 0 ? numbers : throw file.Fault($"number {misfit} in the file is beyond the range of int32.");
        }
    }

    /// <summary>Reads what a file says of its numbers, and none of them.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="TensorFileException">The file is damaged.</exception>
    public static NpyLayout ReadLayout(string path)
    {
        using DataFile file = new(path);
        NpyHeader header = NpyHeader.Read(file);
        return new NpyLayout(header.Type, header.Shape, header.DataStart, header.IsBigEndian, header.IsColumnMajor);
    }

    /// <summary>
    /// Returns the bytes that a file begins with, for who writes the numbers after them by himself: row after row, little-endian.
    /// </summary>
    /// <param name="type">How each number is stored: U16, U32, I32 or F32.</param>
    /// <param name="shape">The sizes of the dimensions. All vectors have headers of one length.</param>
    /// <exception cref="ArgumentException">The type is another one.</exception>
    public static byte[] Header(TensorFileType type, in Shape shape) => NpyHeader.Bytes(
        type switch
        {
            TensorFileType.U16 => "<u2",
            TensorFileType.U32 => "<u4",
            TensorFileType.I32 => "<i4",
            TensorFileType.F32 => "<f4",
            _ => throw new ArgumentException($"NpyFile.Header: {type} is none of U16, U32, I32 and F32."),
        },
        shape);

    /// <summary>Writes a tensor as f4, to a file that is replaced whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written; an old one is left as it was.</exception>
    public static void Write(string path, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using AtomicFile file = AtomicFile.Create(path);
        file.Stream.Write(NpyHeader.Bytes("<f4", tensor.Shape));
        ElementWriter.Write(file.Stream, tensor, TensorFileType.F32);
        file.Commit();
    }

    /// <summary>Writes a tensor of whole numbers as i4, to a file that is replaced whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written; an old one is left as it was.</exception>
    public static void Write(string path, IndexTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using AtomicFile file = AtomicFile.Create(path);
        file.Stream.Write(NpyHeader.Bytes("<i4", tensor.Shape));
        ElementWriter.Write(file.Stream, tensor);
        file.Commit();
    }

    /// <summary>Copies elements of which the first dimension is the fastest to where the last one is.</summary>
    private static void ToRowMajor<T>(ReadOnlySpan<T> source, in Shape shape, Span<T> destination)
    {
        Span<int> index = stackalloc int[shape.Rank];
        Span<int> steps = stackalloc int[shape.Rank];
        for (int dim = 0, step = 1; dim < steps.Length; step *= Math.Max(shape[dim++], 1))
        {
            steps[dim] = step;
        }

        int from = 0;
        for (int to = 0; to < destination.Length; to++)
        {
            destination[to] = source[from];
            for (int dim = shape.Rank - 1; dim >= 0; dim--)
            {
                from += steps[dim];
                if (++index[dim] < shape[dim])
                {
                    break;
                }

                from -= steps[dim] * shape[dim];
                index[dim] = 0;
            }
        }
    }
}
