using System.Text;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Training;

/// <summary>Trainings of the lecture and of its companion programs on whole files.</summary>
public sealed class LectureTrainingTests
{
    private static string Shakespeare => File.ReadAllText(TestFiles.Data("tinyshakespeare.txt"));

    private static string Swift => File.ReadAllText(TestFiles.Data("taylorswift.txt"));

    [Fact]
    [Trait("Number", "L09-027")]
    public void Twenty_merges_of_tiny_Shakespeare()
    {
        BytePairTraining training = Train(Shakespeare, 276, TextSplitter.None);
        Assert.Equal(
            [new(101, 32), new(116, 104), new(116, 32), new(115, 32), new(100, 32), new(44, 32), new(111, 117), new(101, 114),
                new(105, 110), new(121, 32), new(97, 110), new(58, 10), new(111, 114), new(111, 32), new(101, 110), new(10, 10),
                new(97, 114), new(32, 257), new(111, 110), new(108, 108)],
            training.Merges.Select(merge => merge.Pair));
        Assert.Equal(1_115_394, training.ByteCount);
        Assert.Equal(882_737, training.TokenCount);
        Assert.Equal(1.2636, training.CompressionRatio, 4);
    }

    [Fact]
    [Trait("Number", "L09-028")]
    public void Twenty_merges_of_Taylor_Swifts_page_unsplit()
    {
        BytePairTraining training = Train(Swift, 276, TextSplitter.None);
        Assert.Equal(
            [new(101, 32), new(44, 32), new(100, 32), new(46, 32), new(114, 32), new(50, 48), new(115, 32), new(105, 110),
                new(111, 110), new(114, 105), new(116, 32), new(116, 104), new(101, 258), new(257, 261), new(97, 110), new(97, 114),
                new(101, 260), new(121, 32), new(97, 108), new(267, 256)],
            training.Merges.Select(merge => merge.Pair));
        Assert.Equal(185_768, training.ByteCount);
        Assert.Equal(147_440, training.TokenCount);
        Assert.Equal(1.26, training.CompressionRatio, 2);
    }

    [Theory]
    [Trait("Number", "L09-029")]
    [InlineData(276, 20)]
    [InlineData(512, 256)]
    [InlineData(50256, 50000)]
    public void A_vocabulary_is_the_bytes_and_one_token_for_each_merge(int vocabularySize, int merges) =>
        Assert.Equal(merges, Train(Shakespeare, vocabularySize, TextSplitter.None).Merges.Length);

    [Fact]
    [Trait("Number", "L09-030")]
    public void A_larger_vocabulary_compresses_more()
    {
        foreach (TextSplitter splitter in new[] { TextSplitter.None, TextSplitter.Cl100k })
        {
            double[] ratios = [.. new[] { 256, 276, 300, 512 }.Select(size => Train(Swift, size, splitter).CompressionRatio)];
            Assert.Equal(1.0, ratios[0]);
            Assert.Equal(ratios.Order(), ratios);
            Assert.True(ratios[^1] > 1.5);
        }
    }

    [Fact]
    [Trait("Number", "L09-032")]
    public void Training_ends_where_there_is_nothing_left_to_merge()
    {
        BytePairTraining training = Train("aaabdaaabac", 1000, TextSplitter.None);
        Assert.Equal(1, training.TokenCount);
        Assert.Equal(256 + training.Merges.Length, training.ToVocabulary().Size);
        Assert.Empty(Train("", 300, TextSplitter.None).Merges);
        Assert.Empty(Train("", 300, TextSplitter.Cl100k).Merges);
        Assert.Empty(Train("a", 300, TextSplitter.None).Merges);
    }

    [Fact]
    [Trait("Number", "L09-032")]
    public void A_vocabulary_smaller_than_the_bytes_is_refused() => Assert.Equal(
        "a vocabulary of 255 cannot hold the 256 bytes: ask for at least 256.",
        Assert.Throws<TokenizerException>(() => Train("aaab", 255, TextSplitter.None)).Message);

    [Fact]
    [Trait("Number", "L09-063")]
    public void No_pair_lies_across_two_chunks() =>
        Assert.DoesNotContain(new BytePair('b', ' '), Train("ab cd ab cd", 1000, TextSplitter.Gpt2).Merges.Select(merge => merge.Pair));

    [Fact]
    [Trait("Number", "L09-064")]
    public void Chunks_keep_letters_digits_and_the_rest_apart()
    {
        Assert.DoesNotContain(Texts(Train(Swift, 512, TextSplitter.Cl100k), [.. Enumerable.Range(256, 256)]), IsMixed);
        Assert.Equal(93, Texts(Train(Swift, 512, TextSplitter.None), [.. Enumerable.Range(256, 256)]).Count(IsMixed));
    }

    [Fact]
    [Trait("Number", "L09-066")]
    public void Taylor_Swifts_page_in_chunks()
    {
        BytePairTraining training = Train(Swift, 512, TextSplitter.Cl100k);
        Assert.Equal(46_196, training.ChunkCount);
        Assert.Equal(87_339, training.TokenCount);
        Assert.Equal(["ld", "]\n", " she"], Texts(training, 509, 510, 511));
    }

    [Fact]
    [Trait("Number", "L09-067")]
    public void The_first_tie_goes_to_the_pair_seen_first()
    {
        BytePairTraining training = Train(Swift, 512, TextSplitter.Cl100k);
        Assert.Equal([" T", "ft"], Texts(training, 278, 279));
        Assert.Equal([new(new(32, 84), 278, 934), new(new(102, 116), 279, 934)], training.Merges[22..24]);
        Assert.Equal(278, training.Merges.Zip(training.Merges[1..]).First(two => two.First.Count == two.Second.Count).First.Id);
    }

    private static BytePairTraining Train(string text, int vocabularySize, TextSplitter splitter) =>
        BytePairTrainer.Train(text, new BytePairTrainingOptions { VocabularySize = vocabularySize, Splitter = splitter });

    private static IEnumerable<string> Texts(BytePairTraining training, params int[] ids)
    {
        BytePairVocabulary vocabulary = training.ToVocabulary();
        return ids.Select(id => Encoding.UTF8.GetString(vocabulary.TokenBytes(id)));
    }

    // Letters with digits, more than three digits, or anything else behind a letter or a digit.
    private static bool IsMixed(string token)
    {
        var digits = token.Count(char.IsDigit);
        var first = token.ToList().FindIndex(char.IsLetterOrDigit);
        return digits > 3 || (digits > 0 && token.Any(char.IsLetter)) || (first >= 0 && !token[first..].All(char.IsLetterOrDigit));
    }
}
