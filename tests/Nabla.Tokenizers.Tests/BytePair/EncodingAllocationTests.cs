namespace Nabla.Tokenizers.Tests;

public sealed class EncodingAllocationTests
{
    // A tokenizer of one's own: its working memory is not lent to a test beside this one.
    private readonly RegexTokenizer _tokenizer = new(
        EncodingSamples.Cl100k.Vocabulary, EncodingSamples.Cl100k.Splitter, EncodingSamples.Cl100k.SpecialTokens);

    [Fact]
    public void Counting_the_ids_of_a_megabyte_allocates_next_to_nothing()
    {
        var text = string.Concat(Enumerable.Repeat(EncodingSamples.Mixed(10_000, seed: 5) + " a word ", 100));
        Assert.InRange(LeastAllocated(() => _tokenizer.Count(text, SpecialTokenPolicy.Allow)), 0, 1_000);
    }

    [Fact]
    public void Encoding_allocates_its_result()
    {
        var text = string.Concat(Enumerable.Repeat("Plain words of prose, Scrooge-like onomatopoeia; ", 2_000));
        var ids = _tokenizer.Encode(text);
        Assert.InRange(LeastAllocated(() => _tokenizer.Encode(text)) - (sizeof(int) * ids.Length), 0, 1_000);
    }

    // Of several times, since the pool of arrays gives back memory when the collector has been at work.
    private static long LeastAllocated(Action work) => Enumerable.Range(0, 5).Min(_ =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
