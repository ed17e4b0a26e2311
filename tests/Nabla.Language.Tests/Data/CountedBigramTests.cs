using Nabla.Language.Data;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Data;

public sealed class CountedBigramTests
{
    [Fact]
    public void Probabilities_are_the_counts_plus_one_over_their_sum()
    {
        var bigram = new CountedBigram([0, 1, 0, 1, 2], 3);

        Assert.Equal(2, bigram.Count(0, 1));
        Assert.Equal(3.0 / 5, bigram.Probability(0, 1), 1e-15);
        Assert.Equal(1.0 / 5, bigram.Probability(0, 0), 1e-15);
        Assert.Equal(1.0 / 3, bigram.Probability(2, 0), 1e-15);
        Assert.All(Enumerable.Range(0, 3), first =>
            Assert.Equal(1, Enumerable.Range(0, 3).Sum(second => bigram.Probability(first, second)), 1e-15));
    }

    [Fact]
    public void The_loss_is_the_mean_over_all_ids_but_the_first()
    {
        var bigram = new CountedBigram([0, 1, 0, 1, 2], 3);

        Assert.Equal(-(Math.Log(3.0 / 5) + Math.Log(1.0 / 5)) / 2, bigram.MeanNegativeLogLikelihood([0, 1, 1]), 1e-15);
    }

    [Fact]
    public void Ids_outside_the_vocabulary_and_streams_without_a_target_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new CountedBigram([0, 3], 3));
        Assert.Throws<ArgumentException>(() => new CountedBigram([0, -1], 3));
        Assert.Throws<ArgumentException>(() => new CountedBigram([0], 0));
        Assert.Throws<ArgumentException>(() => new CountedBigram([0], 1, double.NaN));
        var bigram = new CountedBigram([0, 1], 3);
        Assert.Throws<ArgumentException>(() => bigram.MeanNegativeLogLikelihood([0]));
        Assert.Throws<ArgumentException>(() => bigram.MeanNegativeLogLikelihood([0, 3]));
    }

    [Fact]
    [Trait("Number", "L02-014")]
    public void The_names_begin_as_often_with_each_letter_as_in_the_lecture()
    {
        (CountedBigram bigram, _) = OverTheNames(smoothing: 0);

        Assert.Equal([0, 4410, 1306, 1542], Enumerable.Range(0, 4).Select(second => bigram.Count(0, second)));
    }

    [Fact]
    [Trait("Number", "L02-042")]
    public void The_loss_of_the_plain_counts_is_that_of_the_lecture()
    {
        (CountedBigram bigram, int[] ids) = OverTheNames(smoothing: 0);

        Assert.Equal(2.454014, bigram.MeanNegativeLogLikelihood(ids), 1e-6);
    }

    [Fact]
    [Trait("Number", "L02-048")]
    public void The_loss_of_the_smoothed_counts_is_that_of_the_lecture()
    {
        (CountedBigram bigram, int[] ids) = OverTheNames(smoothing: 1);

        Assert.Equal(2.454577, bigram.MeanNegativeLogLikelihood(ids), 1e-6);
    }

    [Theory]
    [Trait("Number", "L02-045")]
    [Trait("Number", "L02-047")]
    [InlineData(0, double.PositiveInfinity)]
    [InlineData(1, 3.4834)]
    public void A_pair_never_seen_is_impossible_without_smoothing(double smoothing, double expected)
    {
        (CountedBigram bigram, _) = OverTheNames(smoothing);

        // . a n d r e j q .
        Assert.Equal(expected, bigram.MeanNegativeLogLikelihood([0, 1, 14, 4, 18, 5, 10, 17, 0]), 1e-3);
    }

    [Fact]
    [Trait("Number", "L02-046")]
    public void Smoothing_leaves_a_little_for_a_pair_never_seen()
    {
        (CountedBigram bigram, _) = OverTheNames(smoothing: 1);

        Assert.Equal(0, bigram.Count(10, 17));
        Assert.Equal(0.00034165, bigram.Probability(10, 17), 1e-7);
    }

    // With the names that occur twice, as in the lecture.
    private static (CountedBigram Bigram, int[] Ids) OverTheNames(double smoothing)
    {
        string text = TextFile.Read(TestFiles.Data("names.txt"));
        var tokenizer = CharacterTokenizer.FromText(text, boundary: true);
        int[] ids = tokenizer.Encode($"\n{text.TrimEnd('\n')}\n");
        return (new CountedBigram(ids, tokenizer.VocabularySize, smoothing), ids);
    }
}
