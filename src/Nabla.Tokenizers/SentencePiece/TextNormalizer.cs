namespace Nabla.Tokenizers;

/// <summary>
/// What a SentencePiece model does to text before it is cut: the replacement rules, the spaces, and the space in front.
/// Symbols of the user's pass as they are.
/// </summary>
internal sealed class TextNormalizer
{
    private const int EscapedSpaceLength = 3;

    private readonly SentencePieceNormalization _options;
    private readonly bool _spaceAsSuffix;
    private readonly CharacterMap? _rules;
    private readonly DoubleArray? _symbols;
    private readonly bool[] _plain = new bool[256];
    private readonly bool _copies;

    /// <summary>Makes the normaliser of a model.</summary>
    /// <param name="options">What is to be done.</param>
    /// <param name="spaceAsSuffix">Whether the added space goes to the end of the text, not to its front.</param>
    /// <param name="symbols">The texts that no rule may change, if any.</param>
    /// <exception cref="TokenizerException">The compiled rules are damaged.</exception>
    public TextNormalizer(SentencePieceNormalization options, bool spaceAsSuffix, DoubleArray? symbols)
    {
        _options = options;
        _spaceAsSuffix = spaceAsSuffix;
        _symbols = symbols;
        _rules = options.PrecompiledCharsMap.IsEmpty ? null : new CharacterMap(options.PrecompiledCharsMap.AsSpan());
        _copies = _rules is null && symbols is null && !options.RemoveExtraWhitespaces;
        for (var value = 0; value < 128; value++)
        {
            _plain[value] = value != ' '
                && symbols?.BeginsWith((byte)value) != true && _rules?.MayReplaceAscii((byte)value) != true;
        }
    }

    private static ReadOnlySpan<byte> EscapedSpace => "\u2581"u8;

    /// <summary>Normalises a text of valid UTF-8.</summary>
    public void Normalize(ReadOnlySpan<byte> text, ref NormalizedText output)
    {
        var position = 0;
        if (_options.RemoveExtraWhitespaces)
        {
            while (position < text.Length
                && Next(text[position..], out ReadOnlySpan<byte> first) is var length && first.SequenceEqual(" "u8))
            {
                position += length;
            }
        }

        if (position == text.Length)
        {
            output.Finish(position);
            return;
        }

        if (_options.AddDummyPrefix && !_spaceAsSuffix)
        {
            output.Add(" "u8, position);
        }

        if (_copies)
        {
            AddEscaped(text, 0, isCopy: true, ref output);
            position = text.Length;
        }
        else
        {
            Replace(text, ref position, ref output);
        }

        if (_options.RemoveExtraWhitespaces)
        {
            output.TrimEnd(ref position);
        }

        if (_options.AddDummyPrefix && _spaceAsSuffix)
        {
            output.Add(" "u8, position);
        }

        output.Finish(position);
    }

    private void Replace(ReadOnlySpan<byte> text, ref int position, ref NormalizedText output)
    {
        var afterSpace = _options.RemoveExtraWhitespaces;
        while (position < text.Length)
        {
            if (PlainLength(text[position..]) is var plain and > 0)
            {
                output.AddCopy(text.Slice(position, plain), position);
                position += plain;
                afterSpace = false;
                continue;
            }

            var length = Next(text[position..], out ReadOnlySpan<byte> replacement);
            if (afterSpace)
            {
                replacement = replacement.TrimStart((byte)' ');
            }

            if (!replacement.IsEmpty)
            {
                AddEscaped(replacement, position, isCopy: false, ref output);
                afterSpace = _options.RemoveExtraWhitespaces && replacement[^1] == (byte)' ';
            }

            position += length;
        }
    }

    // Where spaces are written U+2581, one in the text is a space already.
    private void AddEscaped(ReadOnlySpan<byte> text, int origin, bool isCopy, ref NormalizedText output)
    {
        while (!text.IsEmpty)
        {
            var escaped = _options.EscapeWhitespaces ? text.IndexOf(EscapedSpace) : -1;
            ReadOnlySpan<byte> part = escaped < 0 ? text : text[..escaped];
            if (isCopy)
            {
                output.AddCopy(part, origin);
                origin += part.Length;
            }
            else
            {
                output.Add(part, origin);
            }

            if (escaped < 0)
            {
                break;
            }

            output.Add(" "u8, origin);
            text = text[(escaped + EscapedSpaceLength)..];
            origin += isCopy ? EscapedSpaceLength : 0;
        }
    }

    // The next stretch that is replaced as a whole, and by what.
    private int Next(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        var length = _symbols?.LongestPrefix(text).Length ?? 0;
        replacement = [];
        if (length == 0 && _rules?.LongestPrefix(text, out replacement) is int replaced and > 0)
        {
            return replaced;
        }

        length = length > 0 ? length : Math.Min(text.Length, Utf8Character.Length(text[0]));
        replacement = text[..length];
        return length;
    }

    // How many bytes stand for themselves, for sure: each plain, and followed by ASCII, since rules may join what follows.
    private int PlainLength(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && _plain[text[length]])
        {
            length++;
        }

        return length > 0 && length < text.Length && text[length] >= 0x80 ? length - 1 : length;
    }
}
