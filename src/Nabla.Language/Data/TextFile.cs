using System.Globalization;
using System.Text;

namespace Nabla.Language.Data;

/// <summary>Reads a user's file as training text, or says in one line why it is none.</summary>
public static class TextFile
{
    /// <summary>Held as UTF-16 and as ids besides, a text of this length takes 7 GiB.</summary>
    private const int MaxBytes = 1 << 30;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a UTF-8 file of at least two characters, plain or packed by gzip, whatever its name.</summary>
    /// <remarks>
    /// A byte-order mark is dropped, and CRLF becomes LF, so that a text has the same characters, and a model the same
    /// vocabulary, wherever it was edited. All else is kept as it is.
    /// </remarks>
    /// <exception cref="DataFileException">
    /// The file is missing, a folder, unreadable, empty, of a single character, longer than 1 GiB, or not UTF-8 text.
    /// </exception>
    public static string Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new DataFileException($"{path} is a folder: name a text file in it.");
        }

        byte[] bytes;
        try
        {
            bytes = ReadBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFileException($"{path} does not exist: check the name and the folder.", exception);
        }
        catch (InvalidDataException exception)
        {
            throw IsDamaged(path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException($"{path} cannot be read: {exception.Message}", exception);
        }

        return Decode(bytes, path);
    }

    /// <summary>Opens a file; one that gzip packed is unpacked as it is read.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    internal static Stream Open(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);

        // A pipe cannot be looked into first: what comes through one is plain.
        if (!file.CanSeek)
        {
            return file;
        }

        bool isPacked = PackedStream.IsPacked(file);
        file.Position = 0;
        return isPacked ? new PackedStream(file) : file;
    }

    /// <summary>Says that what gzip packed is not what it packed.</summary>
    internal static DataFileException IsDamaged(string path, InvalidDataException cause)
        => new($"{path}: what gzip packed is damaged or cut short: get the file again.", cause);

    /// <summary>The text of UTF-8 bytes, checked and normalised as <see cref="Read"/> does.</summary>
    /// <param name="bytes">The content of a file.</param>
    /// <param name="path">What messages call it.</param>
    internal static string Decode(ReadOnlySpan<byte> bytes, string path)
    {
        ReadOnlySpan<byte> content = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        string text;
        try
        {
            text = _strict.GetString(content).Replace("\r\n", "\n", StringComparison.Ordinal);
        }
        catch (DecoderFallbackException exception)
        {
            throw NotText(path, $"byte {exception.Index + bytes.Length - content.Length} is not UTF-8", exception);
        }

        return text.Length switch
        {
            0 => throw new DataFileException($"{path} is empty: there is nothing to learn from it."),
            1 => throw new DataFileException($"{path} has one character: at least two are needed to learn what follows what."),
            _ => text,
        };
    }

    private static byte[] ReadBytes(string path)
    {
        using Stream stream = Open(path);
        using var bytes = new MemoryStream(stream.CanSeek ? (int)Math.Min(stream.Length, MaxBytes) : 0);
        byte[] buffer = new byte[1 << 20];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            // Looked for as the bytes come: a device file has no end.
            int zero = buffer.AsSpan(0, read).IndexOf((byte)0);
            if (zero >= 0)
            {
                throw NotText(path, string.Create(CultureInfo.InvariantCulture, $"byte {bytes.Length + zero} is 0"));
            }

            if (bytes.Length + read > MaxBytes)
            {
                throw new DataFileException($"{path} is longer than 1 GiB: cut it into parts.");
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    private static DataFileException NotText(string path, string reason, Exception? cause = null) =>
        new($"{path} is not UTF-8 text ({reason}): save it as UTF-8, or give a text file.", cause);
}
