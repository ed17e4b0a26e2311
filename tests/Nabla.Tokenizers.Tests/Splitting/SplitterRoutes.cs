using System.Text;

namespace Nabla.Tokenizers.Tests.Splitting;

/// <summary>The ways to split a text, each forced.</summary>
internal static class SplitterRoutes
{
    /// <summary>The ends of the chunks in UTF-8, by a scanner.</summary>
    public static List<int> Scan<T>(ReadOnlySpan<byte> utf8) where T : struct, IChunker
    {
        List<int> ends = [];
        for (var start = 0; start < utf8.Length; start = ends[^1])
        {
            ends.Add(T.End(utf8, start));
        }

        return ends;
    }

    /// <summary>The chunks by a scanner.</summary>
    public static List<string> Scanned<T>(string text) where T : struct, IChunker
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var start = 0;
        List<string> chunks = [];
        foreach (var end in Scan<T>(utf8))
        {
            chunks.Add(Encoding.UTF8.GetString(utf8, start, end - start));
            start = end;
        }

        return chunks;
    }

    /// <summary>The chunks by a translated pattern, even if there is a scanner for it.</summary>
    public static List<string> Matched(SplitPattern pattern, string text)
    {
        List<string> chunks = [];
        foreach (Range chunk in new ChunkEnumerator(text, SplitKind.Pattern, pattern))
        {
            chunks.Add(text[chunk]);
        }

        return chunks;
    }

    /// <summary>As <see cref="Matched(SplitPattern, string)"/>.</summary>
    public static List<string> Matched(string pattern, string text) => Matched(new SplitPattern(pattern), text);
}
