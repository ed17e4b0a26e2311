using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Formats;

public sealed class TokenizerFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-formats-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("cl100k_base.tiktoken", typeof(RegexTokenizer))]
    [InlineData("vocab.bpe", typeof(RegexTokenizer))]
    [InlineData("encoder.json", typeof(RegexTokenizer))]
    [InlineData("gpt2_tokenizer.json", typeof(RegexTokenizer))]
    [InlineData("llama2_tokenizer.model", typeof(SentencePieceTokenizer))]
    public void Every_published_file_is_known_by_its_content(string name, Type type)
    {
        // Under a name that says nothing; the pair of files needs its names to find each other.
        var path = Path.Combine(_folder, name is "vocab.bpe" or "encoder.json" ? name : "file");
        File.Copy(TestFiles.Data(name), path);
        if (name is "vocab.bpe" or "encoder.json")
        {
            var other = name == "vocab.bpe" ? "encoder.json" : "vocab.bpe";
            File.Copy(TestFiles.Data(other), Path.Combine(_folder, other));
        }

        Assert.IsType(type, TokenizerFile.Load(path));
    }

    [Fact]
    public void Every_tokenizer_is_loaded_from_what_it_saved()
    {
        var path = Path.Combine(_folder, "file");
        ITokenizer[] tokenizers =
        [
            CharacterTokenizer.FromText("abc"), BasicTokenizer.Train("aaabdaaabac", 259), RegexTokenizer.Train("aaab aaab", 258),
        ];

        foreach (ITokenizer tokenizer in tokenizers)
        {
            tokenizer.Save(path);
            ITokenizer loaded = TokenizerFile.Load(path);

            Assert.IsType(tokenizer.GetType(), loaded);
            Assert.Equal(tokenizer.VocabularySize, loaded.VocabularySize);
            Assert.Equal(tokenizer.Encode("aaab"), loaded.Encode("aaab"));
        }
    }

    [Theory]
    [InlineData("hello world\n")]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("[]")]
    [InlineData("# a page\n\nof text")]
    public void Another_file_is_refused_with_the_formats_that_are_known(string content)
    {
        var path = Path.Combine(_folder, "file");
        File.WriteAllText(path, content);

        var exception = Assert.Throws<TokenizerException>(() => TokenizerFile.Load(path));

        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains("a tokenizer.json, a .tiktoken file", exception.Message, StringComparison.Ordinal);
    }
}
