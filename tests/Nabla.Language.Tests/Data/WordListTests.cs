using Nabla.Language.Data;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Data;

public sealed class WordListTests
{
    private static readonly string _text = string.Join('\n', Enumerable.Range(0, 50).Select(i => $"w{i}"));

    [Fact]
    public void Every_document_is_in_one_split_between_boundaries()
    {
        TextDataset dataset = WordList.Create(_text, "words");

        string training = dataset.Tokenizer.Decode(dataset.TrainingIds.ToArray());
        string validation = dataset.Tokenizer.Decode(dataset.ValidationIds.ToArray());
        Assert.Equal(0, dataset.BoundaryId);
        Assert.All([training, validation], stream => Assert.StartsWith("\n", stream, StringComparison.Ordinal));
        Assert.All([training, validation], stream => Assert.EndsWith("\n", stream, StringComparison.Ordinal));
        string[] trained = training.Trim('\n').Split('\n');
        string[] validated = validation.Trim('\n').Split('\n');
        Assert.Equal(45, trained.Length);
        Assert.Equal(5, validated.Length);
        Assert.Equal(_text.Split('\n').Order(StringComparer.Ordinal), trained.Concat(validated).Order(StringComparer.Ordinal));
        Assert.NotEqual(_text.Split('\n'), trained.Concat(validated));
    }

    [Fact]
    public void The_split_follows_from_the_seed_alone()
    {
        TextDataset first = WordList.Create(_text, "words");
        TextDataset again = WordList.Create(_text, "words");
        TextDataset other = WordList.Create(_text, "words", splitSeed: 43);

        Assert.Equal(first.ValidationIds.ToArray(), again.ValidationIds.ToArray());
        Assert.NotEqual(first.ValidationIds.ToArray(), other.ValidationIds.ToArray());
    }

    [Fact]
    public void Repeated_documents_empty_lines_and_space_around_do_not_count() =>
        Assert.Equal(["emma", "ava marie", "Emma"], WordList.Documents("emma\n\n  ava marie \nemma\t\nEmma\n   \n"));

    [Fact]
    public void A_full_stop_in_a_document_is_a_character()
    {
        TextDataset dataset = WordList.Create("a.\nb.\n", "words");

        Assert.Equal(4, dataset.Tokenizer.VocabularySize);
        Assert.Equal(4, dataset.TrainingIds.Length);
        Assert.Equal(1, dataset.TrainingIds.ToArray()[2]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("emma")]
    [InlineData("emma\nemma\n\n")]
    public void Fewer_than_two_documents_are_refused(string text) =>
        Assert.Contains("my.txt", Assert.Throws<DataFileException>(() => WordList.Create(text, "my.txt")).Message,
            StringComparison.Ordinal);

    [Fact]
    [Trait("Number", "L02-003")]
    public void The_names_of_the_lectures_are_written_with_26_letters_and_a_boundary()
    {
        string text = TextFile.Read(TestFiles.Data("names.txt"));

        TextDataset dataset = WordList.Create(text, "names-full");

        Assert.Equal(27, dataset.Tokenizer.VocabularySize);
        Assert.Equal([1, 26], dataset.Tokenizer.Encode("az"));
        Assert.Equal(29_494, WordList.Documents(text).Length);
    }

    [Fact]
    public void A_byte_pair_tokenizer_puts_its_end_of_text_token_between_documents()
    {
        RegexTokenizer tokenizer = RegexTokenizer.Train(_text, 260, TextSplitter.Gpt2)
            .WithSpecialTokens([new("<|endoftext|>", 260)]);

        TextDataset dataset = WordList.Create(_text, "words", tokenizer);

        Assert.Equal(260, dataset.BoundaryId);
        Assert.Equal(46, dataset.TrainingIds.ToArray().Count(id => id == 260));
        Assert.Equal(6, dataset.ValidationIds.ToArray().Count(id => id == 260));
        Assert.Equal(TrainingDocuments(WordList.Create(_text, "words")), TrainingDocuments(dataset));
    }

    [Fact]
    public void A_tokenizer_without_an_end_of_text_token_is_refused_with_the_mend()
    {
        string message = Assert.Throws<DataFileException>(() => WordList.Create(_text, "my.txt", new BasicTokenizer([]))).Message;

        Assert.StartsWith("my.txt is a list of documents, but its tokenizer has no end-of-text token", message, StringComparison.Ordinal);
        Assert.Contains("--special \"<|endoftext|>\"", message, StringComparison.Ordinal);
    }

    private static string[] TrainingDocuments(TextDataset dataset) =>
        [.. WordList.Documents(dataset.Tokenizer, dataset.TrainingIds.ToArray(), dataset.BoundaryId!.Value)];
}
