using System.Collections.Immutable;
using System.Globalization;

namespace Nabla.Tokenizers;

/// <summary>
/// Finds the merges behind a list of ranks. OpenAI publishes for each token only its bytes and its rank; the pair that a
/// token was made of is what its bytes encode to with the lower ranks alone, which leaves exactly two tokens.
/// </summary>
/// <remarks>
/// A list of ranks says that any two neighbours merge whose joined bytes are a token. A token of n bytes can be cut in two in
/// n - 1 ways, but only one of them ever comes up: as long as the bytes of a token that is to be are not merged across its
/// ends, they are merged as if they stood alone, since the lowest rank of a text that lies within them is the lowest within
/// them. So the last pair when its bytes alone are merged is the only one; and if these do not come down to it, no text does.
/// </remarks>
public static class MergeRecovery
{
    private const int BlockSize = 4096;

    /// <summary>The pair of each token longer than a byte, in the order of the ids.</summary>
    /// <exception cref="TokenizerException">A token does not come down to two lower ones.</exception>
    public static ImmutableArray<BytePair> Recover(BytePairVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        return Recover(vocabulary, (id, parts) => throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
            $"token {id} is {parts} tokens of lower rank, not two: the ranks are not those of a byte-pair training.")));
    }

    /// <summary>
    /// The merges of any list of ranks. A token that no two others merge to has none: it is found only as a whole chunk.
    /// </summary>
    internal static ImmutableArray<BytePair> RecoverAny(BytePairVocabulary vocabulary) => Recover(vocabulary, null);

    /// <summary>Whether merging by the rank of the joined token, and looking up whole chunks, does what a vocabulary says.</summary>
    internal static bool FollowFromIds(BytePairVocabulary vocabulary)
    {
        if (vocabulary.MergesByRank)
        {
            return true;
        }

        ImmutableArray<BytePair> merges = RecoverAny(vocabulary);
        return vocabulary.Merges.AsSpan().SequenceEqual(merges.AsSpan())
            && (vocabulary.MatchesWholeChunks || merges.Length == CountLongerThanOne(vocabulary));
    }

    private static int CountLongerThanOne(BytePairVocabulary vocabulary)
    {
        var count = 0;
        for (var id = 0; id < vocabulary.Size; id++)
        {
            count += vocabulary.TokenBytes(id).Length > 1 ? 1 : 0;
        }

        return count;
    }

    private static ImmutableArray<BytePair> Recover(BytePairVocabulary vocabulary, Action<int, int>? refuse)
    {
        // Each token is taken apart for itself, so all cores can.
        var found = new (int Parts, BytePair Pair)[vocabulary.Size];
        Parallel.For(0, (vocabulary.Size + BlockSize - 1) / BlockSize, () => new TokenParts(vocabulary), (block, _, parts) =>
        {
            for (var id = block * BlockSize; id < Math.Min(vocabulary.Size, (block + 1) * BlockSize); id++)
            {
                if (vocabulary.TokenBytes(id).Length > 1)
                {
                    found[id].Parts = parts.Merge(id, refuse is null ? int.MaxValue : id, out found[id].Pair);
                }
            }

            return parts;
        }, _ => { });

        ImmutableArray<BytePair>.Builder merges = ImmutableArray.CreateBuilder<BytePair>(vocabulary.Size);
        for (var id = 0; id < found.Length; id++)
        {
            (int parts, BytePair pair) = found[id];
            if (parts == 2 && pair is { Left: >= 0, Right: >= 0 })
            {
                merges.Add(pair);
            }
            else if (parts > 0)
            {
                refuse?.Invoke(id, parts);
            }
        }

        return merges.ToImmutable();
    }
}
