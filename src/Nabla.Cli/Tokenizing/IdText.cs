using System.Globalization;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tokenizing;

/// <summary>Ids as text: whole numbers with white space between.</summary>
internal static class IdText
{
    /// <summary>Writes ids with a space between, on one line.</summary>
    public static void Write(TextWriter output, ReadOnlySpan<int> ids, CancellationToken stop)
    {
        const int Room = 1 << 16;
        const int LongestId = 12;
        char[] line = new char[Room];
        int used = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (Room - used < LongestId)
            {
                stop.ThrowIfCancellationRequested();
                output.Write(line, 0, used);
                used = 0;
            }

            if (i > 0)
            {
                line[used++] = ' ';
            }

            ids[i].TryFormat(line.AsSpan(used), out int written, default, CultureInfo.InvariantCulture);
            used += written;
        }

        output.Write(line, 0, used);
        output.WriteLine();
    }

    /// <summary>Reads ids.</summary>
    /// <exception cref="TokenizerException">A word is no whole number of at least 0.</exception>
    public static int[] Read(ReadOnlySpan<char> text)
    {
        List<int> ids = new(text.Length / 5);
        while (!(text = text.TrimStart()).IsEmpty)
        {
            int end = 1;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            ReadOnlySpan<char> word = text[..end];
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                const int Longest = 40;
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                    $"{TokenText.Quote(word[..Math.Min(end, Longest)].ToString())}, word {ids.Count + 1} of the ids, is no id: write whole "
                    + $"numbers with spaces between."));
            }

            ids.Add(id);
            text = text[end..];
        }

        return [.. ids];
    }
}
