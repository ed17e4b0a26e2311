using System.Buffers;
using System.Globalization;

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
    /// <exception cref="TokenizerException">
    /// A text is empty or not valid Unicode, an id is out of bounds, or a text or an id occurs twice.
    /// </exception>
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

            if (HasLoneSurrogate(text))
            {
                throw new TokenizerException($"special token {Quoted.Text(text)} holds half of a surrogate pair: no text has it.");
            }

            if ((uint)id > VocabularyLimits.MaxId)
            {
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                    $"special token {Quoted.Text(text)} has id {id}: ids run from 0 to {VocabularyLimits.MaxId}."));
            }

            if (!_ids.TryAdd(text, id))
            {
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                    $"special token {Quoted.Text(text)} has ids {_ids[text]} and {id}: give it one."));
            }

            if (!_texts.TryAdd(id, text))
            {
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                    $"special tokens {Quoted.Text(_texts[id])} and {Quoted.Text(text)} both have id {id}: give each its own."));
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
    /// <param name="text">The text.</param>
    /// <param name="position">Where the token begins, in UTF-16 code units; -1 if there is none.</param>
    /// <param name="token">The token's text; empty if there is none.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryFindFirst(ReadOnlySpan<char> text, out int position, out string token)
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

    private static bool HasLoneSurrogate(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (index + 1 < text.Length && char.IsSurrogatePair(text, index))
            {
                index++;
            }
            else if (char.IsSurrogate(text[index]))
            {
                return true;
            }
        }

        return false;
    }
}
