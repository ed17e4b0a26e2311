using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <summary>
/// Encodes texts: cuts them into blocks, turns these to UTF-8 in memory that is used again, and has <see cref="ChunkEncoder"/> do
/// the work. Immutable.
/// </summary>
/// <param name="vocabulary">The tokens and merges.</param>
/// <param name="splitter">How text is cut into chunks.</param>
internal sealed class BytePairEncoder(BytePairVocabulary vocabulary, TextSplitter splitter)
{
    // A block and its ids fit in the second-level cache.
    private const int BlockLength = 1 << 15;

    private readonly ChunkEncoder _chunks = new(vocabulary);
    private readonly Pool<EncoderMemory> _memory = new();

    /// <summary>Adds the ids of a part of a text as if it were the whole.</summary>
    /// <param name="text">A text.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="output">Takes the ids.</param>
    /// <exception cref="TokenizerException">Half of a surrogate pair stands alone.</exception>
    public void Encode(ReadOnlySpan<char> text, int start, int end, scoped ref IdBuffer output)
    {
        EncoderMemory memory = _memory.Rent();
        if (splitter.Kind == SplitKind.Pattern)
        {
            ThrowIfUnpaired(text, start, end);
            foreach (Range chunk in splitter.EnumerateChunks(text[start..end]))
            {
                EncodeBlock(text, start + chunk.Start.Value, start + chunk.End.Value, memory, ref output);
            }
        }
        else
        {
            while (start < end)
            {
                var blockEnd = splitter.Kind == SplitKind.WholeText ? end : start + SafeCut.After(text[start..end], BlockLength);
                EncodeBlock(text, start, blockEnd, memory, ref output);
                start = blockEnd;
            }
        }

        memory.Trim();
        _memory.Return(memory);
    }

    /// <summary>Adds the ids of a text in valid UTF-8.</summary>
    public void Encode(ReadOnlySpan<byte> utf8, scoped ref IdBuffer output)
    {
        if (splitter.Kind == SplitKind.Pattern)
        {
            var text = Encoding.UTF8.GetString(utf8);
            Encode(text, 0, text.Length, ref output);
            return;
        }

        EncoderMemory memory = _memory.Rent();
        while (!utf8.IsEmpty)
        {
            var end = splitter.Kind == SplitKind.WholeText ? utf8.Length : SafeCut.After(utf8, BlockLength);
            EncodeBlock(utf8[..end], memory, ref output);
            utf8 = utf8[end..];
        }

        _memory.Return(memory);
    }

    /// <summary>Adds the ids of one chunk of bytes, within which everything may merge.</summary>
    public void EncodeChunk(ReadOnlySpan<byte> chunk, scoped ref IdBuffer output)
    {
        EncoderMemory memory = _memory.Rent();
        _chunks.Encode<WholeTextChunker>(chunk, memory, ref output);
        _memory.Return(memory);
    }

    internal static TokenizerException UnpairedSurrogate(ReadOnlySpan<char> text, int position) =>
        UnpairedSurrogate(text[position], position);

    internal static TokenizerException UnpairedSurrogate(char half, long position) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"half of a surrogate pair (U+{(int)half:X4}) stands alone at position {position}: the text is not valid "
        + $"Unicode; read it again as UTF-8."));

    // A splitter is given a part of the text, and would name the position within that.
    private static void ThrowIfUnpaired(ReadOnlySpan<char> text, int start, int end)
    {
        for (var position = start; position < end; position++)
        {
            var next = text[position..end].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0)
            {
                break;
            }

            position += next;
            if (position + 1 == end || !char.IsSurrogatePair(text[position], text[position + 1]))
            {
                throw UnpairedSurrogate(text, position);
            }

            position++;
        }
    }

    private void EncodeBlock(ReadOnlySpan<char> text, int start, int end, EncoderMemory memory, scoped ref IdBuffer output)
    {
        // Counting takes time, so only for what could not be cut it is worth not to take three bytes for each unit.
        var most = end - start <= 2 * BlockLength ? 3 * (end - start) : Encoding.UTF8.GetByteCount(text[start..end]);
        byte[] bytes = memory.Bytes(most);
        if (Utf8.FromUtf16(text[start..end], bytes, out var read, out var length, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            throw UnpairedSurrogate(text, start + read);
        }

        EncodeBlock(bytes.AsSpan(0, length), memory, ref output);
    }

    private void EncodeBlock(ReadOnlySpan<byte> utf8, EncoderMemory memory, scoped ref IdBuffer output)
    {
        switch (splitter.Kind)
        {
            case SplitKind.Gpt2:
                _chunks.Encode<Gpt2Chunker>(utf8, memory, ref output);
                break;
            case SplitKind.Cl100k:
                _chunks.Encode<Cl100kChunker>(utf8, memory, ref output);
                break;
            case SplitKind.Cl100kPossessive:
                _chunks.Encode<Cl100kPossessiveChunker>(utf8, memory, ref output);
                break;
            case SplitKind.O200k:
                _chunks.Encode<O200kChunker>(utf8, memory, ref output);
                break;
            default:
                _chunks.Encode<WholeTextChunker>(utf8, memory, ref output);
                break;
        }

        output.EndBlock();
    }
}
