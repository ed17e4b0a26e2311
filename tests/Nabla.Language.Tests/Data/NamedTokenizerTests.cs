using System.Security.Cryptography;
using Nabla.Language.Data;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Data;

public sealed class NamedTokenizerTests
{
    [Theory]
    [InlineData("gpt2")]
    [InlineData("cl100k_base")]
    [InlineData("o200k_base")]
    [InlineData("llama2")]
    public void The_digests_are_those_of_the_files(string name)
    {
        foreach (RemoteFile file in NamedTokenizer.Find(name)!.Files)
        {
            byte[] bytes = File.ReadAllBytes(TestFiles.Data(file.FileName));
            Assert.Equal(bytes.Length, file.Length);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), file.Sha256);
        }
    }

    [Fact]
    public async Task A_tokenizer_is_loaded_by_name_from_the_users_folder()
    {
        using var folder = new TemporaryFolder();
        DatasetStore store = new(Path.GetDirectoryName(TestFiles.Data("cl100k_base.tiktoken")), folder.Path);

        ITokenizer tokenizer = await store.LoadTokenizerAsync("cl100k_base");

        Assert.Equal([15339, 1917], tokenizer.Encode("hello world"));
    }

    [Fact]
    public async Task An_unknown_name_is_refused_with_the_names_that_there_are()
    {
        using var folder = new TemporaryFolder();

        DataFileException exception = await Assert.ThrowsAsync<DataFileException>(
            () => new DatasetStore(null, folder.Path).LoadTokenizerAsync("gpt5"));

        Assert.Equal("There is no tokenizer named gpt5: those known by name are gpt2, r50k_base, p50k_base, cl100k_base, "
            + "o200k_base, llama2.", exception.Message);
    }
}
