using System.Text;

namespace Nabla.Tokenizers.Tests;

public sealed class SafeCutTests
{
    [Fact]
    public void Blocks_have_the_chunks_of_the_whole_text()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            byte[] text = Encoding.UTF8.GetBytes(EncodingSamples.Mixed(60, seed));
            AssertBlocks<Gpt2Chunker>(text);
            AssertBlocks<Cl100kChunker>(text);
            AssertBlocks<Cl100kPossessiveChunker>(text);
            AssertBlocks<O200kChunker>(text);
        }
    }

    [Fact]
    public void Text_and_its_bytes_are_cut_at_the_same_places()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var text = EncodingSamples.Mixed(60, seed);
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            Assert.Equal(
                Cuts(text.Length, length => SafeCut.After(text.AsSpan(), length)).Select(end => text[..end]),
                Cuts(utf8.Length, length => SafeCut.After(utf8.AsSpan(), length)).Select(end => Encoding.UTF8.GetString(utf8.AsSpan(0, end))));
        }
    }

    [Theory]
    [InlineData("one two three", 1, 3)]
    [InlineData("one two three", 4, 7)]
    [InlineData("one two three", 3, 3)]
    [InlineData("I'm", 1, 3)]
    [InlineData("e\u0301a", 1, 3)]
    [InlineData("ab1", 1, 2)]
    [InlineData("河流。孩子", 1, 2)]
    [InlineData("1\n2", 1, 2)]
    [InlineData("1\n/", 1, 3)]
    [InlineData("1 \n2", 1, 4)]
    [InlineData("a😀b", 1, 4)]
    [InlineData("ab", 100, 2)]
    [InlineData("", 100, 0)]
    public void Blocks_end_where_every_pattern_begins_a_chunk(string text, int length, int expected) =>
        Assert.Equal(expected, SafeCut.After(text.AsSpan(), length));

    private static IEnumerable<int> Cuts(int length, Func<int, int> end) => Enumerable.Range(0, length + 1).Select(end).Distinct();

    private static void AssertBlocks<TChunker>(byte[] text)
        where TChunker : struct, IChunker
    {
        int[] whole = Ends<TChunker>(text);
        foreach (var cut in Cuts(text.Length, length => SafeCut.After(text.AsSpan(), length)))
        {
            int[] parts = [.. Ends<TChunker>(text.AsSpan(0, cut)), .. Ends<TChunker>(text.AsSpan(cut)).Select(end => end + cut)];
            Assert.True(parts.SequenceEqual(whole), $"{typeof(TChunker).Name} cut at {cut}: {Encoding.UTF8.GetString(text)}");
        }
    }

    private static int[] Ends<TChunker>(ReadOnlySpan<byte> text)
        where TChunker : struct, IChunker
    {
        List<int> ends = [];
        for (var end = 0; end < text.Length;)
        {
            end = TChunker.End(text, end);
            ends.Add(end);
        }

        return [.. ends];
    }
}
