using Nabla.Tests;

namespace Nabla.Tokenizers.Tests;

/// <summary>The shortest way up the ladder: train, encode and decode, on bytes and within chunks.</summary>
public sealed class LadderTests
{
    [Fact]
    [Trait("Number", "L09-014")]
    public void Byte_pairs_of_the_symbolic_example_merge_in_the_order_of_their_first_occurrence()
    {
        BasicTokenizer tokenizer = BasicTokenizer.Train("aaabdaaabac", 259);
        Assert.Equal([new(97, 97), new(256, 97), new(257, 98)], tokenizer.Merges);
        Assert.Equal([258, 100, 258, 97, 99], tokenizer.Encode("aaabdaaabac"));
        Assert.Equal("aaabdaaabac", tokenizer.Decode([258, 100, 258, 97, 99]));
        Assert.Equal([11, 9, 7, 5],
            Enumerable.Range(256, 4).Select(size => BasicTokenizer.Train("aaabdaaabac", size).Encode("aaabdaaabac").Length));
    }

    [Fact]
    [Trait("Number", "L09-065")]
    public void Taylor_Swifts_page_gives_the_lectures_first_tokens()
    {
        RegexTokenizer tokenizer = RegexTokenizer.Train(File.ReadAllText(TestFiles.Data("taylorswift.txt")), 266);
        Assert.Equal(["er", "20", "or", "in", "ed", " t", "on", "he", " S", "ar"],
            Enumerable.Range(256, 10).Select(id => tokenizer.Decode([id])));
        Assert.Equal("hello, 世界 🙂 it's", tokenizer.Decode(tokenizer.Encode("hello, 世界 🙂 it's")));
    }
}
