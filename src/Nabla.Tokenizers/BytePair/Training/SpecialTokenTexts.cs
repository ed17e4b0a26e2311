using System.Text;

namespace Nabla.Tokenizers;

/// <summary>The texts of special tokens in UTF-8, to be cut out of a training text.</summary>
internal sealed class SpecialTokenTexts
{
    private readonly byte[][] _longestFirst;

    public SpecialTokenTexts(IEnumerable<string> texts)
    {
        _longestFirst = [.. texts.Distinct().Select(Encoding.UTF8.GetBytes).OrderByDescending(text => text.Length)];
    }

    /// <summary>The bytes of the longest.</summary>
    public int LongestLength => _longestFirst.Length == 0 ? 0 : _longestFirst[0].Length;

    /// <summary>Whether one begins before a place and ends behind it, or might once the text goes on.</summary>
    public bool LieAcross(ReadOnlySpan<byte> utf8, int place)
    {
        foreach (var token in _longestFirst)
        {
            for (var start = Math.Max(0, place - token.Length + 1); start < place; start++)
            {
                var known = Math.Min(token.Length, utf8.Length - start);
                if (utf8.Slice(start, known).SequenceEqual(token.AsSpan(0, known)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The stretches of a text between its special tokens; from the left, of several at one place the longest.</summary>
    public PieceEnumerator Between(ReadOnlySpan<byte> utf8) => new(_longestFirst, utf8);

    /// <summary>Walks the stretches between special tokens; empty ones are left out.</summary>
    public ref struct PieceEnumerator
    {
        private readonly byte[][] _tokens;
        private readonly ReadOnlySpan<byte> _utf8;

        // Where each token occurs next, so that a text is searched once for each, however many it holds.
        private readonly int[] _next;
        private int _behind;

        internal PieceEnumerator(byte[][] tokens, ReadOnlySpan<byte> utf8)
        {
            _tokens = tokens;
            _utf8 = utf8;
            _next = tokens.Length == 0 ? [] : new int[tokens.Length];
            _next.AsSpan().Fill(-1);
        }

        /// <summary>The stretch.</summary>
        public (int Start, int Length) Current { get; private set; }

        public readonly PieceEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_behind < _utf8.Length)
            {
                var start = _behind;
                (int end, int length) = FindFrom(start);
                _behind = end + length;
                if (end > start)
                {
                    Current = (start, end - start);
                    return true;
                }
            }

            return false;
        }

        private readonly (int Position, int Length) FindFrom(int start)
        {
            (int Position, int Length) first = (_utf8.Length, 0);
            for (var index = 0; index < _tokens.Length; index++)
            {
                if (_next[index] < start)
                {
                    var found = _utf8[start..].IndexOf(_tokens[index]);
                    _next[index] = found < 0 ? _utf8.Length : start + found;
                }

                if (_next[index] < first.Position)
                {
                    first = (_next[index], _tokens[index].Length);
                }
            }

            return first;
        }
    }
}
