using System.Globalization;
using Nabla.Files;

namespace Nabla.Tokenizers;

/// <summary>Reads and writes a tokenizer's file whole, with one exception for every way in which that can fail.</summary>
internal static class WholeFile
{
    /// <summary>Several times the largest tokenizer that is published; a longer file is refused before it takes memory.</summary>
    public const int MaxBytes = 128 << 20;

    /// <summary>Reads a file and makes something of it; what is wrong with the content is reported with the path.</summary>
    /// <exception cref="TokenizerException">The file cannot be read, or <paramref name="parse"/> refuses it.</exception>
    public static T Read<T>(string path, Func<byte[], T> parse)
    {
        byte[] content = ReadBytes(path);
        return Named(path, () => parse(content));
    }

    /// <summary>Does something with a file's content, and puts the path before what is wrong with it.</summary>
    public static T Named<T>(string path, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (TokenizerException exception)
        {
            throw new TokenizerException($"{path}: {exception.Message}", exception);
        }
    }

    /// <exception cref="TokenizerException">The file cannot be read, or is longer than <see cref="MaxBytes"/>.</exception>
    public static byte[] ReadBytes(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.CanSeek && stream.Length > MaxBytes)
            {
                throw TooLong(path);
            }

            // A pipe has no length, so the bytes are counted as they come, too.
            using var bytes = new MemoryStream(stream.CanSeek ? (int)stream.Length : 0);
            var buffer = new byte[64 << 10];
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                if (bytes.Length + read > MaxBytes)
                {
                    throw TooLong(path);
                }

                bytes.Write(buffer, 0, read);
            }

            return bytes.Capacity == bytes.Length ? bytes.GetBuffer() : bytes.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new TokenizerException($"cannot read {path}: {OneLine(exception)}", exception);
        }
    }

    /// <summary>Replaces a file whole or not at all.</summary>
    /// <exception cref="TokenizerException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using AtomicFile file = AtomicFile.Create(path);
            write(file.Stream);
            file.Commit();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new TokenizerException($"cannot write {path}: {OneLine(exception)}", exception);
        }
    }

    private static TokenizerException TooLong(string path) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}: longer than {MaxBytes >> 20} MiB: no tokenizer is."));

    private static string OneLine(Exception exception) => exception.Message.ReplaceLineEndings(" ");
}
