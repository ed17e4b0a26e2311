using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Nabla.IO;

/// <summary>
/// An open file of numbers, or what was unpacked from one, of which any part can be read straight into the memory of a tensor.
/// </summary>
/// <remarks>
/// Read by position and not mapped into memory: it is as fast, and a file that another program cuts short while it is open
/// gives an exception, where touching a mapped page that is gone would end the process.
/// </remarks>
internal sealed class DataFile : IDisposable
{
    private const int PieceBytes = 256 << 10;
    private const int MostBytesAtOnce = 1 << 30;

    private readonly SafeFileHandle? _handle;
    private readonly byte[]? _unpacked;

    /// <summary>Opens a file; another program may replace or delete it meanwhile, and the old contents stay readable.</summary>
    public DataFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            Length = RandomAccess.GetLength(_handle);
        }
        catch
        {
            _handle.Dispose();
            throw;
        }
    }

    /// <summary>Takes what was unpacked from a file.</summary>
    /// <param name="path">The name that faults are reported by.</param>
    /// <param name="unpacked">The bytes.</param>
    public DataFile(string path, byte[] unpacked)
    {
        Path = path;
        Length = unpacked.Length;
        _unpacked = unpacked;
    }

    /// <summary>Gets the name that the file was opened by.</summary>
    public string Path { get; }

    /// <summary>Gets the number of bytes when the file was opened.</summary>
    public long Length { get; }

    /// <summary>Returns the exception that says what is wrong with this file.</summary>
    public TensorFileException Fault(FormattableString fault, Exception? inner = null) => Fault(Path, fault, inner);

    /// <summary>Returns the exception that says what is wrong with the file of that name.</summary>
    public static TensorFileException Fault(string path, FormattableString fault, Exception? inner = null) =>
        new($"{path}: {FormattableString.Invariant(fault)}", inner!);

    /// <summary>Reads bytes that the file had when it was opened.</summary>
    public void Read(long offset, Span<byte> bytes)
    {
        if (_unpacked is not null)
        {
            _unpacked.AsSpan((int)offset, bytes.Length).CopyTo(bytes);
            return;
        }

        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(_handle!, bytes, offset);
            if (read == 0)
            {
                throw Fault($"the file was cut short while it was open: it had {Length} bytes and now ends at byte {offset}.");
            }

            offset += read;
            bytes = bytes[read..];
        }
    }

    /// <summary>Reads stored floats.</summary>
    /// <param name="offset">Where the first one is.</param>
    /// <param name="type">A floating-point type.</param>
    /// <param name="bigEndian">Whether their bytes are in the other order than this machine's.</param>
    /// <param name="values">Where they go.</param>
    /// <param name="count">How many there are.</param>
    public unsafe void ReadFloats(long offset, TensorFileType type, bool bigEndian, float* values, int count)
    {
        if (type == TensorFileType.F32)
        {
            ReadWords(offset, bigEndian, (int*)values, count);
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            int size = type.ByteCount();
            for (int done = 0, piece; done < count; done += piece)
            {
                piece = Math.Min(count - done, PieceBytes / size);
                Span<byte> stored = ReadPiece(offset + ((long)done * size), buffer.AsSpan(0, piece * size), size, bigEndian);
                ElementConversion.ToSingle(type, stored, new Span<float>(values + done, piece));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads stored whole numbers.</summary>
    /// <returns>The place of the first number that is no int32, else -1.</returns>
    public unsafe int ReadInts(long offset, TensorFileType type, bool bigEndian, int* values, int count)
    {
        if (type == TensorFileType.I32)
        {
            ReadWords(offset, bigEndian, values, count);
            return -1;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            int size = type.ByteCount();
            for (int done = 0, piece; done < count; done += piece)
            {
                piece = Math.Min(count - done, PieceBytes / size);
                Span<byte> stored = ReadPiece(offset + ((long)done * size), buffer.AsSpan(0, piece * size), size, bigEndian);
                int misfit = ElementConversion.ToInt32(type, stored, new Span<int>(values + done, piece));
                if (misfit >= 0)
                {
                    return done + misfit;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return -1;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle?.Dispose();

    private unsafe void ReadWords(long offset, bool bigEndian, int* values, int count)
    {
        for (int done = 0, piece; done < count; done += piece)
        {
            piece = Math.Min(count - done, MostBytesAtOnce / sizeof(int));
            Read(offset + ((long)done * sizeof(int)), new Span<byte>(values + done, piece * sizeof(int)));
        }

        if (bigEndian)
        {
            Span<int> words = new(values, count);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }

    private Span<byte> ReadPiece(long offset, Span<byte> buffer, int size, bool bigEndian)
    {
        Read(offset, buffer);
        if (bigEndian)
        {
            for (int i = 0; i < buffer.Length; i += size)
            {
                buffer.Slice(i, size).Reverse();
            }
        }

        return buffer;
    }
}
