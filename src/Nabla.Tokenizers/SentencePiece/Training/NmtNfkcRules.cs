using System.Collections.Immutable;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// The rules that SentencePiece calls <c>nmt_nfkc</c>: form KC of Unicode for each character, and for each way to write a
/// composed character in parts; white space becomes a space, and control characters become nothing.
/// </summary>
internal static class NmtNfkcRules
{
    // Rules reach over at most this many characters.
    private const int MaxCharacters = 4;

    private static readonly Lazy<ImmutableArray<byte>> _compiled = new(Compile);

    /// <summary>The rules, as a model file holds them.</summary>
    public static ImmutableArray<byte> Compiled => _compiled.Value;

    /// <summary>All rules: what is replaced and by what.</summary>
    internal static Dictionary<string, string> Build()
    {
        var unicode = new UnicodeNormalization();
        Dictionary<string, string> rules = AllForms(unicode);
        foreach (var space in (ReadOnlySpan<int>)[
            '\t', '\n', '\f', '\r', 0x1680, 0x200B, 0x200C, 0x200E, 0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD])
        {
            rules[char.ConvertFromUtf32(space)] = " ";
        }

        int[] controls = [.. Enumerable.Range(1, 8), 0x0B, .. Enumerable.Range(0x0E, 18), 0x7F, 0x8F, 0x9F];
        foreach (var control in controls)
        {
            rules[char.ConvertFromUtf32(control)] = "";
        }

        // Japanese has other uses for the full-width tilde than for the ordinary one.
        rules.Remove("\uFF5E");
        return WithoutNeedless(rules);
    }

    private static ImmutableArray<byte> Compile()
    {
        var rules = new List<KeyValuePair<byte[], byte[]>>();
        foreach ((string key, string value) in Build())
        {
            rules.Add(new(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value)));
        }

        rules.Sort((x, y) => x.Key.AsSpan().SequenceCompareTo(y.Key));
        return [.. CharacterMap.Compile(rules)];
    }

    private static Dictionary<string, string> AllForms(UnicodeNormalization unicode)
    {
        var rules = new Dictionary<string, string>(StringComparer.Ordinal);
        // Which characters are, decomposed, one and the same character.
        var origins = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var composed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var character in unicode.Characters)
        {
            (string self, string whole, string parts) =
                (char.ConvertFromUtf32(character), unicode.Composed(character), unicode.Decomposed(character));
            if (whole != self)
            {
                rules[self] = whole;
            }

            if (IsOne(parts))
            {
                OriginsOf(parts, origins).Add(self);
            }
            else if (whole != parts)
            {
                composed[parts] = whole;
            }
        }

        foreach ((string parts, string whole) in composed)
        {
            foreach (var way in WaysToWrite(parts, origins))
            {
                if (way != whole)
                {
                    rules[way] = whole;
                }
            }
        }

        return rules;
    }

    // A character is one of its own origins.
    private static List<string> OriginsOf(string character, Dictionary<string, List<string>> origins)
    {
        if (!origins.TryGetValue(character, out List<string>? list))
        {
            origins.Add(character, list = [character]);
        }

        return list;
    }

    private static IEnumerable<string> WaysToWrite(string parts, Dictionary<string, List<string>> origins)
    {
        IEnumerable<string> ways = [""];
        foreach (Rune rune in parts.EnumerateRunes())
        {
            var part = rune.ToString();
            List<string> choices = origins.GetValueOrDefault(part) ?? [part];
            ways = ways.SelectMany(way => choices.Select(choice => way + choice)).ToList();
        }

        return ways;
    }

    private static bool IsOne(string text) => text.Length == 1 || (text.Length == 2 && char.IsSurrogatePair(text, 0));

    // A rule for several characters is not needed if the rules for fewer make the same of them.
    private static Dictionary<string, string> WithoutNeedless(Dictionary<string, string> rules)
    {
        var needed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (IGrouping<int, KeyValuePair<string, string>> group in rules
            .GroupBy(rule => rule.Key.EnumerateRunes().Count()).OrderBy(group => group.Key))
        {
            List<KeyValuePair<string, string>> kept =
                [.. group.Where(rule => group.Key == 1 || rule.Value != Apply(needed, rule.Key, group.Key - 1))];
            foreach ((string key, string value) in kept)
            {
                needed.Add(key, value);
            }
        }

        return needed;
    }

    // Replaces the longest key of at most so many characters, over and over, from the left.
    private static string Apply(Dictionary<string, string> rules, string text, int longest)
    {
        Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> lookup = rules.GetAlternateLookup<ReadOnlySpan<char>>();
        var result = new StringBuilder();
        Span<int> ends = stackalloc int[MaxCharacters];
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            var count = 0;
            for (var end = 0; end < rest.Length && count < Math.Min(longest, MaxCharacters); count++)
            {
                end += char.IsHighSurrogate(rest[end]) ? 2 : 1;
                ends[count] = end;
            }

            string? replacement = null;
            while (count > 0 && !lookup.TryGetValue(rest[..ends[count - 1]], out replacement))
            {
                count--;
            }

            var used = count > 0 ? ends[count - 1] : ends[0];
            result.Append(count > 0 ? replacement.AsSpan() : rest[..used]);
            rest = rest[used..];
        }

        return result.ToString();
    }
}
