using System.Buffers;

namespace Nabla.Tokenizers;

/// <summary>
/// Tokens that are a sign to the model, such as <c>&lt;|endoftext|&gt;</c>: they are found in a text as a whole, before
/// anything is merged, and only where the caller allows it, since user text could otherwise forge them. Immutable.
/// </summary>
public sealed class SpecialTokens
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _texts;
    private readonly string[] _longestFirst;
    private readonly SearchValues<string>? _search;

    /// <summary>Makes a set of special tokens.</summary>
    /// <param name="tokens">Each token's text and id.</param>
    /// <exception cref="TokenizerException">A text is empty, or a text or an id occurs twice.</exception>
    public SpecialTokens(IEnumerable<KeyValuePair<string, int>> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        _ids = new Dictionary<string, int>(StringComparer.Ordinal);
        _texts = [];
        foreach ((string text, int id) in tokens)
        {
            if (text.Length == 0)
            {
                throw new TokenizerException("a special token has no text: give it one, such as <|endoftext|>.");
            }

            if (id < 0 || !_ids.TryAdd(text, id) || !_texts.TryAdd(id, text))
            {
                throw new TokenizerException($"special token {text} ({id}): the text or the id is taken already, or below 0.");
            }
        }

        _longestFirst = [.. _ids.Keys.OrderByDescending(text => text.Length)];
        _search = _ids.Count == 0 ? null : SearchValues.Create([.. _ids.Keys], StringComparison.Ordinal);
    }

    /// <summary>No special tokens.</summary>
    public static SpecialTokens None { get; } = new([]);

    /// <summary>The texts and their ids.</summary>
    public IReadOnlyDictionary<string, int> Ids => _ids;

    /// <summary>The text of a special token's id, or null.</summary>
    public string? TextOf(int id) => _texts.GetValueOrDefault(id);

    /// <summary>
    /// Finds the first special token in a text; of several that begin at the same place the longest.
    /// </summary>
    internal bool TryFindFirst(ReadOnlySpan<char> text, out int position, out string token)
    {
        position = _search is null ? -1 : text.IndexOfAny(_search);
        token = "";
        if (position >= 0)
        {
            foreach (var candidate in _longestFirst)
            {
                if (text[position..].StartsWith(candidate, StringComparison.Ordinal))
                {
                    token = candidate;
                    break;
                }
            }
        }

        return position >= 0;
    }
}
