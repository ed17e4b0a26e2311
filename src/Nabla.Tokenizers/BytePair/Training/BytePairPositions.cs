namespace Nabla.Tokenizers;

/// <summary>The state of a training before its first merge: where each pair of bytes stands, and how often.</summary>
internal static class BytePairPositions
{
    private const int PairCount = BytePairVocabulary.ByteCount * BytePairVocabulary.ByteCount;
    private const int SlotsBetweenChecks = 1 << 24;

    // What all merges together add is at most twice the length, since each takes one token away and makes two pairs.
    private const int PositionsPerSlot = 3;

    /// <summary>Makes the table of the pairs that occur often enough.</summary>
    public static PairTable Find(SymbolSequence text, BytePairTrainingOptions options, CancellationToken cancellationToken)
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

        var limit = options.PositionLimit ?? PositionLimit(text.Length);
        var storesAll = limit / PositionsPerSlot >= text.Length;
        var table = new PairTable(options.VocabularySize, limit);
        var stored = 0;
        for (var pair = 0; pair < PairCount; pair++)
        {
            var length = ends[pair];
            ends[pair] = -1;
            if (counts[pair] < options.MinimumCount)
            {
                continue;
            }

            var bytes = new BytePair(pair / BytePairVocabulary.ByteCount, pair % BytePairVocabulary.ByteCount);
            if (storesAll)
            {
                table.Add(bytes, counts[pair], stored, length);
                ends[pair] = stored;
                stored += length;
            }
            else
            {
                table.Add(bytes, counts[pair]);
            }
        }

        var positions = new int[stored];
        for (var slot = 0; storesAll && slot + 1 < text.Length; slot++)
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

    // A slot takes two bytes of memory, a position four, and as much again while it is collected. So training stays below 6 GB.
    private static long PositionLimit(long slots) => (5_000_000_000 - (sizeof(ushort) * slots)) / (2 * sizeof(int));

    // The bytes at a slot and behind it as one number, negative if either slot is empty.
    private static int Number(SymbolSequence text, int slot)
    {
        var left = text[slot];
        var right = text[slot + 1];
        return (left | right) < 0 ? -1 : (left * BytePairVocabulary.ByteCount) + right;
    }
}
