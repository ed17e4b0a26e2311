using System.Globalization;

namespace Nabla.Tokenizers;

/// <summary>The writing system of each character as SentencePiece sees it: by Unicode 9, Han and Kana as one.</summary>
internal static class UnicodeScripts
{
    /// <summary>No script in particular: punctuation, digits, and all that Unicode 9 did not know.</summary>
    public const int Common = 0;

    /// <summary>The script of the character before: accents and other marks.</summary>
    public const int Inherited = 1;

    private const int Han = 2;
    private const int KatakanaLongVowel = 0x30FC;

    private static readonly (int First, int Last, int Script)[] _ranges = ReadRanges();

    /// <summary>A number that stands for the script of a character.</summary>
    public static int Of(int character)
    {
        if (character == KatakanaLongVowel)
        {
            return Han;
        }

        int low = 0, high = _ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            (int first, int last, int script) = _ranges[middle];
            if (character < first)
            {
                high = middle - 1;
            }
            else if (character > last)
            {
                low = middle + 1;
            }
            else
            {
                return script;
            }
        }

        return Common;
    }

    private static (int First, int Last, int Script)[] ReadRanges()
    {
        using Stream stream = typeof(UnicodeScripts).Assembly.GetManifestResourceStream("Nabla.Tokenizers.scripts.txt")!;
        using var reader = new StreamReader(stream);
        var scripts = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["Common"] = Common,
            ["Inherited"] = Inherited,
            ["Han"] = Han,
            ["Hiragana"] = Han,
            ["Katakana"] = Han,
        };
        var ranges = new List<(int First, int Last, int Script)>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            string[] parts = line.Split(' ');
            if (!scripts.TryGetValue(parts[2], out var script))
            {
                scripts.Add(parts[2], script = scripts.Count);
            }

            ranges.Add((ParseHexadecimal(parts[0]), ParseHexadecimal(parts[1]), script));
        }

        return [.. ranges];
    }

    private static int ParseHexadecimal(string digits) =>
        int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
