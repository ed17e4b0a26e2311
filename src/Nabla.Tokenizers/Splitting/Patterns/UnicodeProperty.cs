using System.Collections.Frozen;
using System.Globalization;

namespace Nabla.Tokenizers;

/// <summary>The sets of characters that patterns name: general categories, a few properties, scripts.</summary>
internal static class UnicodeProperty
{
    // Short name, long name, first and last category in the order of .NET's list.
    private static readonly (string Short, string Long, UnicodeCategory First, UnicodeCategory Last)[] _categories =
    [
        ("l", "letter", UnicodeCategory.UppercaseLetter, UnicodeCategory.OtherLetter),
        ("lc", "casedletter", UnicodeCategory.UppercaseLetter, UnicodeCategory.TitlecaseLetter),
        ("lu", "uppercaseletter", UnicodeCategory.UppercaseLetter, UnicodeCategory.UppercaseLetter),
        ("ll", "lowercaseletter", UnicodeCategory.LowercaseLetter, UnicodeCategory.LowercaseLetter),
        ("lt", "titlecaseletter", UnicodeCategory.TitlecaseLetter, UnicodeCategory.TitlecaseLetter),
        ("lm", "modifierletter", UnicodeCategory.ModifierLetter, UnicodeCategory.ModifierLetter),
        ("lo", "otherletter", UnicodeCategory.OtherLetter, UnicodeCategory.OtherLetter),
        ("m", "mark", UnicodeCategory.NonSpacingMark, UnicodeCategory.EnclosingMark),
        ("mn", "nonspacingmark", UnicodeCategory.NonSpacingMark, UnicodeCategory.NonSpacingMark),
        ("mc", "spacingmark", UnicodeCategory.SpacingCombiningMark, UnicodeCategory.SpacingCombiningMark),
        ("me", "enclosingmark", UnicodeCategory.EnclosingMark, UnicodeCategory.EnclosingMark),
        ("n", "number", UnicodeCategory.DecimalDigitNumber, UnicodeCategory.OtherNumber),
        ("nd", "decimalnumber", UnicodeCategory.DecimalDigitNumber, UnicodeCategory.DecimalDigitNumber),
        ("nl", "letternumber", UnicodeCategory.LetterNumber, UnicodeCategory.LetterNumber),
        ("no", "othernumber", UnicodeCategory.OtherNumber, UnicodeCategory.OtherNumber),
        ("z", "separator", UnicodeCategory.SpaceSeparator, UnicodeCategory.ParagraphSeparator),
        ("zs", "spaceseparator", UnicodeCategory.SpaceSeparator, UnicodeCategory.SpaceSeparator),
        ("zl", "lineseparator", UnicodeCategory.LineSeparator, UnicodeCategory.LineSeparator),
        ("zp", "paragraphseparator", UnicodeCategory.ParagraphSeparator, UnicodeCategory.ParagraphSeparator),
        ("cc", "control", UnicodeCategory.Control, UnicodeCategory.Control),
        ("cf", "format", UnicodeCategory.Format, UnicodeCategory.Format),
        ("co", "privateuse", UnicodeCategory.PrivateUse, UnicodeCategory.PrivateUse),
        ("cn", "unassigned", UnicodeCategory.OtherNotAssigned, UnicodeCategory.OtherNotAssigned),
        ("p", "punctuation", UnicodeCategory.ConnectorPunctuation, UnicodeCategory.OtherPunctuation),
        ("pc", "connectorpunctuation", UnicodeCategory.ConnectorPunctuation, UnicodeCategory.ConnectorPunctuation),
        ("pd", "dashpunctuation", UnicodeCategory.DashPunctuation, UnicodeCategory.DashPunctuation),
        ("ps", "openpunctuation", UnicodeCategory.OpenPunctuation, UnicodeCategory.OpenPunctuation),
        ("pe", "closepunctuation", UnicodeCategory.ClosePunctuation, UnicodeCategory.ClosePunctuation),
        ("pi", "initialpunctuation", UnicodeCategory.InitialQuotePunctuation, UnicodeCategory.InitialQuotePunctuation),
        ("pf", "finalpunctuation", UnicodeCategory.FinalQuotePunctuation, UnicodeCategory.FinalQuotePunctuation),
        ("po", "otherpunctuation", UnicodeCategory.OtherPunctuation, UnicodeCategory.OtherPunctuation),
        ("s", "symbol", UnicodeCategory.MathSymbol, UnicodeCategory.OtherSymbol),
        ("sm", "mathsymbol", UnicodeCategory.MathSymbol, UnicodeCategory.MathSymbol),
        ("sc", "currencysymbol", UnicodeCategory.CurrencySymbol, UnicodeCategory.CurrencySymbol),
        ("sk", "modifiersymbol", UnicodeCategory.ModifierSymbol, UnicodeCategory.ModifierSymbol),
        ("so", "othersymbol", UnicodeCategory.OtherSymbol, UnicodeCategory.OtherSymbol),
    ];

    private static readonly Lazy<FrozenDictionary<string, CodePointSet>> _sets = new(MakeSets);

    /// <summary>White space, <c>\s</c>, as Python and Rust have it: without U+001C to U+001F, U+180E, U+200B, U+FEFF.</summary>
    public static CodePointSet WhiteSpace => _sets.Value["whitespace"];

    /// <summary>Decimal digits of any script, <c>\d</c>.</summary>
    public static CodePointSet Digit => _sets.Value["nd"];

    /// <summary>Characters of words, <c>\w</c>: alphabetic ones, marks, digits, connectors and the two joiners.</summary>
    public static CodePointSet Word => _sets.Value[@"\w"];

    /// <summary>
    /// The set of a name such as <c>L</c>, <c>Uppercase_Letter</c>, <c>gc=Lu</c>, <c>Han</c> or <c>Script=Han</c>; null if it
    /// is not known.
    /// </summary>
    public static CodePointSet? Find(string name) => name.Split('=') switch
    {
        ["gc" or "General_Category", var category] => _sets.Value.GetValueOrDefault(Plain(category)),
        ["sc" or "Script", var script] => UnicodeScript.Find(Plain(script)),
        [var either] => _sets.Value.GetValueOrDefault(Plain(either)) ?? UnicodeScript.Find(Plain(either)),
        _ => null,
    };

    // Small and capital letters, spaces and strokes do not count in names.
    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetter)).ToLowerInvariant();

    private static FrozenDictionary<string, CodePointSet> MakeSets()
    {
        var ranges = new List<CodePointRange>[(int)UnicodeCategory.OtherNotAssigned + 1];
        for (var category = 0; category < ranges.Length; category++)
        {
            ranges[category] = [];
        }

        foreach (CodePointRange all in CodePointSet.All.Ranges)
        {
            for (int first = all.First, last; first <= all.Last; first = last + 1)
            {
                UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(first);
                last = first;
                while (last < all.Last && CharUnicodeInfo.GetUnicodeCategory(last + 1) == category)
                {
                    last++;
                }

                ranges[(int)category].Add(new CodePointRange(first, last));
            }
        }

        var sets = new Dictionary<string, CodePointSet>(StringComparer.Ordinal);
        foreach ((string name, string full, UnicodeCategory first, UnicodeCategory last) in _categories)
        {
            sets[name] = sets[full] = new CodePointSet(ranges[(int)first..((int)last + 1)].SelectMany(range => range));
        }

        sets["any"] = CodePointSet.All;
        sets["ascii"] = new CodePointSet(new CodePointRange(0, 0x7F));
        sets["assigned"] = sets["cn"].Complement();
        sets["c"] = sets["other"] = sets["cc"].Union(sets["cf"]).Union(sets["co"]).Union(sets["cn"]);
        sets["whitespace"] = sets["space"] = sets["z"].Union(new CodePointSet(new(0x09, 0x0D), new(0x85, 0x85)));

        // Alphabetic beyond letters, letter numbers and marks: circled and squared Latin letters.
        CodePointSet circled = new(new(0x24B6, 0x24E9), new(0x1F130, 0x1F149), new(0x1F150, 0x1F169), new(0x1F170, 0x1F189));
        sets[@"\w"] = sets["l"].Union(sets["nl"]).Union(circled).Union(sets["m"]).Union(sets["nd"]).Union(sets["pc"])
            .Union(new CodePointSet(new CodePointRange(0x200C, 0x200D)));
        return sets.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
