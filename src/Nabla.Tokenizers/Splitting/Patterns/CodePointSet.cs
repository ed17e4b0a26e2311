namespace Nabla.Tokenizers;

/// <summary>A stretch of code points, both ends in it.</summary>
internal readonly record struct CodePointRange(int First, int Last);

/// <summary>A set of Unicode code points. Surrogates are halves of characters, not characters: they are in no set.</summary>
internal sealed class CodePointSet
{
    private const int Highest = 0x10FFFF;
    private const int FirstSurrogate = 0xD800;
    private const int LastSurrogate = 0xDFFF;

    private readonly CodePointRange[] _ranges;

    /// <summary>Makes a set of ranges in any order, which may overlap.</summary>
    public CodePointSet(params IEnumerable<CodePointRange> ranges)
    {
        var merged = new List<CodePointRange>();
        foreach (CodePointRange range in ranges.SelectMany(WithoutSurrogates).OrderBy(range => range.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
            {
                merged[^1] = merged[^1] with { Last = Math.Max(merged[^1].Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        _ranges = [.. merged];
    }

    /// <summary>All characters.</summary>
    public static CodePointSet All { get; } = new(new CodePointRange(0, Highest));

    /// <summary>The ranges, in order and apart from each other.</summary>
    public ReadOnlySpan<CodePointRange> Ranges => _ranges;

    /// <summary>The set of one character.</summary>
    public static CodePointSet Of(int codePoint) => new(new CodePointRange(codePoint, codePoint));

    /// <summary>The characters in either set.</summary>
    public CodePointSet Union(CodePointSet other) => new(_ranges.Concat(other._ranges));

    /// <summary>The characters in both sets.</summary>
    public CodePointSet Intersect(CodePointSet other) => Complement().Union(other.Complement()).Complement();

    /// <summary>The characters not in the set.</summary>
    public CodePointSet Complement()
    {
        var gaps = new List<CodePointRange>();
        var next = 0;
        foreach (CodePointRange range in _ranges)
        {
            if (range.First > next)
            {
                gaps.Add(new CodePointRange(next, range.First - 1));
            }

            next = range.Last + 1;
        }

        if (next <= Highest)
        {
            gaps.Add(new CodePointRange(next, Highest));
        }

        return new CodePointSet(gaps);
    }

    /// <summary>Whether a character is in the set.</summary>
    public bool Contains(int codePoint)
    {
        int low = 0, high = _ranges.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].Last < codePoint)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < _ranges.Length && _ranges[low].First <= codePoint;
    }

    private static IEnumerable<CodePointRange> WithoutSurrogates(CodePointRange range)
    {
        if (range.First < FirstSurrogate)
        {
            yield return range with { Last = Math.Min(range.Last, FirstSurrogate - 1) };
        }

        if (range.Last > LastSurrogate)
        {
            yield return range with { First = Math.Max(range.First, LastSurrogate + 1) };
        }
    }
}
