namespace Nabla.Tokenizers;

/// <summary>Makes the tables of an encoder from a vocabulary.</summary>
internal static class MergeTables
{
    /// <summary>The merges that encoding by a vocabulary can come to.</summary>
    public static MergeTable Of(BytePairVocabulary vocabulary) => vocabulary.MergesByRank ? OfRanks(vocabulary) : OfList(vocabulary);

    /// <summary>The tokens that a chunk with their bytes becomes.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="merges">What <see cref="Of"/> gave for it.</param>
    public static TokenTable WholeChunks(BytePairVocabulary vocabulary, MergeTable merges) =>
        vocabulary.MatchesWholeChunks ? AllTokens(vocabulary) : ReachedTokens(vocabulary, merges);

    private static TokenTable AllTokens(BytePairVocabulary vocabulary)
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

    // The tokens that merging their bytes leads to. A list of merges may hold others, which no text is encoded to: for these
    // looking up a chunk would give something else than merging it.
    private static TokenTable ReachedTokens(BytePairVocabulary vocabulary, MergeTable merges)
    {
        var tokens = new TokenTable(vocabulary);
        int[] parts = [];
        for (var id = 0; id < vocabulary.Size; id++)
        {
            if (Merge(vocabulary, id, merges, ref parts) == 1 && parts[0] == id)
            {
                tokens.Add(id);
            }
        }

        return tokens;
    }

    /// <summary>
    /// The merges of a vocabulary of ranks, in which any two tokens merge whose joined bytes are a token, with its id as rank.
    /// </summary>
    /// <remarks>
    /// A token of n bytes can be cut in two in n - 1 ways, most of them into tokens; but only one of them ever comes up. For as
    /// long as the bytes of a token that is to be are not merged across its ends, they are merged as if they stood alone, since
    /// the lowest rank of a text that lies within them is the lowest within them. So the pair that a token is made of is the
    /// last one when its bytes alone are merged; and if these do not come down to it, no text does. That
    /// leaves less than half of the pairs.
    /// </remarks>
    private static MergeTable OfRanks(BytePairVocabulary vocabulary)
    {
        // Shorter tokens first: a token's bytes are merged by what makes shorter ones, and then by the pair that is looked for.
        var order = new int[vocabulary.Size];
        var lengths = new int[vocabulary.Size];
        for (var id = 0; id < order.Length; id++)
        {
            order[id] = id;
            lengths[id] = vocabulary.TokenBytes(id).Length;
        }

        Array.Sort(lengths, order);
        var merges = new MergeTable(vocabulary.Size);
        int[] parts = [];
        foreach (var id in order)
        {
            if (Merge(vocabulary, id, merges, ref parts) == 2)
            {
                merges.Add(parts[0], parts[1], rank: id, id);
            }
        }

        return merges;
    }

    /// <summary>The merges of a vocabulary that lists them.</summary>
    private static MergeTable OfList(BytePairVocabulary vocabulary)
    {
        var merges = new MergeTable(vocabulary.Merges.Length);
        for (var rank = 0; rank < vocabulary.Merges.Length; rank++)
        {
            BytePair pair = vocabulary.Merges[rank];
            merges.Add(pair.Left, pair.Right, rank, vocabulary.MergedId(pair));
        }

        return merges;
    }

    // Merges the bytes of a token, and returns how many ids are left.
    private static int Merge(BytePairVocabulary vocabulary, int id, MergeTable merges, ref int[] parts)
    {
        ReadOnlySpan<byte> token = vocabulary.TokenBytes(id);
        if (parts.Length < token.Length)
        {
            parts = new int[2 * token.Length];
        }

        for (var index = 0; index < token.Length; index++)
        {
            parts[index] = vocabulary.ByteIds[token[index]];
        }

        return ChunkMerger.Merge(parts.AsSpan(0, token.Length), merges);
    }
}
