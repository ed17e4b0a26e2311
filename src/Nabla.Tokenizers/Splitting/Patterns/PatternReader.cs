using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>A place in the text of a pattern: looks ahead, goes on, complains.</summary>
internal ref struct PatternReader(string pattern)
{
    private readonly ReadOnlySpan<char> _pattern = pattern;

    public int Position { get; set; }

    public readonly bool AtEnd => Position == _pattern.Length;

    /// <summary>What is left of the pattern.</summary>
    public readonly ReadOnlySpan<char> Rest => _pattern[Position..];

    /// <summary>The character before this place.</summary>
    public readonly char Previous => _pattern[Position - 1];

    /// <summary>Goes past a text if it comes next.</summary>
    public bool TryRead(ReadOnlySpan<char> expected)
    {
        if (!Rest.StartsWith(expected))
        {
            return false;
        }

        Position += expected.Length;
        return true;
    }

    /// <summary>Goes past the next character.</summary>
    public int ReadCodePoint()
    {
        if (AtEnd)
        {
            throw Error("it ends too early");
        }

        if (Rune.DecodeFromUtf16(Rest, out Rune rune, out var length) != System.Buffers.OperationStatus.Done)
        {
            throw Error("half of a surrogate pair stands alone");
        }

        Position += length;
        return rune.Value;
    }

    /// <summary>Goes past everything up to a character, and past that.</summary>
    public ReadOnlySpan<char> ReadUntil(char end)
    {
        var length = Rest.IndexOf(end);
        if (length < 0)
        {
            throw Error($"a {end} is missing");
        }

        ReadOnlySpan<char> read = Rest[..length];
        Position += length + 1;
        return read;
    }

    /// <summary>Reads a whole number if one comes next.</summary>
    public int? ReadNumber()
    {
        var length = Rest.IndexOfAnyExceptInRange('0', '9');
        length = length < 0 ? Rest.Length : length;
        if (length == 0)
        {
            return null;
        }

        if (!int.TryParse(Rest[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 100_000)
        {
            throw Error("a repetition of more than 100,000 times is not supported");
        }

        Position += length;
        return number;
    }

    /// <summary>The complaint about the pattern at this place.</summary>
    public readonly TokenizerException Error(string what) => new(string.Create(CultureInfo.InvariantCulture,
        $"the split pattern cannot be used: {what}, at position {Position} of {_pattern}"));
}
