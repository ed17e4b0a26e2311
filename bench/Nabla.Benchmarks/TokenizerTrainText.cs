namespace Nabla.Benchmarks;

/// <summary>
/// Makes a training text of any size that is not merely one text repeated: the given files over and over, in which one word
/// in ten has one letter changed. So new words go on to appear, as they do in real text, and the count of different chunks
/// grows with the size.
/// </summary>
internal static class TokenizerTrainText
{
    private const int WordsPerChange = 10;

    /// <summary>Writes the text.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="sources">The files that it is made of.</param>
    /// <param name="length">Its length in bytes; the last repetition is cut off there, after a line.</param>
    /// <param name="seed">Chooses words, letters and what they become.</param>
    public static void Write(string path, IEnumerable<string> sources, long length, int seed)
    {
        byte[] original = [.. sources.SelectMany(File.ReadAllBytes)];
        var random = new Random(seed);
        using FileStream file = File.Create(path);
        while (file.Position < length)
        {
            var copy = original.AsSpan().ToArray();
            ChangeWords(copy, random);
            var end = copy.Length;
            if (file.Position + end > length)
            {
                end = copy.AsSpan(0, (int)(length - file.Position)).LastIndexOf((byte)'\n') + 1;
                file.Write(copy, 0, end);
                return;
            }

            file.Write(copy);
        }
    }

    private static void ChangeWords(Span<byte> text, Random random)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && char.IsAsciiLetter((char)text[end]))
            {
                end++;
            }

            if (end > start && random.Next(WordsPerChange) == 0)
            {
                text[random.Next(start, end)] = (byte)('a' + random.Next(26));
            }

            start = end + 1;
        }
    }
}
