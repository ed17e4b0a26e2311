using System.Buffers;

namespace Nabla.IO;

/// <summary>Writes the numbers of tensors to a stream, straight from their memory where the type is the same.</summary>
internal static class ElementWriter
{
    private const int PieceElements = 64 << 10;
    private const int MostElementsAtOnce = 1 << 28;

    /// <summary>Writes the elements of a tensor in row-major order, as F32, F16 or BF16.</summary>
    public static unsafe void Write(Stream stream, Tensor tensor, TensorFileType type)
    {
        // The contiguous copy of a strided tensor goes back at once.
        using MemoryScope scope = MemoryScope.Begin();
        Tensor contiguous = tensor.Detach().Contiguous();
        if (type == TensorFileType.F32)
        {
            WriteWords(stream, (int*)contiguous.Pointer, contiguous.Count);
        }
        else
        {
            WriteRounded(stream, contiguous.Values, type);
        }

        GC.KeepAlive(contiguous);
    }

    /// <summary>Writes the elements of a tensor in row-major order, as I32.</summary>
    public static unsafe void Write(Stream stream, IndexTensor tensor)
    {
        WriteWords(stream, tensor.Pointer, tensor.Count);
        GC.KeepAlive(tensor);
    }

    private static unsafe void WriteWords(Stream stream, int* values, int count)
    {
        for (int done = 0, piece; done < count; done += piece)
        {
            piece = Math.Min(count - done, MostElementsAtOnce);
            stream.Write(new ReadOnlySpan<byte>(values + done, piece * sizeof(int)));
        }
    }

    private static void WriteRounded(Stream stream, ReadOnlySpan<float> values, TensorFileType type)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceElements * type.ByteCount());
        try
        {
            for (int done = 0, piece; done < values.Length; done += piece)
            {
                piece = Math.Min(values.Length - done, PieceElements);
                Span<byte> stored = buffer.AsSpan(0, piece * type.ByteCount());
                ElementConversion.FromSingle(type, values.Slice(done, piece), stored);
                stream.Write(stored);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
