using System.Text;

namespace Nabla.Tokenizers.Tests.Formats;

public sealed class TiktokenFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-tiktoken-").FullName;

    private string FilePath => Path.Combine(_folder, "own.tiktoken");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_trained_vocabulary_is_written_as_ranks_and_read_back()
    {
        RegexTokenizer tokenizer = RegexTokenizer.Train("the theatre then, the thing é", 270);

        TiktokenFile.Save(FilePath, tokenizer.Vocabulary);
        var loaded = (RegexTokenizer)TokenizerFile.Load(FilePath, TextSplitter.Cl100k);

        Assert.Equal("AA== 0", File.ReadLines(FilePath).First());
        Assert.True(loaded.Vocabulary.MergesByRank);
        Assert.Equal(tokenizer.Vocabulary.Merges, loaded.Vocabulary.Merges);
        Assert.Equal(tokenizer.Encode("the then é other"), loaded.Encode("the then é other"));
    }

    [Theory]
    [InlineData("ab cd", "c d,a b")] // Not in the order of the ids.
    [InlineData("ab abc", "a b")] // A merge that ranks imply is missing.
    [InlineData("abc", "")] // A token that nothing reaches would be found as a whole chunk.
    public void Merges_that_do_not_follow_from_the_ids_are_not_written(string tokens, string merges)
    {
        var vocabulary = BytePairVocabulary.Create(
            [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), .. tokens.Split(' ').Select(Encoding.ASCII.GetBytes)],
            [.. merges.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(merge => new BytePair(merge[0], merge[2]))]);

        var exception = Assert.Throws<TokenizerException>(() => TiktokenFile.Save(FilePath, vocabulary));

        Assert.Contains("write a tokenizer.json", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void Ranks_of_nobody_need_a_pattern()
    {
        TiktokenFile.Save(FilePath, BytePairVocabulary.Bytes);

        var exception = Assert.Throws<TokenizerException>(() => TokenizerFile.Load(FilePath));

        Assert.StartsWith(FilePath, exception.Message, StringComparison.Ordinal);
        Assert.Contains("give the pattern", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("YWI= 256", "YWI=256", "line 257: it must be a token in Base64, a space, and a rank")]
    [InlineData("YWI= 256", "YW=I 256", "line 257: the token before the space is not valid Base64")]
    [InlineData("YWI= 256", "YWI 256", "line 257: the token before the space is not valid Base64")]
    [InlineData("YWI= 256", " 256", "line 257: the token before the space is not valid Base64, or is empty")]
    [InlineData("YWI= 256", "YWI= -1", "line 257: what follows the space must be the rank")]
    [InlineData("YWI= 256", "YWI= +1", "line 257: what follows the space must be the rank")]
    [InlineData("YWI= 256", "YWI=  256", "line 257: what follows the space must be the rank")]
    [InlineData("YWI= 256", "YWI= 256 ", "line 257: what follows the space must be the rank")]
    [InlineData("YWI= 256", "YWI= 2\056", "line 257: what follows the space must be the rank")]
    [InlineData("YWI= 256", "YWI= 99999999999999999999", "line 257: what follows the space must be the rank")]
    [InlineData("YWI= 256", "YWI= 1000000", "line 257: what follows the space must be the rank")]
    [InlineData("YWI= 256", "YWI= 255", "line 257: rank 255 is given twice")]
    [InlineData("YWI= 256", "YQ== 256", "tokens 97 and 256 are the same bytes")]
    [InlineData("YQ== 97\n", "", "byte 0x61 is no token")]
    public void What_is_wrong_is_named_with_its_line(string line, string other, string message)
    {
        var exception = Assert.Throws<TokenizerException>(() => TiktokenFile.Parse(Encoding.UTF8.GetBytes(Valid().Replace(line, other, StringComparison.Ordinal))));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gaps_blank_lines_a_mark_and_a_missing_last_line_end_do_no_harm()
    {
        BytePairVocabulary vocabulary = TiktokenFile.Parse(
            Encoding.UTF8.GetBytes("\uFEFF" + Valid().Replace("YWI= 256", "\n\r\nYWI= 300", StringComparison.Ordinal).TrimEnd()));

        Assert.Equal(301, vocabulary.Size);
        Assert.Equal("ab"u8, vocabulary.TokenBytes(300));
        Assert.True(vocabulary.TokenBytes(256).IsEmpty);
        Assert.Equal([new BytePair(97, 98)], vocabulary.Merges);
    }

    [Fact]
    public void A_special_token_may_fill_a_gap_of_the_ranks()
    {
        // As in p50k_base, where the end of text stands before the runs of spaces.
        BytePairVocabulary vocabulary = TiktokenFile.Parse(
            Encoding.UTF8.GetBytes(Valid().Replace("YWI= 256", "YWI= 257", StringComparison.Ordinal)));

        var tokenizer = new RegexTokenizer(vocabulary, TextSplitter.Gpt2, new SpecialTokens([new("<|endoftext|>", 256)]));

        Assert.Equal(258, tokenizer.VocabularySize);
        Assert.Equal([257, 256, 257], tokenizer.Encode("ab<|endoftext|>ab", SpecialTokenPolicy.Allow));
        Assert.Equal("ab<|endoftext|>ab", tokenizer.Decode([257, 256, 257]));
    }

    private static string Valid() => string.Concat(Enumerable.Range(0, 256)
        .Select(value => $"{Convert.ToBase64String([(byte)value])} {value}\n")) + "YWI= 256\n";
}
