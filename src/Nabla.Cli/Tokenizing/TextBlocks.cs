using Nabla.Tokenizers;

namespace Nabla.Cli.Tokenizing;

/// <summary>A part of a text.</summary>
/// <param name="Text">The part.</param>
/// <param name="Start">Where it begins, in UTF-16 code units.</param>
internal readonly record struct TextBlock(string Text, long Start);

/// <summary>
/// Gives out a long text block by block, cut where no token can lie across: so that what does not fit in memory can be encoded.
/// </summary>
internal static class TextBlocks
{
    /// <summary>A block ends at the first good place after so many bytes.</summary>
    public const int BlockLength = 8 << 20;

    /// <summary>
    /// Whether a tokenizer's texts may be cut between a letter and a line break. With the published patterns no chunk goes on
    /// from the one to the other, and none of them looks further than that; of a pattern of the user's this is not known.
    /// </summary>
    public static bool CanCut(ITokenizer tokenizer) => tokenizer is RegexTokenizer { Splitter.Pattern: string pattern } regex
        && (pattern == TextSplitter.Gpt2.Pattern || pattern == TextSplitter.Cl100k.Pattern || pattern == TextSplitter.O200k.Pattern)
        && !regex.SpecialTokens.Ids.Keys.Any(token => token.Contains('\n', StringComparison.Ordinal));

    /// <summary>The blocks of a file or of the standard input.</summary>
    /// <param name="fileOrDash">The path, or <c>-</c>.</param>
    /// <param name="terminal">Whose input is read.</param>
    /// <param name="blockLength">The least bytes of a block but the last.</param>
    /// <exception cref="Language.Data.DataFileException">The file is missing or not UTF-8.</exception>
    public static IEnumerable<TextBlock> Read(string fileOrDash, Terminal terminal, int blockLength = BlockLength)
    {
        using Stream stream = TextInput.Open(fileOrDash, terminal);
        byte[] buffer = new byte[2 * blockLength];
        (int used, long position, long start) = (0, 0, 0);
        for (int read; (read = stream.Read(buffer.AsSpan(used))) > 0;)
        {
            used += read;
            int cut = used < blockLength ? -1 : LastCut(buffer.AsSpan(0, used));
            if (cut > 0)
            {
                string text = TextInput.Decode(buffer.AsSpan(0, cut), TextInput.Name(fileOrDash), position);
                yield return new TextBlock(text, start);
                start += text.Length;
                buffer.AsSpan(cut, used - cut).CopyTo(buffer);
                used -= cut;
                position += cut;
            }
            else if (used == buffer.Length)
            {
                TextInput.RequireRoom(fileOrDash, used);
                Array.Resize(ref buffer, (int)Math.Min(2L * used, Array.MaxLength));
            }
        }

        yield return new TextBlock(TextInput.Decode(buffer.AsSpan(0, used), TextInput.Name(fileOrDash), position), start);
    }

    private static int LastCut(ReadOnlySpan<byte> bytes)
    {
        for (int end = bytes.Length; (end = bytes[..end].LastIndexOf((byte)'\n')) > 0;)
        {
            if (char.IsAsciiLetter((char)bytes[end - 1]))
            {
                return end;
            }
        }

        return -1;
    }
}
