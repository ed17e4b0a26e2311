namespace Nabla.Tokenizers.Tests;

/// <summary>The numbers of the tokenizer lecture that are about encoding.</summary>
public sealed class LectureEncodingTests
{
    private static readonly BasicTokenizer _lecture = new(EncodingSamples.LectureMerges);

    [Fact]
    [Trait("Number", "L09-040")]
    public void No_text_has_no_ids_and_one_letter_has_its_byte()
    {
        Assert.Equal([], _lecture.Encode(""));
        Assert.Equal([104], _lecture.Encode("h"));
    }

    [Fact]
    [Trait("Number", "L09-041")]
    public void Hello_world_keeps_its_space() =>
        Assert.Equal([104, 101, 108, 108, 111, 32, 119, 266, 108, 100, 33], _lecture.Encode("hello world!"));

    [Fact]
    [Trait("Number", "L09-042")]
    public void The_lowest_rank_merges_first() => Assert.Equal([275], _lecture.Encode("the "));

    [Fact]
    [Trait("Number", "L09-043")]
    public void Text_in_which_nothing_merges_is_its_bytes() => Assert.Equal([122, 113], _lecture.Encode("zq"));

    [Fact]
    [Trait("Number", "L09-045")]
    public void A_byte_that_is_no_text_does_not_come_back()
    {
        var bytes = new BasicTokenizer([]);
        Assert.Equal([239, 191, 189], bytes.Encode(bytes.Decode([128])));
    }

    [Theory]
    [Trait("Number", "L09-046")]
    [InlineData("ab<", 2)]
    [InlineData(">ab", 0)]
    [InlineData("a><b", 1)]
    [InlineData("<>ab<", 4)]
    public void Half_of_a_surrogate_pair_is_refused_with_its_position(string shape, int position)
    {
        // Attributes cannot hold halves: < and > stand for the two of U+1F642.
        var text = shape.Replace('<', '\uD83D').Replace('>', '\uDE42');
        var regex = new RegexTokenizer(BytePairVocabulary.Bytes, TextSplitter.Cl100k);
        var pattern = new RegexTokenizer(BytePairVocabulary.Bytes, TextSplitter.FromPattern("[a-z]+"));
        foreach (ITokenizer tokenizer in new ITokenizer[] { _lecture, regex, pattern })
        {
            Assert.Contains($"alone at position {position}:", Assert.Throws<TokenizerException>(() => tokenizer.Encode(text)).Message,
                StringComparison.Ordinal);
            Assert.Throws<TokenizerException>(() => tokenizer.Count(text));
        }

        // The position is that in the text, not behind the last special token.
        foreach (RegexTokenizer tokenizer in new[] { regex, pattern })
        {
            RegexTokenizer special = tokenizer.WithSpecialTokens([new("[E]", 300)]);
            Assert.Contains($"alone at position {position + 3}:",
                Assert.Throws<TokenizerException>(() => special.Encode("[E]" + text, SpecialTokenPolicy.Allow)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Number", "L09-063")]
    public void Merges_do_not_cross_chunks()
    {
        // (98, 32) would merge in "ab cd", were it one chunk.
        var vocabulary = BytePairVocabulary.FromMerges([new(98, 32), new(99, 100)]);
        var tokenizer = new RegexTokenizer(vocabulary, TextSplitter.Gpt2);
        Assert.Equal([97, 98, 32, 257], tokenizer.Encode("ab cd"));
        Assert.Equal([.. tokenizer.Encode("ab"), .. tokenizer.Encode(" cd")], tokenizer.Encode("ab cd"));
        Assert.Equal([97, 256, 257], new BasicTokenizer(vocabulary.Merges).Encode("ab cd"));
    }
}
