using System.Text;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>
/// Turns tokens into text as they come. Holds back what may still change: the first bytes of a character whose last bytes are
/// in the next token, and the beginning of what may become a stop string.
/// </summary>
internal sealed class TextStream
{
    private readonly StreamingDecoder _decoder;
    private readonly IReadOnlyList<string> _stopStrings;
    private readonly StringBuilder _held = new();

    /// <summary>Begins a text that goes on from a prompt.</summary>
    /// <param name="tokenizer">What the tokens mean.</param>
    /// <param name="prompt">
    /// The tokens before: a space that some tokenizers drop at the very beginning of a text is kept where it goes on.
    /// </param>
    /// <param name="stopStrings">The strings before which the text ends.</param>
    public TextStream(ITokenizer tokenizer, ReadOnlySpan<int> prompt, IReadOnlyList<string> stopStrings)
    {
        (_decoder, _stopStrings) = (new StreamingDecoder(tokenizer), stopStrings);
        foreach (int id in prompt)
        {
            _decoder.Add(id);
        }
    }

    /// <summary>Gets whether a stop string has been met.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Takes a token and returns the text that is now certain, which may be empty.</summary>
    public string Add(int id)
    {
        _held.Append(_decoder.Add(id));
        return Release(final: false);
    }

    /// <summary>Returns what was still held back, at the end of the tokens.</summary>
    public string Finish()
    {
        _held.Append(_decoder.Finish());
        return Release(final: true);
    }

    private string Release(bool final)
    {
        string text = _held.ToString();
        int stop = -1;
        foreach (string candidate in _stopStrings)
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
        foreach (string candidate in _stopStrings)
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
