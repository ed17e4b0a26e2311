using System.Buffers.Binary;
using System.IO.Compression;

namespace Nabla.IO;

/// <summary>
/// Reads idx files, the format of the MNIST digits (http://yann.lecun.com/exdb/mnist): two zeros, the type, the number of
/// dimensions, their sizes, and the numbers, highest byte first. Files packed by gzip are read as they are.
/// </summary>
/// <example>
/// <code>
/// byte[] pixels = IdxFile.ReadBytes("train-images-idx3-ubyte.gz", out Shape shape);    // [60000, 28, 28]
/// </code>
/// </example>
public static class IdxFile
{
    private const int MagicBytes = 4;

    /// <summary>Reads an array of floats (of four or eight bytes) as float32.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="TensorFileException">The file is damaged, or holds something else than floats.</exception>
    public static unsafe Tensor Read(string path)
    {
        DataFile numbers = Unpack(path, out TensorFileType type, out Shape shape);
        if (!type.IsFloat())
        {
            throw numbers.Fault($"it holds whole numbers ({type}), not floats; read it with ReadIndex.");
        }

        Tensor result = new(shape);
        numbers.ReadFloats(0, type, bigEndian: true, result.Pointer, result.Count);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Reads an array of whole numbers (bytes, or integers of four bytes) as int32.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="TensorFileException">The file is damaged, or holds something else than whole numbers.</exception>
    public static unsafe IndexTensor ReadIndex(string path)
    {
        DataFile numbers = Unpack(path, out TensorFileType type, out Shape shape);
        if (type.IsFloat())
        {
            throw numbers.Fault($"it holds floats ({type}), not whole numbers; read it with Read.");
        }

        IndexTensor result = new(shape);
        numbers.ReadInts(0, type, bigEndian: true, result.Pointer, result.Count);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Reads an array of bytes, such as the pixels of pictures.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">The sizes of its dimensions.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="TensorFileException">The file is damaged, or holds something else than bytes.</exception>
    public static byte[] ReadBytes(string path, out Shape shape)
    {
        byte[] numbers = UnpackBytes(path, out TensorFileType type, out shape);
        return type == TensorFileType.U8
            ? numbers
            : throw DataFile.Fault(path, $"it holds numbers of type {type}, not bytes; read it with Read or ReadIndex.");
    }

    private static DataFile Unpack(string path, out TensorFileType type, out Shape shape) =>
        new(path, UnpackBytes(path, out type, out shape));

    private static byte[] UnpackBytes(string path, out TensorFileType type, out Shape shape)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        bool packed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using Stream stream = packed ? new GZipStream(file, CompressionMode.Decompress) : file;
        try
        {
            type = ReadType(stream, path, out int rank);
            shape = ReadShape(stream, path, rank);
            long length = (long)shape.Count * type.ByteCount();
            if (!packed && length != file.Length - file.Position)
            {
                throw DataFile.Fault(
                    path, $"{shape} of {type} takes {length} bytes, but {file.Length - file.Position} follow the header.");
            }

            byte[] numbers = PackedBytes.Read(stream, length, file.Length, path);
            return !packed || EndsWith(file, MagicBytes + (rank * sizeof(int)) + length)
                ? numbers
                : throw DataFile.Fault(path, $"the end of what gzip packed is missing: get the file again.");
        }
        catch (InvalidDataException exception)
        {
            throw DataFile.Fault(path, $"what gzip packed is damaged or cut short: get the file again.", exception);
        }
    }

    /// <summary>
    /// Returns whether the last thing in a gzip file is the number of bytes that were packed: .NET checks the end if it is
    /// there, but does not miss it.
    /// </summary>
    private static bool EndsWith(FileStream file, long unpackedLength)
    {
        Span<byte> end = stackalloc byte[sizeof(uint)];
        file.Position = file.Length - end.Length;
        file.ReadExactly(end);
        return BinaryPrimitives.ReadUInt32LittleEndian(end) == (uint)unpackedLength;
    }

    private static TensorFileType ReadType(Stream stream, string path, out int rank)
    {
        ReadOnlySpan<byte> magic = ReadHeader(stream, path, MagicBytes);
        if (magic[0] != 0 || magic[1] != 0)
        {
            throw DataFile.Fault(path, $"it is no idx file: that begins with two zeros, or is packed by gzip.");
        }

        rank = magic[3];
        return magic[2] switch
        {
            0x08 => TensorFileType.U8,
            0x0C => TensorFileType.I32,
            0x0D => TensorFileType.F32,
            0x0E => TensorFileType.F64,
            byte other => throw DataFile.Fault(
                path, $"its type 0x{other:X2} is none of 08 (bytes), 0C (integers of four bytes), 0D and 0E (floats)."),
        };
    }

    private static Shape ReadShape(Stream stream, string path, int rank)
    {
        ReadOnlySpan<byte> bytes = ReadHeader(stream, path, rank * sizeof(int));
        int[] sizes = new int[rank];
        for (int dim = 0; dim < rank; dim++)
        {
            sizes[dim] = BinaryPrimitives.ReadInt32BigEndian(bytes[(dim * sizeof(int))..]);
        }

        try
        {
            return new Shape(sizes);
        }
        catch (ShapeException exception)
        {
            throw DataFile.Fault(path, $"{exception.Message}", exception);
        }
    }

    private static byte[] ReadHeader(Stream stream, string path, int count)
    {
        byte[] bytes = new byte[count];
        return stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false) == count
            ? bytes
            : throw DataFile.Fault(path, $"it ends within its header: it is cut short.");
    }
}
