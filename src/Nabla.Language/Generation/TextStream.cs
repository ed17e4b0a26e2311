using System.Text;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>
/// Turns tokens into text as they come. Holds back what may still change: the first bytes of a character whose last bytes are
/// in the next token, and the beginning of what may become a stop string.
/// </summary>
internal sealed class TextStream(ITokenizer tokenizer, IReadOnlyList<string> stopStrings)
{
    private readonly List<int> _undecoded = [];
    private readonly StringBuilder _held = new();

    /// <summary>Gets whether a stop string has been met.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Takes a token and returns the text that is now certain, which may be empty.</summary>
    public string Add(int id)
    {
        _undecoded.Add(id);
        string text = tokenizer.Decode([.. _undecoded]);
        if (text.EndsWith('\uFFFD') && _undecoded.Count < 4)
        {
            return string.Empty;
        }

        _undecoded.Clear();
        _held.Append(text);
        return Release(final: false);
    }

    /// <summary>Returns what was still held back, at the end of the tokens.</summary>
    public string Finish()
    {
        _held.Append(tokenizer.Decode([.. _undecoded]));
        _undecoded.Clear();
        return Release(final: true);
    }

    private string Release(bool final)
    {
        string text = _held.ToString();
        int stop = -1;
        foreach (string candidate in stopStrings)
        {
            int found = text.IndexOf(candidate, StringComparison.Ordinal);
            stop = found >= 0 && (stop < 0 || found < stop) ? found : stop;
        }

        IsStopped = stop >= 0;
        int certain = IsStopped ? stop : final ? text.Length : text.Length - LongestBeginning(text);
        _held.Remove(0, certain);
        return text[..certain];
    }

    // The length of the longest end of the text that is the beginning of a stop string.
    private int LongestBeginning(string text)
    {
        int longest = 0;
        foreach (string candidate in stopStrings)
        {
            for (int length = Math.Min(candidate.Length - 1, text.Length); length > longest; length--)
            {
                if (text.EndsWith(candidate[..length], StringComparison.Ordinal))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }
}
