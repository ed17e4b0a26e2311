namespace Nabla.Tokenizers;

/// <summary>The state of a training before its first merge: where each pair of bytes stands, and how often.</summary>
internal static class BytePairPositions
{
    private const int PairCount = BytePairVocabulary.ByteCount * BytePairVocabulary.ByteCount;
    private const int SlotsBetweenChecks = 1 << 24;

    /// <summary>Makes the table of the pairs that occur at least <paramref name="minimumCount"/> times.</summary>
    public static PairTable Find(SymbolSequence text, int tokenLimit, long minimumCount, CancellationToken cancellationToken)
    {
        var counts = new long[PairCount];
        var ends = new int[PairCount];
        for (var slot = 0; slot + 1 < text.Length; slot++)
        {
            var pair = Number(text, slot);
            if (pair >= 0)
            {
                counts[pair] += text.Weight(slot);
                ends[pair]++;
            }

            if (slot % SlotsBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        var table = new PairTable(tokenLimit);
        var stored = 0;
        for (var pair = 0; pair < PairCount; pair++)
        {
            var length = ends[pair];
            ends[pair] = -1;
            if (counts[pair] >= minimumCount)
            {
                table.Add(new BytePair(pair / BytePairVocabulary.ByteCount, pair % BytePairVocabulary.ByteCount),
                    counts[pair], stored, length);
                ends[pair] = stored;
                stored += length;
            }
        }

        var positions = new int[stored];
        for (var slot = 0; slot + 1 < text.Length; slot++)
        {
            var pair = Number(text, slot);
            if (pair >= 0 && ends[pair] >= 0)
            {
                positions[ends[pair]++] = slot;
            }
        }

        table.StorePositions(0, positions);
        return table;
    }

    // The bytes at a slot and behind it as one number, negative if either slot is empty.
    private static int Number(SymbolSequence text, int slot)
    {
        var left = text[slot];
        var right = text[slot + 1];
        return (left | right) < 0 ? -1 : (left * BytePairVocabulary.ByteCount) + right;
    }
}
