namespace Nabla.Tokenizers;

/// <summary>
/// Of which two tokens each token was made. Followed down, this is a token's merge history, a binary tree with bytes as its
/// leaves; all of them together are the forest that a byte-pair training grows.
/// </summary>
public sealed class MergeHistory
{
    private readonly Dictionary<int, BytePair> _pairs = [];
    private readonly List<int> _merged = [];

    private MergeHistory(BytePairVocabulary? vocabulary)
    {
        foreach (BytePair pair in vocabulary?.Merges ?? [])
        {
            // Files may list several pairs that join to the same bytes: the first merges first.
            var id = vocabulary!.MergedId(pair);
            if (_pairs.TryAdd(id, pair))
            {
                _merged.Add(id);
            }
        }
    }

    /// <summary>The tokens that are made of two, in the order of precedence of their merges.</summary>
    public IReadOnlyList<int> Merged => _merged;

    /// <summary>The history of a tokenizer's tokens; empty for one that does not merge pairs of bytes.</summary>
    /// <exception cref="TokenizerException">The tokenizer is a list of ranks that no training made.</exception>
    public static MergeHistory Of(ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new MergeHistory(tokenizer switch
        {
            BasicTokenizer basic => basic.Vocabulary,
            RegexTokenizer regex => regex.Vocabulary,
            _ => null,
        });
    }

    /// <summary>The two tokens that a token was made of, or null for a byte, a special token, or an id that is none.</summary>
    public BytePair? PartsOf(int id) => _pairs.TryGetValue(id, out BytePair pair) ? pair : null;
}
