using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// Which characters are the same when case does not count: Unicode's simple case folding, the same in every culture. The
/// long s (U+017F) is an s and the kelvin sign (U+212A) a k; dotted and dotless i are letters of their own.
/// </summary>
internal static class CaseFolding
{
    // What the case mappings of .NET do not bring together: two pairs of Greek letters that have the same capitals of three
    // characters, a ligature; with the system's ICU, letters that are newer than it; without, the long s. Letter, partner,
    // how many such pairs follow each other.
    private static readonly (int Left, int Right, int Count)[] _pairs =
    [
        (0x0053, 0x017F, 1), (0x004B, 0x212A, 1), (0x0390, 0x1FD3, 1), (0x03B0, 0x1FE3, 1), (0xFB05, 0xFB06, 1),
        (0x019B, 0xA7DC, 1), (0x0264, 0xA7CB, 1), (0x1C89, 0x1C8A, 1), (0xA7CC, 0xA7CD, 1), (0xA7DA, 0xA7DB, 1),
        (0x10D50, 0x10D70, 22),
    ];

    private static readonly Lazy<ILookup<int, int>> _orbits = new(FindOrbits);

    /// <summary>The characters of a set and all that differ from one of them in case only.</summary>
    public static CodePointSet Close(CodePointSet set) => new(set.Ranges.ToArray().Concat(_orbits.Value
        .Where(orbit => orbit.Any(set.Contains))
        .SelectMany(orbit => orbit.Select(member => new CodePointRange(member, member)))));

    private static ILookup<int, int> FindOrbits()
    {
        var folds = new Dictionary<int, int>();
        foreach (CodePointRange range in CodePointSet.All.Ranges)
        {
            for (var codePoint = range.First; codePoint <= range.Last; codePoint++)
            {
                var fold = Rune.ToLowerInvariant(Rune.ToUpperInvariant(new Rune(codePoint))).Value;
                if (fold != codePoint)
                {
                    folds[codePoint] = fold;
                    folds.TryAdd(fold, fold);
                }
            }
        }

        foreach ((int left, int right, int count) in _pairs)
        {
            for (var offset = 0; offset < count; offset++)
            {
                var fold = folds.GetValueOrDefault(left + offset, left + offset);
                folds[left + offset] = fold;
                folds[right + offset] = fold;
            }
        }

        return folds.ToLookup(entry => entry.Value, entry => entry.Key);
    }
}
