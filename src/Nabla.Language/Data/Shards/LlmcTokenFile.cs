using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Nabla.Language.Data;

/// <summary>
/// The file of tokens that llm.c trains from (https://github.com/karpathy/llm.c): a header of 256 little-endian int32, of which
/// the first three are a magic number, a version and the number of tokens and the rest 0; then the tokens.
/// </summary>
internal static class LlmcTokenFile
{
    /// <summary>The bytes before the first token.</summary>
    public const int HeaderBytes = 256 * sizeof(int);

    // The magic numbers are the days on which the forms were made; the versions are those of the models then.
    private static readonly Form _narrow = new(20240520, 1, sizeof(ushort));
    private static readonly Form _wide = new(20240801, 7, sizeof(uint));

    /// <summary>Returns the header of a file.</summary>
    /// <param name="count">The number of tokens.</param>
    /// <param name="tokenBytes">2 for the form of GPT-2, 4 for that of Llama 3.</param>
    public static byte[] Header(int count, int tokenBytes)
    {
        Form form = tokenBytes == _narrow.TokenBytes ? _narrow : _wide;
        byte[] header = new byte[HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, form.Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(sizeof(int)), form.Version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(2 * sizeof(int)), count);
        return header;
    }

    /// <summary>Reads the header; the length of the file is held against it.</summary>
    /// <exception cref="DataFileException">The file is damaged, or none of llm.c's.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TokenFile Open(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
        {
            throw Fault(path, $"it is shorter than the header of {HeaderBytes} bytes that llm.c's files of tokens have.");
        }

        ReadOnlySpan<int> numbers = MemoryMarshal.Cast<byte, int>(header);
        (int magic, int version, int count) = (numbers[0], numbers[1], numbers[2]);
        Form form = magic == _narrow.Magic ? _narrow : magic == _wide.Magic ? _wide
            : throw Fault(path, $"it begins with {magic}; llm.c's files of tokens begin with {_narrow.Magic} or {_wide.Magic}.");
        if (version != form.Version)
        {
            throw Fault(path, $"its version is {version}; files that begin with {magic} have version {form.Version}.");
        }

        long present = file.Length - HeaderBytes;
        return count >= 0 && (long)count * form.TokenBytes == present
            ? new TokenFile(path, HeaderBytes, form.TokenBytes, count)
            : throw Fault(path, $"{count} tokens of {form.TokenBytes} bytes do not fill the {present} bytes after the header.");
    }

    private static DataFileException Fault(string path, FormattableString fault)
        => new($"{path}: {fault.ToString(CultureInfo.InvariantCulture)}");

    private sealed record Form(int Magic, int Version, int TokenBytes);
}
