using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Formats;

public sealed class MinbpeFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-minbpe-").FullName;

    private string FilePath => Path.Combine(_folder, "tokenizer.model");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Number", "L09-116")]
    public void A_trained_tokenizer_is_loaded_as_it_was_saved()
    {
        RegexTokenizer tokenizer = RegexTokenizer.Train(File.ReadAllText(TestFiles.Data("taylorswift.txt")), 300)
            .WithSpecialTokens([new("<|endoftext|>", 300), new("<|fim|>", 305)]);

        MinbpeFile.Save(FilePath, tokenizer);
        var loaded = (RegexTokenizer)TokenizerFile.Load(FilePath);

        Assert.Equal("minbpe v1", File.ReadLines(FilePath).First());
        SameTokenizer.Assert(tokenizer, loaded);
        const string Text = "Taylor Swift<|endoftext|> 안녕 12345";
        int[] ids = loaded.Encode(Text, SpecialTokenPolicy.Allow);
        Assert.Equal(tokenizer.Encode(Text, SpecialTokenPolicy.Allow), ids);
        Assert.Equal(Text, loaded.Decode(ids));
    }

    [Fact]
    public void A_basic_tokenizer_saves_this_format_with_an_empty_pattern()
    {
        BasicTokenizer tokenizer = BasicTokenizer.Train("aaabdaaabac", 259);

        tokenizer.Save(FilePath);

        Assert.Equal("minbpe v1\n\n0\n97 97\n256 97\n257 98\n", File.ReadAllText(FilePath));
        Assert.Equal(tokenizer.Merges, Assert.IsType<BasicTokenizer>(TokenizerFile.Load(FilePath)).Merges);
    }

    [Fact]
    public void A_regex_tokenizer_writes_pattern_and_special_tokens()
    {
        var tokenizer = new RegexTokenizer(
            BytePairVocabulary.FromMerges([new(97, 97)]), TextSplitter.FromPattern(@"\w+|."), new SpecialTokens([new("<b>", 300), new("<a>", 257)]));

        MinbpeFile.Save(FilePath, tokenizer);

        Assert.Equal("minbpe v1\n\\w+|.\n2\n<a> 257\n<b> 300\n97 97\n", File.ReadAllText(FilePath));
    }

    [Fact]
    public void The_vocabulary_shows_what_each_token_is_made_of()
    {
        // 256 is "é" and 257 "é" with a line feed; 258 is a run of bytes that are not UTF-8.
        var tokenizer = new RegexTokenizer(
            BytePairVocabulary.FromMerges([new(0xC3, 0xA9), new(256, 10), new(0x80, 0xA9)]), TextSplitter.None,
            new SpecialTokens([new("<|endoftext|>", 300)]));
        var path = Path.Combine(_folder, "tokenizer.vocab");

        MinbpeFile.SaveVocabulary(path, tokenizer);

        string[] lines = File.ReadAllLines(path);
        Assert.Equal(260, lines.Length);
        Assert.Equal(@"[\u000a] 10", lines[10]);
        Assert.Equal("[a] 97", lines[97]);
        Assert.Equal(@"[\u007f] 127", lines[127]);
        Assert.Equal("[\uFFFD] 128", lines[128]);
        Assert.Equal("[\uFFFD][\uFFFD] -> [é] 256", lines[256]);
        Assert.Equal(@"[é][\u000a] -> [é\u000a] 257", lines[257]);
        Assert.Equal("[\uFFFD][\uFFFD] -> [\uFFFD\uFFFD] 258", lines[258]);
        Assert.Equal("[<|endoftext|>] 300", lines[259]);
    }

    [Fact]
    [Trait("Number", "L09-115")]
    public void GPT4s_tokenizer_refuses_to_be_saved_loaded_and_trained_this_way()
    {
        RegexTokenizer tokenizer = NamedEncoding.Cl100kBase.Load(TestFiles.Data("cl100k_base.tiktoken"));
        var saving = Assert.Throws<TokenizerException>(() => MinbpeFile.Save(FilePath, tokenizer));
        Assert.Contains("its bytes are shuffled (0x00 has id 188)", saving.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(FilePath));

        BasicTokenizer.Train("aaab", 257).Save(FilePath);
        Assert.Throws<TokenizerException>(() => NamedEncoding.Cl100kBase.Load(FilePath));

        // There is no way to say it: training makes its own ids of bytes, and a published encoding has no training.
        Assert.DoesNotContain(typeof(NamedEncoding).GetMethods(), method => method.Name.StartsWith("Train", StringComparison.Ordinal));
    }

    [Fact]
    public void The_vocabulary_of_GPT4_can_be_shown_all_the_same()
    {
        RegexTokenizer tokenizer = NamedEncoding.Cl100kBase.Load(TestFiles.Data("cl100k_base.tiktoken"));
        var path = Path.Combine(_folder, "cl100k.vocab");

        MinbpeFile.SaveVocabulary(path, tokenizer);

        string[] lines = File.ReadAllLines(path);
        Assert.Equal("[ ][ ] -> [  ] 256", lines[256]);
        Assert.Equal("[ t] 259", lines[259][(lines[259].IndexOf("-> ", StringComparison.Ordinal) + 3)..]);
        Assert.Equal(100256 + 5, lines.Length);
    }

    [Fact]
    public void What_the_format_would_lose_is_not_written()
    {
        BytePairVocabulary bytes = BytePairVocabulary.Bytes;

        Refused(new RegexTokenizer(bytes, TextSplitter.FromPattern(@"\w+| ")), "white space");
        Refused(new RegexTokenizer(bytes, TextSplitter.FromPattern("a\nb")), "line break");
        Refused(new RegexTokenizer(bytes, TextSplitter.None, new SpecialTokens([new("two words", 256)])), "\"two words\"");
        Refused(new RegexTokenizer(
            BytePairVocabulary.Create([.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), null, "aa"u8.ToArray()], [new(97, 97)]),
            TextSplitter.None), "should make id 256 and makes 257");
        Refused(new RegexTokenizer(
            BytePairVocabulary.Create([.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), "aa"u8.ToArray()], []),
            TextSplitter.None), "no merge makes");

        void Refused(RegexTokenizer tokenizer, string part)
        {
            var exception = Assert.Throws<TokenizerException>(() => MinbpeFile.Save(FilePath, tokenizer));
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', exception.Message);
            Assert.False(File.Exists(FilePath));
        }
    }

    [Theory]
    [InlineData("minbpe v2\n\n0\n", "line 1")]
    [InlineData("minbpe v1", "cut short")]
    [InlineData("minbpe v1\n", "cut short")]
    [InlineData("minbpe v1\n\n", "cut short")]
    [InlineData("minbpe v1\n\nx\n", "line 3")]
    [InlineData("minbpe v1\n\n-1\n", "line 3")]
    [InlineData("minbpe v1\n\n2000000000\n", "line 3")]
    [InlineData("minbpe v1\n\n16000000\n<a> 300\n", "cut short")]
    [InlineData("minbpe v1\n\n1\n<a>\n", "line 4")]
    [InlineData("minbpe v1\n\n1\n 300\n", "line 4")]
    [InlineData("minbpe v1\n\n1\n<a> 2000000000\n", "line 4")]
    [InlineData("minbpe v1\n\n1\n<a> -3\n", "line 4")]
    [InlineData("minbpe v1\n\n2\n<a> 300\n<b> 300\n", "both have id 300")]
    [InlineData("minbpe v1\n\n1\n<a> 97\n", "ordinary token")]
    [InlineData("minbpe v1\n(\n0\n", "line 2")]
    [InlineData("minbpe v1\n\n0\n97\n", "line 4")]
    [InlineData("minbpe v1\n\n0\n97 97\n\n", "line 5")]
    [InlineData("minbpe v1\n\n0\n97 256\n", "line 4")]
    [InlineData("minbpe v1\n\n0\n97 97\n258 97\n256 97\n", "line 5")]
    [InlineData("minbpe v1\n\n0\n97 97\n97 97\n", "tokens 256 and 257 are the same bytes")]
    [InlineData("minbpe v1\n\n0\n97 +7\n", "line 4")]
    [InlineData("minbpe v1\n\n0\n97 97 97\n", "line 4")]
    [InlineData("minbpe v1\n\n0\n97 9\09\n", "line 4")]
    public void A_wrong_file_is_refused_with_the_place(string content, string part)
    {
        File.WriteAllText(FilePath, content);

        var exception = Assert.Throws<TokenizerException>(() => TokenizerFile.Load(FilePath));

        Assert.StartsWith(FilePath, exception.Message, StringComparison.Ordinal);
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Windows_line_endings_and_a_byte_order_mark_do_no_harm()
    {
        File.WriteAllText(FilePath, "\uFEFFminbpe v1\r\n\\w+\r\n1\r\n<a> 300\r\n97 97\r\n");

        var tokenizer = (RegexTokenizer)TokenizerFile.Load(FilePath);

        Assert.Equal(@"\w+", tokenizer.Splitter.Pattern);
        Assert.Equal([new BytePair(97, 97)], tokenizer.Vocabulary.Merges);
    }

    [Fact]
    public void Merges_that_double_a_token_each_time_take_no_gigabytes()
    {
        File.WriteAllText(FilePath, "minbpe v1\n\n0\n97 97\n" + string.Concat(Enumerable.Range(256, 40).Select(id => $"{id} {id}\n")));

        var exception = Assert.Throws<TokenizerException>(() => TokenizerFile.Load(FilePath));

        Assert.Contains("64 MiB", exception.Message, StringComparison.Ordinal);
    }
}
