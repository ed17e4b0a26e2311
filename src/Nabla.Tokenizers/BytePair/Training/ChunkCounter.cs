using System.Buffers;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>Splits blocks of text and counts their chunks; one for each thread.</summary>
internal sealed class ChunkCounter(TextSplitter splitter, SpecialTokenTexts specialTokens)
{
    private const int MaximumStringLength = 0x3FFFFFDF;

    /// <summary>The chunks counted.</summary>
    public ChunkCounts Counts { get; } = new();

    /// <summary>The bytes of all chunks, equal ones as often as they came.</summary>
    public long ByteCount { get; private set; }

    /// <summary>The number of chunks, equal ones as often as they came.</summary>
    public long ChunkCount { get; private set; }

    /// <summary>Counts the chunks of a block, and gives its buffer back.</summary>
    public void Count(TextBlock block)
    {
        foreach ((int start, int length) in specialTokens.Between(block.Bytes))
        {
            ReadOnlySpan<byte> piece = block.Bytes.Slice(start, length);
            var position = block.Position + start;
            switch (splitter.Kind)
            {
                case SplitKind.Gpt2:
                    CountBy<Gpt2Chunker>(piece, position);
                    break;
                case SplitKind.Cl100k:
                    CountBy<Cl100kChunker>(piece, position);
                    break;
                case SplitKind.Cl100kPossessive:
                    CountBy<Cl100kPossessiveChunker>(piece, position);
                    break;
                case SplitKind.O200k:
                    CountBy<O200kChunker>(piece, position);
                    break;
                default:
                    CountByPattern(piece, position);
                    break;
            }
        }

        ArrayPool<byte>.Shared.Return(block.Buffer);
    }

    private void CountBy<TChunker>(ReadOnlySpan<byte> text, long position)
        where TChunker : struct, IChunker
    {
        for (var start = 0; start < text.Length;)
        {
            var end = TChunker.End(text, start);
            Counts.Add(text[start..end], position + start);
            ChunkCount++;
            start = end;
        }

        ByteCount += text.Length;
    }

    private void CountByPattern(ReadOnlySpan<byte> text, long position)
    {
        if (Encoding.UTF8.GetCharCount(text) > MaximumStringLength)
        {
            throw new TokenizerException("a document of more than a billion characters cannot be split by a pattern of your own: "
                + "give it to training in smaller documents, or use one of the published split patterns.");
        }

        var characters = Encoding.UTF8.GetString(text);
        var start = 0;
        foreach (Range chunk in splitter.EnumerateChunks(characters))
        {
            var length = Encoding.UTF8.GetByteCount(characters.AsSpan()[chunk]);
            Counts.Add(text.Slice(start, length), position + start);
            ChunkCount++;
            start += length;
        }

        ByteCount += text.Length;
    }
}
