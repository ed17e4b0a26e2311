using System.Text;

namespace Nabla.Tokenizers.Tests.Splitting;

/// <summary>
/// Runs of ten megabytes: whatever would go over one again for each of its characters would not come to an end.
/// </summary>
public sealed class LongRunTests
{
    private const int Length = 10_000_000;

    [Theory]
    [InlineData(" ", "x", "9999999,2", "9999999,2", "9999999,2")]
    [InlineData("\n", "x", "9999999,1,1", "10000000,1", "10000000,1")]
    [InlineData(" \n", "x", "9999999,1,1", "10000000,1", "10000000,1")]
    [InlineData("\n ", "x", "9999999,2", "9999999,2", "9999999,2")]
    [InlineData("a", "!", "10000000,1", "10000000,1", "10000000,1")]
    [InlineData("A", "!", "10000000,1", "10000000,1", "10000000,1")]
    [InlineData("-", "x", "10000000,1", "10000000,1", "10000000,1")]
    public void Ten_megabytes_of_the_same_are_cut_where_the_pattern_says(
        string unit, string end, string gpt2, string cl100k, string o200k)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, Length / unit.Length)) + end);
        Assert.Equal(gpt2, Lengths<Gpt2Chunker>(text));
        Assert.Equal(cl100k, Lengths<Cl100kChunker>(text));
        Assert.Equal(cl100k, Lengths<Cl100kPossessiveChunker>(text));
        Assert.Equal(o200k, Lengths<O200kChunker>(text));
    }

    [Theory]
    [InlineData(SplitPatterns.Gpt2)]
    [InlineData(SplitPatterns.Cl100k)]
    [InlineData(SplitPatterns.O200k)]
    public void A_million_of_the_same_come_to_an_end_by_regular_expressions_too(string published)
    {
        var pattern = new SplitPattern(published);
        foreach (var unit in new[] { " ", "\n", "a", "A", "-", "𝒜", "\u0301" })
        {
            var text = string.Concat(Enumerable.Repeat(unit, 1_000_000)) + ".";
            Assert.Equal(TextSplitter.FromPattern(published).Split(text), SplitterRoutes.Matched(pattern, text));
        }
    }

    private static string Lengths<T>(byte[] text) where T : struct, IChunker
    {
        return string.Join(',', Enumerate());

        IEnumerable<string> Enumerate()
        {
            var start = 0;
            foreach (var end in SplitterRoutes.Scan<T>(text))
            {
                yield return $"{end - start}";
                start = end;
            }
        }
    }
}
