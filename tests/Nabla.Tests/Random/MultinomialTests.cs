using System.Text;

namespace Nabla.Tests;

/// <summary>Draws of categories in both of PyTorch's ways, up to the names of the bigram lecture.</summary>
public sealed class MultinomialTests
{
    private const ulong LectureSeed = 2147483647;

    [Fact]
    [Trait("Number", "L02-026")]
    public void The_first_letter_of_the_bigram_lecture_is_drawn()
        => Assert.Equal(13, new RandomGenerator(LectureSeed).MultinomialWithReplacement(BigramProbabilities()[0]));

    [Fact]
    [Trait("Number", "L02-027")]
    [Trait("Number", "L02-028")]
    [Trait("Number", "L02-029")]
    public void The_names_of_the_bigram_lecture_are_drawn()
    {
        string[] expected =
        [
            "mor.", "axx.", "minaymoryles.", "kondlaisah.", "anchshizarie.", "odaren.", "iaddash.", "h.", "jhinatien.", "egushl.",
        ];

        Assert.Equal(expected, SampleNames(10, (generator, weights) => generator.MultinomialWithReplacement(weights)));
    }

    [Fact]
    [Trait("Number", "L02-030")]
    public void The_race_draws_other_names_from_the_same_seed()
        => Assert.NotEqual("mor.", SampleNames(1, (generator, weights) => generator.MultinomialRace(weights))[0]);

    [Fact]
    [Trait("Number", "L02-031")]
    public void Every_name_ends_with_its_only_dot()
        => Assert.All(
            SampleNames(1000, (generator, weights) => generator.MultinomialWithReplacement(weights)),
            name => Assert.Equal(name.Length - 1, name.IndexOf('.', StringComparison.Ordinal)));

    [Fact]
    public void The_draws_that_users_of_two_PyTorch_versions_reported_are_drawn()
    {
        // github.com/pytorch/pytorch/issues/114945: seven draws are the same in 1.10.0 and in 2.1.1, a single one is not.
        float[] equal = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
        int[] drawn = new int[7];
        new RandomGenerator(123).MultinomialWithReplacement(equal, drawn);

        Assert.Equal([3, 0, 5, 0, 4, 5, 6], drawn);
        Assert.Equal(3, new RandomGenerator(123).MultinomialWithReplacement(equal));
        Assert.Equal(1, new RandomGenerator(123).MultinomialRace(equal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Number", "L02-023")]
    public void Both_ways_draw_in_proportion_to_the_weights(bool race)
    {
        float[] weights = [6, 3, 0, 1];
        RandomGenerator generator = new(0);
        int[] counts = new int[4];
        for (int i = 0; i < 30000; i++)
        {
            counts[race ? generator.MultinomialRace(weights) : generator.MultinomialWithReplacement(weights)]++;
        }

        // Five standard deviations of a share are at most 5 sqrt(0.25 / 30000).
        IEnumerable<double> shares = counts.Select(count => count / 30000.0);
        Assert.Equal([0.6, 0.3, 0, 0.1], shares, (expected, share) => Math.Abs(expected - share) < 0.015);
        Assert.Equal(0, counts[2]);
    }

    [Fact]
    public void The_race_draws_each_category_once_and_none_of_weight_zero()
    {
        // The smallest weight over a time above two is zero in a float, and must still come before the zeros.
        float[] weights = [0, 5, 0, 3e38f, 0, 1, 1e-45f];
        RandomGenerator generator = new(9);
        int[] drawn = new int[4];
        for (int i = 0; i < 100; i++)
        {
            generator.MultinomialRace(weights, drawn);
            Assert.Equal([1, 3, 5, 6], drawn.Order());
        }
    }

    [Fact]
    [Trait("Number", "L02-024")]
    public void More_different_categories_than_there_are_is_refused()
    {
        string message = Refused(generator => generator.MultinomialRace([0.6f, 0, 0.1f], new int[20]));

        Assert.Equal(
            "Multinomial: 20 different categories asked of 3, of which 2 have a positive weight: "
            + "ask for fewer, or draw with replacement.",
            message);
    }

    [Theory]
    [InlineData(-1f, "weight 1 is -1:")]
    [InlineData(float.NaN, "weight 1 is NaN:")]
    [InlineData(float.PositiveInfinity, "weight 1 is Infinity:")]
    [InlineData(0f, "none of the 2 weights is positive")]
    public void Weights_that_are_none_are_refused(float second, string reason)
    {
        float[] weights = [0, second];

        Assert.Contains(reason, Refused(generator => generator.MultinomialWithReplacement(weights)), StringComparison.Ordinal);
        Assert.Contains(reason, Refused(generator => generator.MultinomialRace(weights)), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_whose_sum_is_too_large_are_refused()
        => Assert.Contains(
            "too large", Refused(generator => generator.MultinomialWithReplacement([3e38f, 3e38f])), StringComparison.Ordinal);

    private static string Refused(Action<RandomGenerator> draw)
        => Assert.Throws<ArgumentException>(() => draw(new RandomGenerator(0))).Message;

    private static List<string> SampleNames(int count, Func<RandomGenerator, float[], int> draw)
    {
        float[][] probabilities = BigramProbabilities();
        RandomGenerator generator = new(LectureSeed);
        List<string> names = [];
        for (int i = 0; i < count; i++)
        {
            StringBuilder name = new();
            int letter = 0;
            do
            {
                letter = draw(generator, probabilities[letter]);
                name.Append(Letter(letter));
            }
            while (letter != 0);
            names.Add(name.ToString());
        }

        return names;
    }

    /// <summary>The chance of each letter after each letter, counted; 0 is the dot before and after every name.</summary>
    private static float[][] BigramProbabilities()
    {
        float[][] counts = [.. Enumerable.Range(0, 27).Select(_ => new float[27])];
        foreach (string name in File.ReadLines(TestFiles.Data("names.txt")))
        {
            int previous = 0;
            foreach (char c in name + ".")
            {
                int letter = c == '.' ? 0 : c - 'a' + 1;
                counts[previous][letter]++;
                previous = letter;
            }
        }

        return [.. counts.Select(row => row.Select(value => value / row.Sum()).ToArray())];
    }

    private static char Letter(int index) => index == 0 ? '.' : (char)('a' + index - 1);
}
