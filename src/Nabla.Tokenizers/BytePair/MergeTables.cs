namespace Nabla.Tokenizers;

/// <summary>Makes the tables of an encoder from a vocabulary.</summary>
internal static class MergeTables
{
    /// <summary>
    /// The merges of a vocabulary of ranks: any two tokens whose joined bytes are a token, with its id as their rank. These are
    /// all the ways to cut each token in two.
    /// </summary>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="tokens">All its tokens.</param>
    public static MergeTable OfRanks(BytePairVocabulary vocabulary, TokenTable tokens)
    {
        var merges = new MergeTable(4 * vocabulary.Size);
        // Only lengths that occur are tried, so that a file with a token of a megabyte does not take its square.
        HashSet<int> lengths = [];
        for (var id = 0; id < vocabulary.Size; id++)
        {
            lengths.Add(vocabulary.TokenBytes(id).Length);
        }

        int[] ascending = [.. lengths.Where(length => length > 0).Order()];
        for (var id = 0; id < vocabulary.Size; id++)
        {
            ReadOnlySpan<byte> token = vocabulary.TokenBytes(id);
            foreach (var cut in ascending)
            {
                if (cut >= token.Length)
                {
                    break;
                }

                var left = tokens.Find(token[..cut]);
                var right = left < 0 ? -1 : tokens.Find(token[cut..]);
                if (right >= 0)
                {
                    merges.Add(left, right, rank: id, id);
                }
            }
        }

        return merges;
    }

    /// <summary>The merges of a vocabulary that lists them.</summary>
    public static MergeTable OfList(BytePairVocabulary vocabulary)
    {
        var merges = new MergeTable(vocabulary.Merges.Length);
        for (var rank = 0; rank < vocabulary.Merges.Length; rank++)
        {
            BytePair pair = vocabulary.Merges[rank];
            merges.Add(pair.Left, pair.Right, rank, vocabulary.MergedId(pair));
        }

        return merges;
    }

    /// <summary>All tokens: in a vocabulary of ranks a chunk that is a token is not merged.</summary>
    public static TokenTable AllTokens(BytePairVocabulary vocabulary)
    {
        var tokens = new TokenTable(vocabulary);
        for (var id = 0; id < vocabulary.Size; id++)
        {
            if (!vocabulary.TokenBytes(id).IsEmpty)
            {
                tokens.Add(id);
            }
        }

        return tokens;
    }

    /// <summary>
    /// The tokens that merging their bytes leads to. A list of merges may hold others, which no text is encoded to: for these
    /// looking up a chunk would give something else than merging it.
    /// </summary>
    public static TokenTable ReachedTokens(BytePairVocabulary vocabulary, MergeTable merges)
    {
        var tokens = new TokenTable(vocabulary);
        int[] ids = [];
        for (var id = 0; id < vocabulary.Size; id++)
        {
            ReadOnlySpan<byte> token = vocabulary.TokenBytes(id);
            if (token.IsEmpty)
            {
                continue;
            }

            if (ids.Length < token.Length)
            {
                ids = new int[Math.Max(64, 2 * token.Length)];
            }

            for (var index = 0; index < token.Length; index++)
            {
                ids[index] = vocabulary.ByteIds[token[index]];
            }

            if (ChunkMerger.Merge(ids.AsSpan(0, token.Length), merges) == 1 && ids[0] == id)
            {
                tokens.Add(id);
            }
        }

        return tokens;
    }
}
