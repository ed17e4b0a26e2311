namespace Nabla.IO;

/// <summary>Takes bytes out of a stream that unpacks them, and that may lie about how many there are.</summary>
internal static class PackedBytes
{
    // Deflate says at best "the last byte 258 times more" in two bits.
    private const int MostFromOneByte = 258 * 8 / 2;

    /// <summary>Reads exactly as many bytes as the stream should have; memory stays in proportion to the packed file.</summary>
    /// <param name="stream">Where the bytes come from.</param>
    /// <param name="length">How many there should be.</param>
    /// <param name="packedLength">How many bytes of the file they were packed into.</param>
    /// <param name="path">The name that faults are reported by.</param>
    /// <exception cref="TensorFileException">There are more bytes or fewer.</exception>
    public static byte[] Read(Stream stream, long length, long packedLength, string path)
    {
        if (length < 0 || length > Array.MaxLength || length > Math.Max(packedLength, 0) * MostFromOneByte)
        {
            throw DataFile.Fault(path, $"it speaks of {length} bytes, which {packedLength} packed ones cannot hold.");
        }

        byte[] bytes = new byte[length];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
        {
            throw DataFile.Fault(path, $"it should hold {length} more bytes and ends after {read}: it is cut short.");
        }

        return stream.ReadByte() < 0
            ? bytes
            : throw DataFile.Fault(path, $"more bytes follow the {length} that it should hold.");
    }
}
