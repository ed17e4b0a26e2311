using Nabla.Language.Data;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Data;

public sealed class RunningTextTests
{
    [Fact]
    [Trait("Number", "L07-008")]
    public void Shakespeare_is_cut_where_the_lecture_cuts_it()
    {
        string text = TextFile.Read(TestFiles.Data("tinyshakespeare.txt"));

        TextDataset dataset = RunningText.Create(text, "shakespeare");

        Assert.Equal(1_003_854, dataset.TrainingIds.Length);
        Assert.Equal(111_540, dataset.ValidationIds.Length);
        int[] ids = dataset.Tokenizer.Encode(text);
        Assert.Equal(ids[1_003_854], dataset.ValidationIds[0]);
        Assert.Equal(ids[..1_003_854], dataset.TrainingIds.ToArray());
        Assert.Equal("86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed", dataset.SourceHash);
        Assert.Null(dataset.BoundaryId);
    }

    [Fact]
    public void The_vocabulary_holds_the_characters_of_the_validation_split_too()
    {
        TextDataset dataset = RunningText.Create("aaaaaaaaaz", "text");

        Assert.Equal(2, dataset.Tokenizer.VocabularySize);
        Assert.Equal([1], dataset.ValidationIds.ToArray());
    }

    [Fact]
    public void A_given_tokenizer_is_used()
    {
        var tokenizer = CharacterTokenizer.FromText("zyxab");

        TextDataset dataset = RunningText.Create("abab", "text", tokenizer);

        Assert.Same(tokenizer, dataset.Tokenizer);
        Assert.Equal([0, 1, 0], dataset.TrainingIds.ToArray());
    }

    [Fact]
    public void The_hash_tells_texts_apart() =>
        Assert.NotEqual(RunningText.Create("abc", "text").SourceHash, RunningText.Create("abd", "text").SourceHash);

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("😀")]
    public void A_text_that_cannot_be_cut_in_two_is_refused(string text) =>
        Assert.Contains("my.txt", Assert.Throws<DataFileException>(() => RunningText.Create(text, "my.txt")).Message,
            StringComparison.Ordinal);
}
