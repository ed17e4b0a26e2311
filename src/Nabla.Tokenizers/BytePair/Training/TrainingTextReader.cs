using System.Buffers;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <summary>Reads a training text from wherever it is, as UTF-8, block by block.</summary>
internal sealed class TrainingTextReader(TextBlocks blocks)
{
    /// <summary>Reads a text in memory.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        if (Transcode(text) is < 0 and var read)
        {
            throw BytePairEncoder.UnpairedSurrogate(text[~read], ~read);
        }
    }

    /// <summary>Reads a reader to its end.</summary>
    public void Read(TextReader text)
    {
        var buffer = new char[1 << 16];
        long position = 0;
        for (var kept = 0; ;)
        {
            var count = text.Read(buffer, kept, buffer.Length - kept);
            ReadOnlySpan<char> units = buffer.AsSpan(0, kept + count);

            // The second half of a pair may come with the next part.
            kept = count > 0 && char.IsHighSurrogate(units[^1]) ? 1 : 0;
            if (Transcode(units[..^kept]) is < 0 and var read)
            {
                throw BytePairEncoder.UnpairedSurrogate(units[~read], position + ~read);
            }

            if (count == 0)
            {
                return;
            }

            position += units.Length - kept;
            if (kept > 0)
            {
                buffer[0] = units[^1];
            }
        }
    }

    /// <summary>Reads a file of UTF-8.</summary>
    public void ReadFile(string path, bool isDocument)
    {
        blocks.BeginFile(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        for (int count; (count = file.Read(blocks.Room())) > 0;)
        {
            blocks.Advance(count);
        }

        if (isDocument)
        {
            blocks.EndDocument();
        }
    }

    // Returns the length, or the complement of the position of half a surrogate pair.
    private int Transcode(ReadOnlySpan<char> text)
    {
        var done = 0;
        while (done < text.Length)
        {
            OperationStatus status = Utf8.FromUtf16(text[done..], blocks.Room(), out var read, out var written,
                replaceInvalidSequences: false, isFinalBlock: true);
            blocks.Advance(written);
            done += read;
            if (status == OperationStatus.InvalidData)
            {
                return ~done;
            }
        }

        return done;
    }
}
