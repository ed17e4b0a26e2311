using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// How Unicode 13 normalises characters by form KC (Unicode Standard Annex #15): a table of the project's own, since .NET has
/// none where globalisation is invariant, and otherwise that of the system, of any version.
/// </summary>
internal sealed class UnicodeNormalization
{
    private const int FirstSyllable = 0xAC00;
    private const int SyllableCount = 11172;
    private const int FirstLead = 0x1100;
    private const int FirstVowel = 0x1161;
    private const int BeforeFirstTail = 0x11A7;
    private const int TailCount = 28;
    private const int SyllablesOfLead = 588;

    private readonly Dictionary<int, string> _composed = [];
    private readonly Dictionary<int, string> _decomposed = [];

    /// <summary>Reads the table.</summary>
    public UnicodeNormalization()
    {
        using Stream stream = typeof(UnicodeNormalization).Assembly.GetManifestResourceStream("Nabla.Tokenizers.nfkc.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                string[] parts = line.Split(' ');
                var decomposes = parts[1] == "=";
                IEnumerable<int> form = parts[(decomposes ? 2 : 1)..].Select(ParseHexadecimal);
                (decomposes ? _decomposed : _composed).Add(
                    ParseHexadecimal(parts[0]), string.Concat(form.Select(char.ConvertFromUtf32)));
            }
        }
    }

    /// <summary>The characters that their form KC is not, and those whose decomposition is longer than they are.</summary>
    public IEnumerable<int> Characters =>
        _composed.Keys.Concat(_decomposed.Keys).Concat(Enumerable.Range(FirstSyllable, SyllableCount));

    /// <summary>A character in form KC.</summary>
    public string Composed(int character) =>
        _composed.TryGetValue(character, out var composed) ? composed : char.ConvertFromUtf32(character);

    /// <summary>A character in form KD.</summary>
    public string Decomposed(int character)
    {
        var decomposed = new StringBuilder();
        foreach (Rune rune in Composed(character).EnumerateRunes())
        {
            var syllable = rune.Value - FirstSyllable;
            if (_decomposed.TryGetValue(rune.Value, out var parts))
            {
                decomposed.Append(parts);
            }
            else if (syllable is >= 0 and < SyllableCount)
            {
                decomposed.Append((char)(FirstLead + (syllable / SyllablesOfLead)));
                decomposed.Append((char)(FirstVowel + (syllable % SyllablesOfLead / TailCount)));
                if (syllable % TailCount is var tail and > 0)
                {
                    decomposed.Append((char)(BeforeFirstTail + tail));
                }
            }
            else
            {
                decomposed.Append(rune);
            }
        }

        return decomposed.ToString();
    }

    private static int ParseHexadecimal(string digits) =>
        int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
