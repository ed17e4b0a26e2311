using System.Runtime.CompilerServices;

namespace Nabla.Tokenizers;

/// <summary>
/// Turns the chunks of UTF-8 into ids, the inner loop of all byte-pair tokenizers: a chunk becomes a token by look-up, or
/// several by merging. Immutable.
/// </summary>
internal sealed class ChunkEncoder
{
    // Chunks are found so many at a time: while the next are found, the memory for looking up the first is fetched, and where
    // one of them has to be merged, the processor does not wait for it to know what comes next.
    private const int BatchLength = 32;

    private readonly BytePairVocabulary _vocabulary;
    private readonly bool _hasAllBytes;
    private readonly MergeTable _merges;
    private readonly TokenTable _tokens;
    private readonly BytePairSet _bytesInTokens;

    // The rank of each pair of bytes: half of all look-ups, and here the common ones share cache lines.
    private readonly int[] _rankOfBytes = new int[BytePairVocabulary.ByteCount * BytePairVocabulary.ByteCount];

    public ChunkEncoder(BytePairVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _hasAllBytes = !vocabulary.ByteIds.Contains(-1);
        _merges = MergeTables.Of(vocabulary);
        _tokens = MergeTables.WholeChunks(vocabulary, _merges);
        _bytesInTokens = new BytePairSet(vocabulary);
        for (var pair = 0; pair < _rankOfBytes.Length; pair++)
        {
            _rankOfBytes[pair] = _merges.Rank(vocabulary.ByteIds[pair >> 8], vocabulary.ByteIds[pair & 0xFF]);
        }
    }

    /// <summary>Adds the ids of valid UTF-8, a text or a block that can be encoded apart.</summary>
    /// <exception cref="TokenizerException">A byte is no token.</exception>
    [SkipLocalsInit]
    public void Encode<TChunker>(ReadOnlySpan<byte> utf8, EncoderMemory memory, scoped ref IdBuffer output)
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
                    count += EncodeRare(chunk.Key, utf8.Slice(chunk.Start, chunk.Key.Length), ids[count..], memory);
                }
            }
        }

        output.Advance(count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int EncodeRare(in ChunkKey key, ReadOnlySpan<byte> chunk, Span<int> ids, EncoderMemory memory) =>
        chunk.Length > ChunkKey.MaxLength ? EncodeLongChunk(chunk, ids) : MergeShortChunk(key, chunk, ids, memory.Cache);

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
