using System.Buffers;

namespace Nabla.IO;

/// <summary>
/// The numbers of tensors in a stream, row-major and little-endian, with nothing around them: for formats that have a header of
/// their own.
/// </summary>
public static class RawElements
{
    private const int PieceBytes = 256 << 10;

    /// <summary>Writes the elements of a tensor.</summary>
    /// <param name="stream">Where they go.</param>
    /// <param name="tensor">The tensor, of any strides.</param>
    /// <param name="type">F32, or F16 or BF16 to round each number to the nearest of those, ties to even.</param>
    /// <exception cref="ArgumentException">The type is another.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(Stream stream, Tensor tensor, TensorFileType type = TensorFileType.F32)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        Check(nameof(Write), type);
        ElementWriter.Write(stream, tensor, type);
    }

    /// <summary>Reads the elements of a tensor, whether that is on the tape or not.</summary>
    /// <param name="stream">Where they come from.</param>
    /// <param name="destination">The tensor whose elements are overwritten; it must be contiguous.</param>
    /// <param name="type">F32, F16 or BF16.</param>
    /// <exception cref="ArgumentException">The type is another, or the tensor is not contiguous.</exception>
    /// <exception cref="EndOfStreamException">The stream ends before.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static void Read(Stream stream, Tensor destination, TensorFileType type = TensorFileType.F32)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(destination);
        Check(nameof(Read), type);
        if (!destination.IsContiguous)
        {
            throw new ArgumentException($"Read: the tensor of shape {destination.Shape} is not contiguous; read into the one it is a view of.");
        }

        ReadPieces(stream, destination.Values, type);
        destination.Touch();
        GC.KeepAlive(destination);
    }

    private static void ReadPieces(Stream stream, Span<float> values, TensorFileType type)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            int size = type.ByteCount();
            while (!values.IsEmpty)
            {
                Span<float> piece = values[..Math.Min(values.Length, PieceBytes / size)];
                Span<byte> stored = buffer.AsSpan(0, piece.Length * size);
                stream.ReadExactly(stored);
                ElementConversion.ToSingle(type, stored, piece);
                values = values[piece.Length..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Check(string operation, TensorFileType type)
    {
        if (type is not (TensorFileType.F32 or TensorFileType.F16 or TensorFileType.BF16))
        {
            throw new ArgumentException($"{operation}: a tensor's elements are F32, F16 or BF16 in a stream, not {type}.");
        }
    }
}
