using System.Buffers;
using System.Globalization;
using System.Text.Unicode;
using Nabla.Language.Data;

namespace Nabla.Cli.Tokenizing;

/// <summary>The text that a command works on: a file, the standard input, or what was written after <c>--text</c>.</summary>
/// <remarks>Nothing of it is changed, neither line breaks nor a byte-order mark: ids stand for exactly these bytes.</remarks>
internal static class TextInput
{
    // A string of .NET holds 2^30 characters.
    private const long MaxBytes = (1L << 30) - 64;

    /// <summary>Throws unless a user names one text: a file, or the text itself.</summary>
    /// <param name="fileOrDash">The path of a file, or <c>-</c> for the standard input; null if none was written.</param>
    /// <param name="text">The text itself; null if none was written.</param>
    /// <param name="command">The command, for the message.</param>
    /// <param name="otherwise">The option that can take the place of the file, as it is written.</param>
    /// <exception cref="UsageException">Neither was written, or both.</exception>
    public static void RequireOne(string? fileOrDash, string? text, string command, string otherwise = "--text TEXT")
    {
        if (fileOrDash is null && text is null)
        {
            throw new UsageException($"Something is missing: `{command} <file|->`, or `{otherwise}`.");
        }

        if (fileOrDash is not null && text is not null)
        {
            throw new UsageException($"Give either {fileOrDash} or {otherwise.Split(' ')[0]}, not both.");
        }
    }

    /// <summary>Reads the text that a user names.</summary>
    /// <param name="fileOrDash">The path of a UTF-8 file, or <c>-</c> for the standard input.</param>
    /// <param name="text">The text itself, or null if it is in the file.</param>
    /// <param name="terminal">Whose input is read.</param>
    /// <exception cref="DataFileException">The file is missing or not UTF-8.</exception>
    public static string Read(string? fileOrDash, string? text, Terminal terminal)
        => text ?? Decode(ReadBytes(fileOrDash ?? "-", terminal), Name(fileOrDash ?? "-"));

    /// <summary>Opens a file, or the standard input.</summary>
    /// <exception cref="DataFileException">The file is missing.</exception>
    public static Stream Open(string fileOrDash, Terminal terminal)
    {
        if (Directory.Exists(fileOrDash))
        {
            throw new DataFileException($"{fileOrDash} is a folder: name a file in it.");
        }

        try
        {
            return fileOrDash == "-" ? terminal.OpenInput() : File.OpenRead(fileOrDash);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFileException($"{fileOrDash} does not exist: check the name and the folder.", error);
        }
    }

    /// <summary>The text of UTF-8 bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="name">What the message calls them.</param>
    /// <param name="position">Where they stand in a longer text, for the message.</param>
    /// <exception cref="DataFileException">They are not UTF-8; the message gives the place of the first byte that is wrong.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, string name, long position = 0)
    {
        char[] units = ArrayPool<char>.Shared.Rent(bytes.Length);
        try
        {
            OperationStatus status = Utf8.ToUtf16(bytes, units, out int read, out int written, replaceInvalidSequences: false);
            return status == OperationStatus.Done
                ? new string(units, 0, written)
                : throw new DataFileException(string.Create(CultureInfo.InvariantCulture,
                    $"{name} is not UTF-8 text (byte {position + read} is 0x{bytes[read]:X2}): save it as UTF-8, or give a text file."));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(units);
        }
    }

    /// <summary>What messages call a file, or the standard input.</summary>
    public static string Name(string fileOrDash) => fileOrDash == "-" ? "the input" : fileOrDash;

    /// <summary>Throws where a text that must be held in memory as a whole is longer than a string can be.</summary>
    /// <exception cref="DataFileException">It is.</exception>
    public static void RequireRoom(string fileOrDash, long length)
    {
        if (length > MaxBytes)
        {
            throw new DataFileException($"{Name(fileOrDash)} is longer than 1 GiB: cut it into parts.");
        }
    }

    private static byte[] ReadBytes(string fileOrDash, Terminal terminal)
    {
        using Stream stream = Open(fileOrDash, terminal);
        using MemoryStream bytes = new(stream.CanSeek ? (int)Math.Min(stream.Length, MaxBytes) : 0);
        byte[] buffer = new byte[1 << 20];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            RequireRoom(fileOrDash, bytes.Length + read);
            bytes.Write(buffer, 0, read);
        }

        return bytes.Capacity == bytes.Length ? bytes.GetBuffer() : bytes.ToArray();
    }
}
