using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <summary>What can be told of all the tokens of a tokenizer by looking at each of them once.</summary>
public sealed record VocabularySurvey
{
    /// <summary>The tokens that stand for text.</summary>
    public required int TextTokenCount { get; init; }

    /// <summary>The tokens that are a sign to the model.</summary>
    public required ImmutableArray<int> Special { get; init; }

    /// <summary>The ids that stand for nothing.</summary>
    public required int UnusedCount { get; init; }

    /// <summary>The tokens of text that are not valid UTF-8 alone: they hold a part of a character.</summary>
    public required ImmutableArray<int> NotUtf8 { get; init; }

    /// <summary>
    /// The tokens of text to which no text encodes that is the token's own: the split pattern cuts it, or other merges come
    /// first. A token that is not UTF-8 alone counts if its bytes do not merge to it.
    /// </summary>
    public required ImmutableArray<int> Unreachable { get; init; }

    /// <summary>How many tokens of text have each length: element n counts those of n bytes.</summary>
    public required ImmutableArray<int> Lengths { get; init; }

    /// <summary>Looks at all tokens.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="cancellationToken">Ends the survey.</param>
    public static VocabularySurvey Of(ITokenizer tokenizer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var reach = TokenReach.Of(tokenizer);
        ImmutableArray<int>.Builder special = ImmutableArray.CreateBuilder<int>();
        ImmutableArray<int>.Builder notUtf8 = ImmutableArray.CreateBuilder<int>();
        ImmutableArray<int>.Builder unreachable = ImmutableArray.CreateBuilder<int>();
        var lengths = new List<int>();
        var unused = 0;
        for (var id = 0; id < tokenizer.VocabularySize; id++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> bytes = tokenizer.TokenBytes(id);
            if (tokenizer.IsSpecial(id))
            {
                special.Add(id);
                continue;
            }

            if (bytes.IsEmpty)
            {
                unused++;
                continue;
            }

            while (lengths.Count <= bytes.Length)
            {
                lengths.Add(0);
            }

            lengths[bytes.Length]++;
            var isText = Utf8.IsValid(bytes);
            if (!isText)
            {
                notUtf8.Add(id);
            }

            if (!(isText ? reach.FromText(id, Encoding.UTF8.GetString(bytes)) : reach.FromBytes(id, bytes)))
            {
                unreachable.Add(id);
            }
        }

        return new VocabularySurvey
        {
            TextTokenCount = lengths.Sum(),
            Special = special.ToImmutable(),
            UnusedCount = unused,
            NotUtf8 = notUtf8.ToImmutable(),
            Unreachable = unreachable.ToImmutable(),
            Lengths = [.. lengths],
        };
    }

    /// <summary>The longest tokens of text, the longest first; of equal ones the lowest id.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="count">How many.</param>
    public static ImmutableArray<int> Longest(ITokenizer tokenizer, int count)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return [.. Enumerable.Range(0, tokenizer.VocabularySize)
            .Where(id => !tokenizer.IsSpecial(id) && !tokenizer.TokenBytes(id).IsEmpty)
            .OrderByDescending(id => tokenizer.TokenBytes(id).Length)
            .Take(count)];
    }
}
