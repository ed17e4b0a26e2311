using System.Collections.Immutable;
using System.Globalization;

namespace Nabla.Tokenizers;

/// <summary>
/// Finds the merges behind a list of ranks. OpenAI publishes for each token only its bytes and its rank; the pair that a
/// token was made of is what its bytes encode to with the lower ranks alone, which leaves exactly two tokens.
/// </summary>
public static class MergeRecovery
{
    /// <summary>The pair of each token longer than a byte, in the order of the ids.</summary>
    /// <exception cref="TokenizerException">A token does not come down to two lower ones.</exception>
    public static ImmutableArray<BytePair> Recover(BytePairVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        ImmutableArray<BytePair>.Builder merges = ImmutableArray.CreateBuilder<BytePair>();
        var parts = new List<int>();
        for (var id = 0; id < vocabulary.Size; id++)
        {
            ReadOnlySpan<byte> token = vocabulary.TokenBytes(id);
            if (token.Length < 2)
            {
                continue;
            }

            parts.Clear();
            foreach (var value in token)
            {
                parts.Add(vocabulary.ByteIds[value]);
            }

            MergeBelow(vocabulary, id, parts);
            if (parts.Count != 2)
            {
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                    $"token {id} is {parts.Count} tokens of lower rank, not two: the ranks are not those of a byte-pair training."));
            }

            merges.Add(new BytePair(parts[0], parts[1]));
        }

        return merges.ToImmutable();
    }

    // Tokens are short, so looking at every pair again after each merge is quick enough.
    private static void MergeBelow(BytePairVocabulary vocabulary, int limit, List<int> parts)
    {
        while (true)
        {
            (int rank, int position) best = (limit, -1);
            for (var position = 0; position + 1 < parts.Count; position++)
            {
                var rank = vocabulary.MergedId(new BytePair(parts[position], parts[position + 1]));
                if (rank >= 0 && rank < best.rank)
                {
                    best = (rank, position);
                }
            }

            if (best.position < 0)
            {
                return;
            }

            parts[best.position] = best.rank;
            parts.RemoveAt(best.position + 1);
        }
    }
}
