using System.Text;
using System.Text.RegularExpressions;

namespace Nabla.Tokenizers;

/// <summary>A split pattern of the user's, run by .NET's regular expressions on code points.</summary>
internal sealed class SplitPattern
{
    // A match of ten megabytes takes a fraction of this; what takes longer goes through ever more ways to match.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly Regex _regex;

    /// <summary>Translates a pattern.</summary>
    /// <exception cref="TokenizerException">The pattern is none, or uses something that is not supported.</exception>
    public SplitPattern(string pattern, TimeSpan? patience = null)
    {
        List<PatternPiece> pieces = PatternParser.Parse(pattern);
        Alphabet = new PatternAlphabet([.. pieces.Select(piece => piece.Set).OfType<CodePointSet>().Distinct()]);
        var translated = new StringBuilder();
        foreach (PatternPiece piece in pieces)
        {
            translated.Append(piece.Syntax);
            if (piece.Set is not null)
            {
                Alphabet.Write(piece.Set, translated);
            }
        }

        const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.Compiled;
        try
        {
            _regex = new Regex(translated.ToString(), Options, patience ?? _patience);
        }
        catch (ArgumentException exception)
        {
            throw new TokenizerException($"the split pattern cannot be used: {exception.Message} ({pattern})", exception);
        }
    }

    /// <summary>How the text must be written for <see cref="Matches"/>.</summary>
    public PatternAlphabet Alphabet { get; }

    /// <summary>The matches in a text that has been translated.</summary>
    public Regex.ValueMatchEnumerator Matches(ReadOnlySpan<char> units) => _regex.EnumerateMatches(units);
}
