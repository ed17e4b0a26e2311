using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <summary>
/// Turns text into ids, the inner loop of all byte-pair tokenizers: block by block to UTF-8, chunk by chunk to a token by
/// look-up, or to several by merging. Immutable.
/// </summary>
internal sealed class BytePairEncoder
{
    // A block and its ids fit in the second-level cache.
    private const int BlockLength = 1 << 15;

    private const int BatchLength = 32;

    private readonly BytePairVocabulary _vocabulary;
    private readonly bool _hasAllBytes;
    private readonly TextSplitter _splitter;
    private readonly MergeTable _merges;
    private readonly TokenTable _tokens;

    // The rank of each pair of bytes: half of all look-ups, and here the common ones share cache lines.
    private readonly int[] _rankOfBytes = new int[BytePairVocabulary.ByteCount * BytePairVocabulary.ByteCount];
    private readonly BytePairSet _bytesInTokens;
    private readonly Pool<EncoderMemory> _memory = new();

    public BytePairEncoder(BytePairVocabulary vocabulary, TextSplitter splitter)
    {
        _vocabulary = vocabulary;
        _hasAllBytes = !vocabulary.ByteIds.Contains(-1);
        _splitter = splitter;
        _merges = MergeTables.Of(vocabulary);
        _tokens = MergeTables.WholeChunks(vocabulary, _merges);
        _bytesInTokens = new BytePairSet(vocabulary);
        for (var pair = 0; pair < _rankOfBytes.Length; pair++)
        {
            _rankOfBytes[pair] = _merges.Rank(vocabulary.ByteIds[pair >> 8], vocabulary.ByteIds[pair & 0xFF]);
        }
    }

    /// <summary>Adds the ids of a part of a text as if it were the whole.</summary>
    /// <param name="text">A text.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="output">Takes the ids.</param>
    /// <exception cref="TokenizerException">Half of a surrogate pair stands alone.</exception>
    public void Encode(ReadOnlySpan<char> text, int start, int end, scoped ref IdBuffer output)
    {
        if (_splitter.Kind == SplitKind.Pattern)
        {
            foreach (Range chunk in _splitter.EnumerateChunks(text[start..end]))
            {
                EncodeBlock(text, start + chunk.Start.Value, start + chunk.End.Value, ref output);
            }

            return;
        }

        while (start < end)
        {
            var blockEnd = _splitter.Kind == SplitKind.WholeText ? end : start + SafeCut.After(text[start..end], BlockLength);
            EncodeBlock(text, start, blockEnd, ref output);
            start = blockEnd;
        }
    }

    /// <summary>Adds the ids of a text in valid UTF-8.</summary>
    public void Encode(ReadOnlySpan<byte> utf8, scoped ref IdBuffer output)
    {
        if (_splitter.Kind == SplitKind.Pattern)
        {
            var text = System.Text.Encoding.UTF8.GetString(utf8);
            Encode(text, 0, text.Length, ref output);
            return;
        }

        EncoderMemory memory = _memory.Rent();
        while (!utf8.IsEmpty)
        {
            var end = _splitter.Kind == SplitKind.WholeText ? utf8.Length : SafeCut.After(utf8, BlockLength);
            EncodeBlock(utf8[..end], memory, ref output);
            utf8 = utf8[end..];
        }

        _memory.Return(memory);
    }

    /// <summary>Adds the ids of one chunk of bytes, within which everything may merge.</summary>
    public void EncodeChunk(ReadOnlySpan<byte> chunk, scoped ref IdBuffer output)
    {
        EncoderMemory memory = _memory.Rent();
        EncodeChunks<WholeTextChunker>(chunk, memory, ref output);
        _memory.Return(memory);
    }

    internal static TokenizerException UnpairedSurrogate(ReadOnlySpan<char> text, int position) =>
        UnpairedSurrogate(text[position], position);

    internal static TokenizerException UnpairedSurrogate(char half, long position) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"half of a surrogate pair (U+{(int)half:X4}) stands alone at position {position}: the text is not valid "
        + $"Unicode; read it again as UTF-8."));

    private void EncodeBlock(ReadOnlySpan<char> text, int start, int end, scoped ref IdBuffer output)
    {
        EncoderMemory memory = _memory.Rent();
        byte[] bytes = memory.Bytes(checked(3 * (end - start)));
        if (Utf8.FromUtf16(text[start..end], bytes, out var read, out var length, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            throw UnpairedSurrogate(text, start + read);
        }

        EncodeBlock(bytes.AsSpan(0, length), memory, ref output);
        memory.Trim();
        _memory.Return(memory);
    }

    private void EncodeBlock(ReadOnlySpan<byte> utf8, EncoderMemory memory, scoped ref IdBuffer output)
    {
        switch (_splitter.Kind)
        {
            case SplitKind.Gpt2:
                EncodeChunks<Gpt2Chunker>(utf8, memory, ref output);
                break;
            case SplitKind.Cl100k:
                EncodeChunks<Cl100kChunker>(utf8, memory, ref output);
                break;
            case SplitKind.Cl100kPossessive:
                EncodeChunks<Cl100kPossessiveChunker>(utf8, memory, ref output);
                break;
            case SplitKind.O200k:
                EncodeChunks<O200kChunker>(utf8, memory, ref output);
                break;
            default:
                EncodeChunks<WholeTextChunker>(utf8, memory, ref output);
                break;
        }

        output.EndBlock();
    }

    [SkipLocalsInit]
    private void EncodeChunks<TChunker>(ReadOnlySpan<byte> utf8, EncoderMemory memory, scoped ref IdBuffer output)
        where TChunker : struct, IChunker
    {
        // A token has at least one byte, so there is room for all ids of the block, and for what the cache writes behind them.
        Span<int> ids = output.Reserve(utf8.Length + ChunkCache.MaxIds);
        Span<(ChunkKey Key, int Start)> batch = stackalloc (ChunkKey, int)[BatchLength];
        var count = 0;
        for (var start = 0; start < utf8.Length;)
        {
            var chunks = 0;
            while (chunks < batch.Length && start < utf8.Length)
            {
                var end = TChunker.End(utf8, start);
                var key = ChunkKey.Of(utf8, start, end - start);
                _tokens.Prefetch(key);
                batch[chunks++] = (key, start);
                start = end;
            }

            foreach (ref readonly (ChunkKey Key, int Start) chunk in batch[..chunks])
            {
                var id = chunk.Key.Length <= ChunkKey.MaxLength ? _tokens.Find(chunk.Key) : -1;
                if (id >= 0)
                {
                    ids[count++] = id;
                }
                else
                {
                    count += EncodeRare(chunk.Key, utf8.Slice(chunk.Start, chunk.Key.Length), ids[count..], memory.Cache);
                }
            }
        }

        output.Advance(count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int EncodeRare(in ChunkKey key, ReadOnlySpan<byte> chunk, Span<int> ids, ChunkCache cache) =>
        chunk.Length > ChunkKey.MaxLength ? EncodeLongChunk(chunk, ids) : MergeShortChunk(key, chunk, ids, cache);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int MergeShortChunk(in ChunkKey key, ReadOnlySpan<byte> chunk, Span<int> ids, ChunkCache cache)
    {
        var count = cache.Get(key, ids);
        if (count == 0)
        {
            count = Merge(chunk, ids);
            cache.Set(key, ids[..count]);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int EncodeLongChunk(ReadOnlySpan<byte> chunk, Span<int> ids)
    {
        var id = _tokens.FindLong(chunk);
        if (id < 0)
        {
            return Merge(chunk, ids);
        }

        ids[0] = id;
        return 1;
    }

    private int Merge(ReadOnlySpan<byte> chunk, Span<int> ids)
    {
        ids = ids[..chunk.Length];
        ReadOnlySpan<int> byteIds = _vocabulary.ByteIds;
        for (var index = 0; index < chunk.Length; index++)
        {
            ids[index] = byteIds[chunk[index]];
        }

        var count = chunk.Length <= ShortChunkMerger.MaxLength ? MergeShort(chunk, ids) : MergeLong(chunk, ids);
        return _hasAllBytes || !ids[..count].Contains(-1) ? count : throw MissingByte(chunk);
    }

    // No merge reaches across two bytes that stand side by side in no token, and such are common even within words: so a long
    // chunk falls into short parts, as a rule.
    private int MergeLong(ReadOnlySpan<byte> chunk, Span<int> ids)
    {
        int count = 0, start = 0;
        for (var end = 1; end <= chunk.Length; end++)
        {
            if (end == chunk.Length || !_bytesInTokens.Holds(chunk[end - 1], chunk[end]))
            {
                Span<int> part = ids[start..end];
                part = part[..(part.Length <= ShortChunkMerger.MaxLength
                    ? MergeShort(chunk[start..end], part)
                    : ChunkMerger.Merge(part, _merges))];
                part.CopyTo(ids[count..]);
                count += part.Length;
                start = end;
            }
        }

        return count;
    }

    [SkipLocalsInit]
    private int MergeShort(ReadOnlySpan<byte> chunk, Span<int> ids)
    {
        Span<int> ranks = stackalloc int[ShortChunkMerger.MaxLength];
        for (var index = 0; index + 1 < chunk.Length; index++)
        {
            ranks[index] = _rankOfBytes[(chunk[index] << 8) | chunk[index + 1]];
        }

        return ShortChunkMerger.Merge(ids, ranks, _merges);
    }

    private TokenizerException MissingByte(ReadOnlySpan<byte> chunk)
    {
        var position = 0;
        while (_vocabulary.ByteIds[chunk[position]] >= 0)
        {
            position++;
        }

        return new TokenizerException($"byte 0x{chunk[position]:X2} is no token of the vocabulary: it cannot write this text.");
    }
}
