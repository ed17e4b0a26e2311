using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>Writes minbpe's <c>.vocab</c>: a line for each token, <c>[left][right] -> [token] id</c>, or <c>[token] id</c>.</summary>
internal static class MinbpeVocabulary
{
    public static void Write(Stream stream, BytePairVocabulary vocabulary, SpecialTokens specialTokens)
    {
        var made = new Dictionary<int, BytePair>();
        foreach (BytePair merge in vocabulary.Merges)
        {
            made.TryAdd(vocabulary.MergedId(merge), merge);
        }

        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        for (var id = 0; id < vocabulary.Size; id++)
        {
            if (vocabulary.TokenBytes(id) is { IsEmpty: false } token)
            {
                var from = made.TryGetValue(id, out BytePair pair)
                    ? $"[{Show(vocabulary.TokenBytes(pair.Left))}][{Show(vocabulary.TokenBytes(pair.Right))}] -> "
                    : "";
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{from}[{Show(token)}] {id}\n"));
            }
        }

        foreach ((string text, int id) in specialTokens.Ids.OrderBy(token => token.Value))
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"[{Show(Encoding.UTF8.GetBytes(text))}] {id}\n"));
        }
    }

    /// <summary>
    /// A token as people can read it: what is not valid UTF-8 is U+FFFD, and characters that show nothing or move the cursor
    /// are escapes, as <c>\u000a</c>.
    /// </summary>
    internal static string Show(ReadOnlySpan<byte> token)
    {
        var shown = new StringBuilder();
        foreach (Rune character in Encoding.UTF8.GetString(token).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned)
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{character.Value:x4}");
            }
            else
            {
                shown.Append(character.ToString());
            }
        }

        return shown.ToString();
    }
}
