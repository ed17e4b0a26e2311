using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <summary>Turns chunks of UTF-8 into ids: the inner loop of all byte-pair tokenizers. Immutable.</summary>
internal sealed class BytePairEncoder
{
    private readonly BytePairVocabulary _vocabulary;
    private readonly MergeTable _merges;

    public BytePairEncoder(BytePairVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _merges = vocabulary.MergesByRank ? MergesOfRanks(vocabulary) : ListedMerges(vocabulary);
    }

    /// <summary>Adds the ids of a text: splits it, and merges within each chunk.</summary>
    /// <exception cref="TokenizerException">Half of a surrogate pair stands alone, or a byte is no token.</exception>
    public void Encode(ReadOnlySpan<char> text, TextSplitter splitter, ref IdBuffer output)
    {
        foreach (Range chunk in splitter.EnumerateChunks(text))
        {
            ReadOnlySpan<char> units = text[chunk];
            var bytes = new byte[Encoding.UTF8.GetMaxByteCount(units.Length)];
            if (Utf8.FromUtf16(units, bytes, out var read, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
            {
                throw UnpairedSurrogate(text, chunk.Start.Value + read);
            }

            EncodeChunk(bytes.AsSpan(0, written), ref output);
        }
    }

    /// <summary>Adds the ids of one chunk of bytes, within which everything may merge.</summary>
    public void EncodeChunk(ReadOnlySpan<byte> chunk, ref IdBuffer output)
    {
        if (_vocabulary.MergesByRank && _vocabulary.Find(chunk) is >= 0 and var whole)
        {
            output.Add(whole);
            return;
        }

        int[] rented = ArrayPool<int>.Shared.Rent(chunk.Length);
        Span<int> ids = rented.AsSpan(0, chunk.Length);
        ReadOnlySpan<int> byteIds = _vocabulary.ByteIds;
        for (var index = 0; index < chunk.Length; index++)
        {
            ids[index] = byteIds[chunk[index]];
        }

        output.Add(ids[..ChunkMerger.Merge(ids, _merges)]);
        ArrayPool<int>.Shared.Return(rented);
    }

    internal static TokenizerException UnpairedSurrogate(ReadOnlySpan<char> text, int position) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"half of a surrogate pair (U+{(int)text[position]:X4}) stands alone at position {position}: the text is not valid "
        + $"Unicode; read it again as UTF-8."));

    // Any two tokens whose joined bytes are a token merge, with its id as their rank: all ways to cut each token in two.
    private static MergeTable MergesOfRanks(BytePairVocabulary vocabulary)
    {
        var merges = new MergeTable(4 * vocabulary.Size);
        for (var id = 0; id < vocabulary.Size; id++)
        {
            ReadOnlySpan<byte> token = vocabulary.TokenBytes(id);
            for (var cut = 1; cut < token.Length; cut++)
            {
                var left = vocabulary.Find(token[..cut]);
                var right = left < 0 ? -1 : vocabulary.Find(token[cut..]);
                if (right >= 0)
                {
                    merges.Add(left, right, rank: id, id);
                }
            }
        }

        return merges;
    }

    private static MergeTable ListedMerges(BytePairVocabulary vocabulary)
    {
        var merges = new MergeTable(vocabulary.Merges.Length);
        for (var rank = 0; rank < vocabulary.Merges.Length; rank++)
        {
            BytePair pair = vocabulary.Merges[rank];
            merges.Add(pair.Left, pair.Right, rank, vocabulary.MergedId(pair));
        }

        return merges;
    }
}
