namespace Nabla.Tokenizers.Tests;

/// <summary>Chunks so long that anything quadratic would not come to an end.</summary>
public sealed class LongChunkTests
{
    [Theory]
    [InlineData("cl100k", 'a')]
    [InlineData("cl100k", ' ')]
    [InlineData("cl100k", '\n')]
    [InlineData("o200k", 'a')]
    [InlineData("o200k", ' ')]
    [InlineData("gpt2", '=')]
    public void A_million_equal_characters_become_the_longest_tokens_of_them(string encoding, char character)
    {
        RegexTokenizer tokenizer = Tokenizer(encoding);
        AssertMerged(tokenizer, new string(character, 1_000_000));
    }

    [Theory]
    [InlineData("cl100k")]
    [InlineData("o200k")]
    [InlineData("gpt2")]
    public void A_chunk_of_a_million_random_letters_is_merged_to_the_end(string encoding) =>
        AssertMerged(Tokenizer(encoding), EncodingSamples.Letters(1_000_000, seed: 1));

    [Fact]
    public void A_long_chunk_has_the_ids_of_plain_merging()
    {
        RegexTokenizer tokenizer = EncodingSamples.Gpt2;
        var merges = tokenizer.Vocabulary.Merges.Select((pair, rank) => (pair, rank))
            .ToDictionary(merge => (merge.pair.Left, merge.pair.Right), merge => (merge.rank, tokenizer.Vocabulary.MergedId(merge.pair)));
        foreach (var length in new[] { ShortChunkMerger.MaxLength - 1, ShortChunkMerger.MaxLength, ShortChunkMerger.MaxLength + 1, 2_000 })
        {
            var text = EncodingSamples.Letters(length, seed: length);
            Assert.Equal(PlainMerging.Merge(text.Select(letter => tokenizer.Vocabulary.ByteIds[letter]), merges), tokenizer.Encode(text));
        }
    }

    [Fact]
    public void A_text_of_one_unsplit_chunk_is_merged_to_the_end()
    {
        BasicTokenizer tokenizer = new(EncodingSamples.LectureMerges);
        var text = EncodingSamples.Mixed(1_000_000, seed: 4);
        int[] ids = tokenizer.Encode(text);
        Assert.Equal(text, tokenizer.Decode(ids));
        Assert.Equal(ids.Length, tokenizer.Count(text));
        Assert.Equal(ids, tokenizer.EncodeUtf8(System.Text.Encoding.UTF8.GetBytes(text)));
        var pairs = EncodingSamples.LectureMerges.ToHashSet();
        Assert.DoesNotContain(ids.Zip(ids.Skip(1)), pair => pairs.Contains(new BytePair(pair.First, pair.Second)));
    }

    private static void AssertMerged(RegexTokenizer tokenizer, string text)
    {
        int[] ids = tokenizer.Encode(text);
        Assert.Equal(text, tokenizer.Decode(ids));
        Assert.Equal(ids.Length, tokenizer.Count(text));
        // Nothing is left that could merge, but where two chunks meet.
        var mergeable = ids.Zip(ids.Skip(1)).Count(pair => tokenizer.Vocabulary.MergedId(new BytePair(pair.First, pair.Second)) >= 0);
        Assert.InRange(mergeable, 0, tokenizer.Vocabulary.MergesByRank ? 1 : ids.Length / 20);
    }

    private static RegexTokenizer Tokenizer(string encoding) => encoding switch
    {
        "gpt2" => EncodingSamples.Gpt2,
        "cl100k" => EncodingSamples.Cl100k,
        _ => EncodingSamples.O200k,
    };
}
