namespace Nabla.Tokenizers;

/// <summary>
/// Of which two tokens each token was made. Followed down, this is a token's merge history, a binary tree with bytes as its
/// leaves; all of them together are the forest that a byte-pair training grows.
/// </summary>
public sealed class MergeHistory
{
    private readonly Dictionary<int, BytePair> _pairs;

    private MergeHistory(Dictionary<int, BytePair> pairs) => _pairs = pairs;

    /// <summary>No history.</summary>
    public static MergeHistory None { get; } = new([]);

    /// <summary>How many tokens are known to be made of two.</summary>
    public int Count => _pairs.Count;

    /// <summary>The history of a tokenizer's tokens; empty for one that does not merge pairs.</summary>
    /// <exception cref="TokenizerException">The tokenizer is a list of ranks that no training made.</exception>
    public static MergeHistory Of(ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var pairs = new Dictionary<int, BytePair>();
        if (VocabularyOf(tokenizer) is { } vocabulary)
        {
            foreach (BytePair pair in vocabulary.Merges)
            {
                // Files may list several pairs that join to the same bytes: the first merges first.
                pairs.TryAdd(vocabulary.MergedId(pair), pair);
            }
        }

        return new MergeHistory(pairs);
    }

    /// <summary>The two tokens that a token was made of, or null for a byte, a special token, or an id that is none.</summary>
    public BytePair? PartsOf(int id) => _pairs.TryGetValue(id, out BytePair pair) ? pair : null;

    private static BytePairVocabulary? VocabularyOf(ITokenizer tokenizer) => tokenizer switch
    {
        BasicTokenizer basic => basic.Vocabulary,
        RegexTokenizer regex => regex.Vocabulary,
        _ => null,
    };
}
