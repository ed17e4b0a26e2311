using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Formats;

public sealed class NamedEncodingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-encoding-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("cl100k_base", 100277, 100257)]
    [InlineData("o200k_base", 200019, 199999)]
    [InlineData("gpt2", 50257, 50256)]
    public void A_published_encoding_is_loaded_from_its_files(string name, int size, int endOfText)
    {
        NamedEncoding encoding = NamedEncoding.Find(name)!;

        RegexTokenizer tokenizer = encoding.Load([.. encoding.Files.Select(file => TestFiles.Data(file.FileName))]);

        Assert.Equal(size, tokenizer.VocabularySize);
        Assert.Equal(endOfText, tokenizer.EndOfTextId);
    }

    [Fact]
    public void All_have_a_name_and_known_files()
    {
        Assert.Equal(["gpt2", "r50k_base", "p50k_base", "cl100k_base", "o200k_base"], NamedEncoding.All.Select(encoding => encoding.Name));
        Assert.All(NamedEncoding.All.SelectMany(encoding => encoding.Files), file =>
        {
            Assert.Equal(64, file.Sha256.Length);
            Assert.Equal("openaipublic.blob.core.windows.net", file.Address.Host);
            Assert.EndsWith(file.FileName, file.Address.AbsolutePath, StringComparison.Ordinal);
        });
        Assert.Null(NamedEncoding.Find("gpt3"));
    }

    [Fact]
    public void A_file_with_one_other_byte_is_refused()
    {
        var path = Path.Combine(_folder, "cl100k_base.tiktoken");
        byte[] content = File.ReadAllBytes(TestFiles.Data("cl100k_base.tiktoken"));
        content[^2] ^= 1;
        File.WriteAllBytes(path, content);

        var exception = Assert.Throws<TokenizerException>(() => NamedEncoding.Cl100kBase.Load(path));

        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains("download it again", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_ranks_is_known_by_its_content()
    {
        var tokenizer = (RegexTokenizer)TokenizerFile.Load(TestFiles.Data("cl100k_base.tiktoken"));

        Assert.Same(TextSplitter.Cl100k, tokenizer.Splitter);
        Assert.Equal(100276, tokenizer.SpecialTokens.Ids["<|endofprompt|>"]);
    }

    [Fact]
    public void Other_line_endings_and_another_order_make_no_other_encoding()
    {
        var path = Path.Combine(_folder, "ranks");
        File.WriteAllText(path, string.Join("\r\n", File.ReadLines(TestFiles.Data("cl100k_base.tiktoken")).Reverse()));

        var tokenizer = (RegexTokenizer)TokenizerFile.Load(path);

        Assert.Equal(100277, tokenizer.VocabularySize);
    }
}
