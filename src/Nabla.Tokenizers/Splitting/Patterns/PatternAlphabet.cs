using System.Buffers;
using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// Lets .NET's regular expressions, which see 16-bit units, work on code points. A pattern cannot tell two characters apart
/// that are in exactly the same of its sets; so each kind of character beyond the first plane gets one lone surrogate, which
/// valid text has none of, and the text is written with one unit for each character.
/// </summary>
internal sealed class PatternAlphabet
{
    private const char FirstUnit = '\uD800';
    private const int UnitCount = 0x800;
    private const int SecondPlane = 0x10000;

    // Beyond the first plane: where the sets begin or end, and the unit of all characters from there to the next such place.
    private readonly int[] _starts;
    private readonly char[] _units;

    /// <summary>Finds the kinds of characters that some sets tell apart.</summary>
    /// <exception cref="TokenizerException">There are more than 2048 kinds.</exception>
    public PatternAlphabet(IReadOnlyCollection<CodePointSet> sets)
    {
        var starts = new SortedSet<int> { SecondPlane };
        foreach (CodePointSet set in sets)
        {
            foreach (CodePointRange range in set.Ranges)
            {
                starts.Add(Math.Max(range.First, SecondPlane));
                starts.Add(Math.Max(range.Last + 1, SecondPlane));
            }
        }

        var kinds = new Dictionary<string, char>(StringComparer.Ordinal);
        _starts = [.. starts];
        _units = new char[_starts.Length];
        for (var index = 0; index < _starts.Length; index++)
        {
            var kind = string.Concat(sets.Select(set => set.Contains(_starts[index]) ? '1' : '0'));
            if (!kinds.TryGetValue(kind, out _units[index]))
            {
                _units[index] = kinds.Count < UnitCount ? (char)(FirstUnit + kinds.Count) : throw new TokenizerException(
                    "the split pattern cannot be used: it has too many different sets of characters.");
                kinds.Add(kind, _units[index]);
            }
        }
    }

    /// <summary>Writes a set, one of those the alphabet was made of, in the syntax of .NET.</summary>
    public void Write(CodePointSet set, StringBuilder output)
    {
        var units = new SortedSet<char>();
        for (var index = 0; index < _starts.Length; index++)
        {
            if (set.Contains(_starts[index]))
            {
                units.Add(_units[index]);
            }
        }

        IEnumerable<CodePointRange> ranges = set.Ranges.ToArray()
            .Where(range => range.First < SecondPlane)
            .Select(range => range with { Last = Math.Min(range.Last, SecondPlane - 1) })
            .Concat(units.Select(unit => new CodePointRange(unit, unit)));
        output.Append('[');
        foreach ((int first, int last) in ranges)
        {
            output.Append(CultureInfo.InvariantCulture, $"\\u{first:X4}-\\u{last:X4}");
        }

        // Nothing is in .NET's set of what is neither white space nor something else.
        output.Append(output[^1] == '[' ? @"^\s\S]" : "]");
    }

    /// <summary>Writes a text with one unit for each character.</summary>
    /// <param name="text">The text.</param>
    /// <param name="units">Room for as many units as the text has.</param>
    /// <returns>How many units were written.</returns>
    /// <exception cref="TokenizerException">Half of a surrogate pair stands alone.</exception>
    public int Translate(ReadOnlySpan<char> text, Span<char> units)
    {
        var count = 0;
        for (var index = 0; index < text.Length; index++)
        {
            var unit = text[index];
            if (char.IsSurrogate(unit))
            {
                if (Rune.DecodeFromUtf16(text[index..], out Rune rune, out _) != OperationStatus.Done)
                {
                    throw BytePairEncoder.UnpairedSurrogate(text, index);
                }

                var place = Array.BinarySearch(_starts, rune.Value);
                unit = _units[place >= 0 ? place : ~place - 1];
                index++;
            }

            units[count++] = unit;
        }

        return count;
    }
}
