using System.Globalization;

namespace Nabla.Tokenizers;

/// <summary>Goes through the lines of a file, without a byte-order mark and with either kind of line ending.</summary>
internal ref struct TextLines
{
    private ReadOnlySpan<byte> _rest;

    public TextLines(ReadOnlySpan<byte> content)
    {
        _rest = WithoutMark(content);
    }

    /// <summary>The line that <see cref="Next"/> moved to, without its end.</summary>
    public ReadOnlySpan<byte> Line { get; private set; }

    /// <summary>Its number, counted from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Moves to the next line; false after the last. An ending after the last line begins no other.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            Line = [];
            return false;
        }

        var length = _rest.IndexOf((byte)'\n');
        Line = length < 0 ? _rest : _rest[..length];
        _rest = length < 0 ? [] : _rest[(length + 1)..];
        if (Line is [.., (byte)'\r'])
        {
            Line = Line[..^1];
        }

        Number++;
        return true;
    }

    /// <summary>The exception for the current line.</summary>
    public readonly TokenizerException Error(string message) =>
        new(string.Create(CultureInfo.InvariantCulture, $"line {Number}: {message}"));

    /// <summary>The content after a UTF-8 byte-order mark, which Windows programs write.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> content) =>
        content is [0xEF, 0xBB, 0xBF, ..] ? content[3..] : content;
}
