using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Nabla.Tokenizers;

/// <summary>
/// A vocabulary as GPT-2's <c>encoder.json</c> and Hugging Face's <c>tokenizer.json</c> hold it: an object from token to id,
/// and merges as pairs of tokens, all in the letters of <see cref="ByteAlphabet"/>.
/// </summary>
internal sealed class AlphabetVocabulary
{
    private readonly List<BytePair> _merges = [];
    private readonly bool[] _made;
    private byte[] _bytes = new byte[256];

    private AlphabetVocabulary(TokenStore tokens, Dictionary<int, string> foreign)
    {
        Tokens = tokens;
        Foreign = foreign;
        _made = new bool[tokens.Size];
    }

    /// <summary>The tokens that are in the alphabet.</summary>
    public TokenStore Tokens { get; }

    /// <summary>The entries that are not; only special tokens can be such.</summary>
    public IReadOnlyDictionary<int, string> Foreign { get; }

    /// <summary>Reads the object from token to id.</summary>
    public static AlphabetVocabulary Read(JsonElement entries, string place)
    {
        var count = entries.GetPropertyCount();
        var highest = Math.Min(VocabularyLimits.MaxId, VocabularyLimits.MaxGap + (2 * count));
        var tokens = new TokenStoreBuilder(count);
        var foreign = new Dictionary<int, string>();
        byte[] bytes = new byte[256];
        foreach (JsonProperty entry in entries.EnumerateObject())
        {
            var text = JsonContent.Name(entry, place);
            var id = JsonContent.Id(entry.Value, highest, $"{place}[{Quoted.Text(text)}]");
            if (text.Length > bytes.Length)
            {
                bytes = new byte[text.Length];
            }

            var taken = text.Length == 0 || foreign.ContainsKey(id) || tokens[id].Length > 0;
            if (!taken && ByteAlphabet.TryDecode(text, bytes))
            {
                tokens.Add(id, bytes.AsSpan(0, text.Length));
            }
            else if (!taken)
            {
                foreign.Add(id, text);
            }
            else
            {
                throw new TokenizerException(text.Length == 0
                    ? $"{place} has a token without text."
                    : string.Create(CultureInfo.InvariantCulture, $"{place}[{Quoted.Text(text)}]: id {id} is given twice."));
            }
        }

        return new AlphabetVocabulary(tokens.Build(), foreign);
    }

    /// <summary>
    /// Whether a special token can stand among the tokens as it is: not if its text reads as an ordinary token, or as a byte.
    /// </summary>
    public static bool CanHold(BytePairVocabulary vocabulary, string text)
    {
        var bytes = new byte[text.Length];
        return !ByteAlphabet.TryDecode(text, bytes) || (bytes.Length > 1 && vocabulary.Find(bytes) < 0);
    }

    /// <summary>Adds a merge of two tokens; returns what is wrong with it, or null.</summary>
    public string? AddMerge(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (left.Length + right.Length > _bytes.Length)
        {
            _bytes = new byte[2 * (left.Length + right.Length)];
        }

        if (!ByteAlphabet.TryDecode(left, _bytes) || !ByteAlphabet.TryDecode(right, _bytes.AsSpan(left.Length)))
        {
            return "it has characters that stand for no byte.";
        }

        var pair = new BytePair(Tokens.Find(_bytes.AsSpan(0, left.Length)), Tokens.Find(_bytes.AsSpan(left.Length, right.Length)));
        var made = Tokens.Find(_bytes.AsSpan(0, left.Length + right.Length));
        if (pair.Left < 0 || pair.Right < 0 || made < 0)
        {
            ReadOnlySpan<char> missing = pair.Left < 0 ? left : pair.Right < 0 ? right : string.Concat(left, right);
            return $"{Quoted.Text(missing)} is no token of the vocabulary.";
        }

        _merges.Add(pair);
        _made[made] = true;
        return null;
    }

    /// <summary>Whether a token can come about by merging: it is a byte, or a merge makes it.</summary>
    public bool IsMade(int id) => _made[id] || Tokens[id].Length == 1;

    /// <summary>The vocabulary without some ids, which are not <see cref="IsMade"/>.</summary>
    public (TokenStore Tokens, ImmutableArray<BytePair> Merges) Without(IEnumerable<int> ids) =>
        (Tokens.Without(ids), [.. _merges]);
}
