using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <summary>Gives the sentences of a training, one by one, as UTF-8.</summary>
internal static class SentenceReader
{
    private const int BlockLength = 1 << 20;

    /// <summary>The lines of files, one file after another, without their line feeds.</summary>
    /// <exception cref="TokenizerException">A file cannot be read, or is not UTF-8.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Lines(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            foreach (ReadOnlyMemory<byte> line in Lines(path))
            {
                yield return line;
            }
        }
    }

    /// <summary>Texts that are a sentence each.</summary>
    /// <exception cref="TokenizerException">A text has half of a surrogate pair.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Texts(IEnumerable<string> sentences)
    {
        var buffer = new byte[1024];
        foreach (var sentence in sentences)
        {
            var most = Encoding.UTF8.GetMaxByteCount(sentence.Length);
            buffer = buffer.Length < most ? new byte[most] : buffer;
            if (Utf8.FromUtf16(sentence, buffer, out var read, out var written, replaceInvalidSequences: false)
                != OperationStatus.Done)
            {
                throw new TokenizerException(
                    $"SentencePieceTrainer: a sentence has half of a surrogate pair at position {read}: that is no valid text.");
            }

            yield return buffer.AsMemory(0, written);
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(string path)
    {
        using FileStream file = Open(path);
        var buffer = new byte[BlockLength];
        // The buffer holds the bytes from `start` to `end`; those before `searched` have no line feed.
        int start = 0, end = 0, searched = 0;
        while (true)
        {
            var feed = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var next = searched + feed + 1;
                yield return Checked(buffer.AsMemory(start, next - 1 - start), path, file.Position - (end - start));
                start = searched = next;
                continue;
            }

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            searched = end;
            if (end == buffer.Length)
            {
                Array.Resize(ref buffer, checked(2 * end));
            }

            var read = Read(file, buffer.AsSpan(end), path);
            if (read == 0)
            {
                break;
            }

            end += read;
        }

        if (end > 0)
        {
            yield return Checked(buffer.AsMemory(0, end), path, file.Position - end);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"SentencePieceTrainer: cannot read {path}: {exception.Message}", exception);
        }
    }

    private static int Read(FileStream file, Span<byte> buffer, string path)
    {
        try
        {
            return file.Read(buffer);
        }
        catch (IOException exception)
        {
            throw new TokenizerException($"SentencePieceTrainer: cannot read {path}: {exception.Message}", exception);
        }
    }

    private static ReadOnlyMemory<byte> Checked(ReadOnlyMemory<byte> line, string path, long position)
    {
        if (!Utf8.IsValid(line.Span))
        {
            Utf8Fault fault = Utf8Fault.Find(line.Span)!.Value;
            throw new TokenizerException($"{path}: the line that begins at byte {position}: {fault.Message}");
        }

        return line;
    }
}
