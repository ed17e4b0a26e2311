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

    // Any two tokens merge whose joined bytes are a token, with its id as rank; but of the ways to cut a token in two only the
    // one that MergeRecovery finds ever comes up, which leaves less than half of the pairs.
    private static MergeTable OfRanks(BytePairVocabulary vocabulary)
    {
        var merges = new MergeTable(vocabulary.Merges.Length);
        foreach (BytePair pair in vocabulary.Merges)
        {
            var id = vocabulary.MergedId(pair);
            merges.Add(pair.Left, pair.Right, rank: id, id);
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
