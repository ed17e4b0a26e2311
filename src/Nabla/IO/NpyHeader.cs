using System.Buffers.Binary;
using System.Text;

namespace Nabla.IO;

/// <summary>
/// The header of an npy file: <c>\x93NUMPY</c>, the version, the length, and a dictionary in Python's notation,
/// <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }</c>.
/// </summary>
internal sealed class NpyHeader
{
    private const int PrefixBytes = 8;

    // Three short members: longer than version 1 can be, a header is none of a plain array.
    private const int MaxBytes = ushort.MaxValue;

    private NpyHeader(NpyDictionary dictionary, TensorFileType type, in Shape shape, long dataStart)
    {
        IsBigEndian = dictionary.Type[0] == '>';
        IsColumnMajor = dictionary.FortranOrder;
        Type = type;
        Shape = shape;
        DataStart = dataStart;
    }

    /// <summary>Gets how each number is stored.</summary>
    public TensorFileType Type { get; }

    /// <summary>Gets whether the highest byte of each number comes first.</summary>
    public bool IsBigEndian { get; }

    /// <summary>Gets whether the first dimension is the fastest, as in Fortran.</summary>
    public bool IsColumnMajor { get; }

    /// <summary>Gets the sizes of the dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>Gets the place of the first number in the file.</summary>
    public long DataStart { get; }

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the header and checks that the file has exactly the numbers that it speaks of.</summary>
    /// <exception cref="TensorFileException">The file is not a valid npy file, or of a type that tensors cannot take.</exception>
    public static NpyHeader Read(DataFile file)
    {
        byte[] text = ReadText(file, out long dataStart);
        NpyDictionary dictionary = new(text);
        if (!dictionary.TryParse())
        {
            throw file.Fault($"the header is not that of a plain array, at byte {dictionary.Position} of its dictionary.");
        }

        TensorFileType type = dictionary.Type switch
        {
            "<f4" or ">f4" => TensorFileType.F32,
            "<f8" or ">f8" => TensorFileType.F64,
            "<f2" or ">f2" => TensorFileType.F16,
            "<i4" or ">i4" => TensorFileType.I32,
            "<i8" or ">i8" => TensorFileType.I64,
            "|u1" => TensorFileType.U8,
            "<u2" or ">u2" => TensorFileType.U16,
            "<u4" or ">u4" => TensorFileType.U32,
            _ => throw file.Fault(
                $"its type {SafetensorsHeader.Quote(dictionary.Type)} is none of f2, f4, f8, i4, i8, u1, u2, u4; see NumPy's astype."),
        };

        Shape shape = ReadShape(file, dictionary);
        long needed = (long)shape.Count * type.ByteCount();
        long present = file.Length - dataStart;
        return needed == present
            ? new NpyHeader(dictionary, type, shape, dataStart)
            : throw file.Fault($"{shape} of {dictionary.Type} takes {needed} bytes, but {present} follow the header.");
    }

    /// <summary>Returns the header of a row-major array, padded so that the numbers begin at a multiple of 64 bytes.</summary>
    public static byte[] Bytes(string type, in Shape shape)
    {
        string sizes = string.Join(", ", shape.ToArray());
        string tuple = shape.Rank == 1 ? $"({sizes},)" : $"({sizes})";
        string dictionary = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {tuple}, }}";

        int start = PrefixBytes + sizeof(ushort);
        byte[] bytes = new byte[(start + dictionary.Length + 1 + 63) & ~63];
        bytes.AsSpan().Fill((byte)' ');
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        bytes[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(PrefixBytes), (ushort)(bytes.Length - start));
        Encoding.ASCII.GetBytes(dictionary, bytes.AsSpan(start));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    private static byte[] ReadText(DataFile file, out long dataStart)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes + sizeof(uint)];
        prefix = prefix[..(int)Math.Min(prefix.Length, file.Length)];
        file.Read(0, prefix);
        if (!prefix.StartsWith(Magic))
        {
            throw file.Fault($"not an npy file: it does not begin with \\x93NUMPY.");
        }

        if (prefix.Length < PrefixBytes + sizeof(uint))
        {
            throw file.Fault($"the file is cut short in its header.");
        }

        int major = prefix[6];
        if (major is < 1 or > 3 || prefix[7] != 0)
        {
            throw file.Fault($"its version {major}.{prefix[7]} of the npy format is none of 1.0, 2.0 and 3.0.");
        }

        ReadOnlySpan<byte> lengthBytes = prefix[PrefixBytes..];
        int lengthSize = major == 1 ? sizeof(ushort) : sizeof(uint);
        long length = major == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        dataStart = PrefixBytes + lengthSize + length;
        if (length > MaxBytes)
        {
            throw file.Fault($"its header would be {length} bytes long; that of a plain array has at most {MaxBytes}.");
        }

        if (dataStart > file.Length)
        {
            throw file.Fault($"the header should be {length} bytes long, but the file ends before: it is cut short.");
        }

        byte[] text = new byte[length];
        file.Read(PrefixBytes + lengthSize, text);
        return text;
    }

    private static Shape ReadShape(DataFile file, NpyDictionary dictionary)
    {
        if (dictionary.Sizes.Any(size => size > int.MaxValue))
        {
            throw file.Fault($"a size in its shape ({string.Join(", ", dictionary.Sizes)}) is more than 2^31 - 1.");
        }

        try
        {
            return new Shape([.. dictionary.Sizes.Select(size => (int)size)]);
        }
        catch (ShapeException exception)
        {
            throw file.Fault($"{exception.Message}", exception);
        }
    }
}
