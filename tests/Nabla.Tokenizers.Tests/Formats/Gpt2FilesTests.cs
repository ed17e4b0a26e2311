using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Formats;

public sealed class Gpt2FilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-gpt2-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("vocab.bpe")]
    [InlineData("encoder.json")]
    public void Either_file_finds_the_other(string name)
    {
        var tokenizer = (RegexTokenizer)TokenizerFile.Load(TestFiles.Data(name));

        Assert.Equal(50257, tokenizer.VocabularySize);
        Assert.Equal(50256, tokenizer.EndOfTextId);
        Assert.Same(TextSplitter.Gpt2, tokenizer.Splitter);
    }

    [Theory]
    [InlineData("vocab.bpe", "encoder.json")]
    [InlineData("merges.txt", "vocab.json")]
    public void Both_pairs_of_names_are_known(string merges, string entries)
    {
        Write(merges, "#version: 0.2\na b\n");
        Write(entries, """{"a": 0, "b": 1, "ab": 2, "<|endoftext|>": 3, "<日本>": 4}""");

        var tokenizer = (RegexTokenizer)TokenizerFile.Load(Path.Combine(_folder, merges));

        SameTokenizer.Assert(tokenizer, (RegexTokenizer)TokenizerFile.Load(Path.Combine(_folder, entries)));
        Assert.Equal([2, 1, 3, 4], tokenizer.Encode("abb<|endoftext|><日本>", SpecialTokenPolicy.Allow));
    }

    [Fact]
    public void A_missing_partner_is_named()
    {
        Write("vocab.bpe", "#version: 0.2\na b\n");

        var exception = Assert.Throws<TokenizerException>(() => TokenizerFile.Load(Path.Combine(_folder, "vocab.bpe")));

        Assert.Contains("encoder.json is not beside it", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#version: 0.2\na b\nab\n", """{"a": 0, "b": 1, "ab": 2}""", "vocab.bpe, line 3: it must be two tokens")]
    [InlineData("#version: 0.2\na c\n", """{"a": 0, "b": 1, "ab": 2}""", "vocab.bpe, line 2: \"c\" is no token")]
    [InlineData("#version: 0.2\na b\n", """{"a": 0, "b": 1}""", "vocab.bpe, line 2: \"ab\" is no token")]
    [InlineData("#version: 0.2\na 日\n", """{"a": 0, "b": 1, "ab": 2}""", "vocab.bpe, line 2: it has characters that stand for no byte")]
    [InlineData("#version: 0.2\n", """{"a": 0, "b": 0}""", "the vocabulary[\"b\"]: id 0 is given twice")]
    [InlineData("#version: 0.2\n", """{"a": 0, "b": 2000000000}""", "the vocabulary[\"b\"] must be an id")]
    [InlineData("#version: 0.2\n", """{"a": 0, "b": {}}""", "the vocabulary[\"b\"] must be an id")]
    [InlineData("#version: 0.2\n", """{"a": 0, """, "no valid JSON at line 1")]
    [InlineData("#version: 0.2\n", "[]", "must be an object")]
    public void What_is_wrong_is_named_with_its_place(string merges, string entries, string message)
    {
        Write("vocab.bpe", merges);
        Write("encoder.json", entries);

        var exception = Assert.Throws<TokenizerException>(() => Gpt2Files.Load(Path.Combine(_folder, "vocab.bpe")));

        Assert.StartsWith(Path.Combine(_folder, "encoder.json"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_written_is_read_back_the_same()
    {
        RegexTokenizer tokenizer = RegexTokenizer.Train("the theatre then, the thing é", 270, TextSplitter.Gpt2)
            .WithSpecialTokens([new("<|endoftext|>", 270), new("two words", 300), new("日本", 301)]);

        Gpt2Files.Save(Path.Combine(_folder, "vocab.bpe"), Path.Combine(_folder, "encoder.json"), tokenizer);

        SameTokenizer.Assert(tokenizer, (RegexTokenizer)TokenizerFile.Load(Path.Combine(_folder, "vocab.bpe")));
    }

    [Theory]
    [InlineData("é")]
    [InlineData("th")]
    [InlineData("a")]
    public void A_special_token_that_reads_as_an_ordinary_one_is_not_written(string text)
    {
        RegexTokenizer tokenizer = RegexTokenizer.Train("the theatre then, the thing é", 270, TextSplitter.Gpt2).WithSpecialTokens([new(text, 300)]);

        var exception = Assert.Throws<TokenizerException>(() =>
            Gpt2Files.Save(Path.Combine(_folder, "vocab.bpe"), Path.Combine(_folder, "encoder.json"), tokenizer));

        Assert.Contains($"\"{text}\" would be read as an ordinary one", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder, name), content);
}
