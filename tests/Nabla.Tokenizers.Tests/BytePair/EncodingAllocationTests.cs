namespace Nabla.Tokenizers.Tests;

public sealed class EncodingAllocationTests
{
    [Fact]
    public void Counting_the_ids_of_a_megabyte_allocates_next_to_nothing()
    {
        RegexTokenizer tokenizer = EncodingSamples.Cl100k;
        var text = string.Concat(Enumerable.Repeat(EncodingSamples.Mixed(10_000, seed: 5) + " a word ", 100));
        var count = tokenizer.Count(text, SpecialTokenPolicy.Allow);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(count, tokenizer.Count(text, SpecialTokenPolicy.Allow));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000);
    }

    [Fact]
    public void Encoding_allocates_its_result()
    {
        RegexTokenizer tokenizer = EncodingSamples.Cl100k;
        var text = string.Concat(Enumerable.Repeat("Plain words of prose, Scrooge-like onomatopoeia; ", 2_000));
        var ids = tokenizer.Encode(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        tokenizer.Encode(text);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before - (sizeof(int) * ids.Length), 0, 4_000);
    }
}
