using System.Buffers;
using System.Globalization;
using System.Text;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tokenizing;

/// <summary>Ids as text: whole numbers with white space between.</summary>
internal static class IdText
{
    private const int Room = 1 << 16;
    private const int LongestId = 12;

    /// <summary>Writes the ids of the parts of a text with a space between, on one line.</summary>
    public static void Write(TextWriter output, IEnumerable<int[]> parts, CancellationToken stop)
    {
        char[] line = new char[Room];
        (int used, bool isFirst) = (0, true);
        foreach (int[] ids in parts)
        {
            stop.ThrowIfCancellationRequested();
            foreach (int id in ids)
            {
                if (Room - used < LongestId)
                {
                    output.Write(line, 0, used);
                    used = 0;
                }

                if (!isFirst)
                {
                    line[used++] = ' ';
                }

                isFirst = false;
                id.TryFormat(line.AsSpan(used), out int written, default, CultureInfo.InvariantCulture);
                used += written;
            }
        }

        output.Write(line, 0, used);
        output.WriteLine();
    }

    /// <summary>Reads ids.</summary>
    /// <exception cref="TokenizerException">A word is no whole number of at least 0.</exception>
    public static int[] Read(ReadOnlySpan<char> text)
    {
        List<int> ids = new(text.Length / 5);
        while (TryTake(ref text, ids.Count, out int id))
        {
            ids.Add(id);
        }

        return [.. ids];
    }

    /// <summary>Writes the text of ids as they come, with U+FFFD for bytes that are no text.</summary>
    /// <param name="stream">The ids.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="tokenizer">A tokenizer whose tokens' bytes join to the text.</param>
    /// <param name="output">Where to write.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The last character, or a line break if there was none.</returns>
    /// <exception cref="TokenizerException">A word is no id of the tokenizer's.</exception>
    public static char Decode(Stream stream, string name, ITokenizer tokenizer, TextWriter output, CancellationToken stop)
    {
        Decoder decoder = Encoding.UTF8.GetDecoder();
        ArrayBufferWriter<byte> bytes = new(Room);
        char[] units = new char[Room];
        (char last, int count) = ('\n', 0);
        byte[] buffer = new byte[Room];
        (int used, long position) = (0, 0);
        for (bool isLast = false; !isLast;)
        {
            stop.ThrowIfCancellationRequested();
            int read = stream.Read(buffer.AsSpan(used));
            isLast = read == 0;
            used += read;

            // What follows the last white space may go on in the next piece; a word that fills the whole buffer is no id.
            int end = isLast ? used : 1 + buffer.AsSpan(0, used).LastIndexOfAny(" \n\r\t"u8);
            end = end == 0 && used == buffer.Length ? used : end;
            ReadOnlySpan<char> words = TextInput.Decode(buffer.AsSpan(0, end), name, position);
            while (TryTake(ref words, count, out int id))
            {
                bytes.Write(tokenizer.TokenBytes(id));
                count++;
            }

            buffer.AsSpan(end, used - end).CopyTo(buffer);
            used -= end;
            position += end;
            for (ReadOnlySpan<byte> rest = bytes.WrittenSpan; !rest.IsEmpty || isLast;)
            {
                decoder.Convert(rest, units, flush: isLast, out int taken, out int made, out bool completed);
                output.Write(units, 0, made);
                last = made > 0 ? units[made - 1] : last;
                rest = rest[taken..];
                if (completed)
                {
                    break;
                }
            }

            bytes.ResetWrittenCount();
        }

        return last;
    }

    // Takes the next word off the text.
    private static bool TryTake(ref ReadOnlySpan<char> text, int count, out int id)
    {
        id = 0;
        text = text.TrimStart();
        if (text.IsEmpty)
        {
            return false;
        }

        int end = 1;
        while (end < text.Length && !char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        ReadOnlySpan<char> word = text[..end];
        text = text[end..];
        const int Longest = 40;
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out id)
            ? true
            : throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"{TokenText.Quote(word[..Math.Min(end, Longest)].ToString())}, word {count + 1} of the ids, is no id: write whole "
                + $"numbers with spaces between."));
    }
}
