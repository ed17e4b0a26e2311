using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <summary>Turns chunks of UTF-8 into ids: the inner loop of all byte-pair tokenizers. Immutable.</summary>
internal sealed class BytePairEncoder
{
    private readonly BytePairVocabulary _vocabulary;
    private readonly Dictionary<BytePair, (int Rank, int Id)> _pairs = [];

    public BytePairEncoder(BytePairVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        for (var rank = 0; rank < vocabulary.Merges.Length; rank++)
        {
            BytePair pair = vocabulary.Merges[rank];
            _pairs.TryAdd(pair, (rank, vocabulary.MergedId(pair)));
        }
    }

    /// <summary>Adds the ids of a text: splits it, and merges within each chunk.</summary>
    /// <exception cref="TokenizerException">Half of a surrogate pair stands alone, or a byte is no token.</exception>
    public void Encode(ReadOnlySpan<char> text, TextSplitter splitter, ref IdBuffer output)
    {
        foreach (Range chunk in splitter.Chunks(text.ToString()))
        {
            ReadOnlySpan<char> units = text[chunk];
            var bytes = new byte[Encoding.UTF8.GetMaxByteCount(units.Length)];
            if (Utf8.FromUtf16(units, bytes, out var read, out var written, replaceInvalidSequences: false) != System.Buffers.OperationStatus.Done)
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

        var ids = new List<int>();
        foreach (var value in chunk)
        {
            ids.Add(_vocabulary.ByteIds[value]);
        }

        while (true)
        {
            (int rank, int position, int id) best = (int.MaxValue, -1, -1);
            for (var position = 0; position + 1 < ids.Count; position++)
            {
                if (_pairs.TryGetValue(new BytePair(ids[position], ids[position + 1]), out (int Rank, int Id) merge)
                    && merge.Rank < best.rank)
                {
                    best = (merge.Rank, position, merge.Id);
                }
            }

            if (best.position < 0)
            {
                break;
            }

            ids[best.position] = best.id;
            ids.RemoveAt(best.position + 1);
        }

        foreach (var id in ids)
        {
            output.Add(id);
        }
    }

    internal static TokenizerException UnpairedSurrogate(ReadOnlySpan<char> text, int position) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"half of a surrogate pair (U+{(int)text[position]:X4}) stands alone at position {position}: the text is not valid "
        + $"Unicode; read it again as UTF-8."));
}
