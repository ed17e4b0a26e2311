namespace Nabla.Tokenizers;

/// <summary>
/// Of which two tokens each token was made. Followed down, this is a token's merge history, a binary tree with bytes as its
/// leaves; all of them together are the forest that a byte-pair training grows.
/// </summary>
public sealed class MergeHistory
{
    private readonly Dictionary<int, BytePair> _pairs = [];
    private readonly List<int> _merged = [];

    private MergeHistory(IEnumerable<KeyValuePair<int, BytePair>> merges)
    {
        foreach ((int id, BytePair pair) in merges)
        {
            // Files may list several pairs that join to the same bytes: the first merges first.
            if (_pairs.TryAdd(id, pair))
            {
                _merged.Add(id);
            }
        }
    }

    /// <summary>The tokens that are made of two, in the order of precedence of their merges.</summary>
    public IReadOnlyList<int> Merged => _merged;

    /// <summary>The history of a tokenizer's tokens; empty for one that does not merge pairs.</summary>
    public static MergeHistory Of(ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new MergeHistory(tokenizer switch
        {
            BasicTokenizer basic => Of(basic.Vocabulary),
            RegexTokenizer regex => Of(regex.Vocabulary),
            SentencePieceTokenizer { Model.Training.ModelType: SentencePieceModelType.Bpe } pieces => PieceHistory.Recover(pieces.Model),
            _ => [],
        });
    }

    /// <summary>The two tokens that a token was made of, or null for a byte, a special token, or an id that is none.</summary>
    public BytePair? PartsOf(int id) => _pairs.TryGetValue(id, out BytePair pair) ? pair : null;

    private static IEnumerable<KeyValuePair<int, BytePair>> Of(BytePairVocabulary vocabulary)
        => vocabulary.Merges.Select(pair => KeyValuePair.Create(vocabulary.MergedId(pair), pair));
}
