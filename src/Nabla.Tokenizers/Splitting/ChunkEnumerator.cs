using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <summary>
/// Goes through the chunks of a text, each as a range of it, without allocating for any. What lies between two matches of a
/// pattern is a chunk as well, so the ranges join to the whole text.
/// </summary>
public ref struct ChunkEnumerator
{
    private readonly ReadOnlySpan<char> _text;
    private readonly SplitKind _kind;

    // The scanners read UTF-8.
    private byte[]? _utf8;
    private readonly int _byteCount;
    private int _byteEnd;

    // Patterns read one unit for each character: the text itself where it has no surrogates.
    private char[]? _units;
    private readonly int _unitCount;
    private Regex.ValueMatchEnumerator _matches;
    private int _matchStart;
    private int _matchEnd;
    private int _unitEnd;

    private int _start;
    private int _end;

    internal ChunkEnumerator(ReadOnlySpan<char> text, SplitKind kind, SplitPattern? pattern)
    {
        _text = text;
        _kind = kind;
        if (pattern is null)
        {
            _utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
            if (Utf8.FromUtf16(text, _utf8, out var read, out _byteCount, replaceInvalidSequences: false) != OperationStatus.Done)
            {
                Dispose();
                throw BytePairEncoder.UnpairedSurrogate(text, read);
            }
        }
        else if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            _unitCount = text.Length;
            _matches = pattern.Matches(text);
        }
        else
        {
            _units = ArrayPool<char>.Shared.Rent(text.Length);
            try
            {
                _unitCount = pattern.Alphabet.Translate(text, _units);
                _matches = pattern.Matches(_units.AsSpan(0, _unitCount));
            }
            catch
            {
                Dispose();
                throw;
            }
        }
    }

    /// <summary>The chunk, a range of the text.</summary>
    public readonly Range Current => _start.._end;

    /// <summary>The enumerator itself, for foreach.</summary>
    public readonly ChunkEnumerator GetEnumerator() => this;

    /// <summary>Goes on to the next chunk.</summary>
    /// <exception cref="TokenizerException">The pattern takes too long on this text.</exception>
    public bool MoveNext()
    {
        _start = _end;
        if (_end == _text.Length)
        {
            return false;
        }

        _end = _kind == SplitKind.Pattern ? NextMatched() : NextScanned();
        return true;
    }

    /// <summary>Gives back borrowed memory.</summary>
    public void Dispose()
    {
        if (_utf8 is not null)
        {
            ArrayPool<byte>.Shared.Return(_utf8);
            _utf8 = null;
        }

        if (_units is not null)
        {
            ArrayPool<char>.Shared.Return(_units);
            _units = null;
        }
    }

    private int NextScanned()
    {
        ReadOnlySpan<byte> utf8 = _utf8.AsSpan(0, _byteCount);
        var start = _byteEnd;
        _byteEnd = _kind switch
        {
            SplitKind.Gpt2 => Gpt2Chunker.End(utf8, start),
            SplitKind.Cl100k => Cl100kChunker.End(utf8, start),
            SplitKind.Cl100kPossessive => Cl100kPossessiveChunker.End(utf8, start),
            SplitKind.O200k => O200kChunker.End(utf8, start),
            _ => utf8.Length,
        };
        ReadOnlySpan<byte> chunk = utf8[start.._byteEnd];
        return _start + (_byteCount == _text.Length ? chunk.Length : Encoding.UTF8.GetCharCount(chunk));
    }

    private int NextMatched()
    {
        if (_matchEnd == _unitEnd)
        {
            FindMatch();
        }

        var length = (_matchStart > _unitEnd ? _matchStart : _matchEnd) - _unitEnd;
        _unitEnd += length;
        return _units is null ? _start + length : EndOfCharacters(length);
    }

    // A match of nothing cuts nothing, and behind the last match there is a stretch without one up to the end.
    private void FindMatch()
    {
        try
        {
            do
            {
                if (!_matches.MoveNext())
                {
                    _matchStart = _matchEnd = _unitCount;
                    return;
                }
            }
            while (_matches.Current.Length == 0);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"the split pattern takes too long at position {_start} of the text: it has too many ways to match; make its "
                + $"repetitions possessive, as in \\s++."), exception);
        }

        _matchStart = _matches.Current.Index;
        _matchEnd = _matchStart + _matches.Current.Length;
    }

    private readonly int EndOfCharacters(int count)
    {
        var end = _start;
        for (; count > 0; count--)
        {
            end += char.IsHighSurrogate(_text[end]) ? 2 : 1;
        }

        return end;
    }
}
