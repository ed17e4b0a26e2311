namespace Nabla.Tokenizers;

/// <summary>
/// Adds tokens to a vocabulary by merges of their own, which come after all others: what a token's text was before is joined
/// from the left until it is one.
/// </summary>
internal sealed class VocabularyGrowth(BytePairVocabulary vocabulary, int firstId)
{
    private readonly List<(BytePair Pair, int Id)> _merges = [];
    private readonly List<byte[]> _tokens = [];

    /// <summary>Adds the merges that make one token of some ids.</summary>
    public void Join(int[] ids)
    {
        foreach ((BytePair pair, int id) in _merges)
        {
            ids = PairCounts.Merge(ids, pair, id);
        }

        while (ids.Length > 1)
        {
            var pair = new BytePair(ids[0], ids[1]);
            byte[] joined = [.. Bytes(pair.Left), .. Bytes(pair.Right)];
            var id = IdOf(joined);
            _merges.Add((pair, id));
            ids = PairCounts.Merge(ids, pair, id);
        }
    }

    /// <summary>The vocabulary with all that was added.</summary>
    public BytePairVocabulary ToVocabulary()
    {
        var tokens = new byte[]?[firstId + _tokens.Count];
        for (var id = 0; id < vocabulary.Size; id++)
        {
            tokens[id] = vocabulary.TokenBytes(id).ToArray();
        }

        _tokens.CopyTo(tokens!, firstId);
        return vocabulary.MergesByRank
            ? BytePairVocabulary.FromRanks(tokens)
            : BytePairVocabulary.Create(
                tokens, [.. vocabulary.Merges, .. _merges.Select(merge => merge.Pair)], vocabulary.MatchesWholeChunks);
    }

    private ReadOnlySpan<byte> Bytes(int id) => id < firstId ? vocabulary.TokenBytes(id) : _tokens[id - firstId];

    // A token that is there, but that no merge made, keeps its id.
    private int IdOf(byte[] token)
    {
        var id = vocabulary.Find(token);
        if (id < 0)
        {
            id = firstId + _tokens.FindIndex(added => added.AsSpan().SequenceEqual(token));
            if (id < firstId)
            {
                id = firstId + _tokens.Count;
                _tokens.Add(token);
            }
        }

        return id;
    }
}
