using System.Buffers;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>Finds special tokens in UTF-8, as <see cref="SpecialTokens.TryFindFirst"/> does in text. Immutable.</summary>
internal sealed class Utf8SpecialTokens
{
    private readonly (byte[] Bytes, string Text)[] _longestFirst;
    private readonly SearchValues<byte> _firstBytes;

    public Utf8SpecialTokens(SpecialTokens tokens)
    {
        _longestFirst = [.. tokens.Ids.Keys
            .Select(text => (Bytes: Encoding.UTF8.GetBytes(text), Text: text))
            .OrderByDescending(token => token.Bytes.Length)];
        _firstBytes = SearchValues.Create([.. _longestFirst.Select(token => token.Bytes[0]).Distinct()]);
    }

    public bool TryFindFirst(ReadOnlySpan<byte> utf8, out int position, out string token, out int length)
    {
        for (position = 0; position < utf8.Length; position++)
        {
            var next = utf8[position..].IndexOfAny(_firstBytes);
            if (next < 0)
            {
                break;
            }

            position += next;
            foreach ((byte[] bytes, string text) in _longestFirst)
            {
                if (utf8[position..].StartsWith(bytes))
                {
                    (token, length) = (text, bytes.Length);
                    return true;
                }
            }
        }

        (token, length) = ("", 0);
        return false;
    }
}
