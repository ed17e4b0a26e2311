using System.Globalization;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The bigram lecture's model by counting: its probabilities, what it draws, and how it is judged.</summary>
public sealed class BigramCountingTests
{
    [Fact]
    [Trait("Number", "L02-016")]
    [Trait("Number", "L02-034")]
    [Trait("Number", "L02-035")]
    public void Every_row_of_the_probabilities_sums_to_one()
    {
        Tensor first = NameBigrams.Counts[0];
        Assert.Equal(1, (first / first.Sum()).Sum().Item(), 1e-6f);

        Tensor probabilities = NameBigrams.Probabilities();
        Assert.Equal(1, probabilities[0].Sum().Item(), 1e-5f);
        Assert.All(probabilities.Sum(1).ToArray(), sum => Assert.Equal(1, sum, 1e-5f));
        Assert.Equal(27, probabilities.Sum().Item(), 1e-4f);
    }

    [Fact]
    [Trait("Number", "L02-036")]
    public void Without_keepDim_the_columns_are_normalised_in_silence()
    {
        Tensor wrong = NameBigrams.Counts / NameBigrams.Counts.Sum(1);

        Assert.Equal(new Shape(27, 27), wrong.Shape);
        Assert.Equal(7.0225f, wrong[0].Sum().Item(), 1e-3f);
        Assert.Equal(1, wrong[.., 0].Sum().Item(), 1e-3f);
    }

    [Fact]
    [Trait("Number", "L02-032")]
    public void To_know_nothing_costs_the_logarithm_of_27()
    {
        Tensor uniform = Tensor.Ones(27, 27) / 27;

        Assert.All(uniform.ToArray(), probability => Assert.Equal(0.0370f, probability, 1e-4f));
        Assert.Equal(3.2958f, NameBigrams.Loss(uniform, NameBigrams.Words), 1e-4f);
    }

    [Theory]
    [Trait("Number", "L02-039")]
    [Trait("Number", "L02-040")]
    [InlineData("emma", new[] { 0.0478, 0.0377, 0.0253, 0.3899, 0.1960 })]
    [InlineData("vi", new[] { double.NaN, 0.3541, double.NaN })]
    [InlineData("ava", new[] { 0.1377, double.NaN, 0.2495, 0.1960 })]
    public void The_pairs_of_the_first_names_are_as_likely_as_in_the_lecture(string word, double[] expected)
    {
        (IndexTensor first, IndexTensor second) = NameBigrams.Ids(word);
        float[] probabilities = NameBigrams.Probabilities()[first, second].ToArray();

        Assert.Equal(expected, probabilities.Select(probability => (double)probability),
            (lecture, ours) => double.IsNaN(lecture) || Math.Abs(lecture - ours) < 1e-4);
    }

    [Fact]
    [Trait("Number", "L02-041")]
    public void The_log_likelihood_of_the_first_three_names_is_minus_38()
    {
        (IndexTensor first, IndexTensor second) = NameBigrams.Ids("emma", "olivia", "ava");
        Tensor logarithms = NameBigrams.Probabilities()[first, second].Log();

        Assert.Equal(16, first.Count);
        Assert.Equal(-38.7856f, logarithms.Sum().Item(), 2e-4f);
        Assert.Equal(2.4241f, -logarithms.Mean().Item(), 2e-4f);
    }

    [Fact]
    [Trait("Number", "L02-042")]
    public void The_loss_on_all_names_is_2_4540_in_single_precision_too()
        => Assert.Equal(2.4540f, NameBigrams.Loss(NameBigrams.Probabilities(), NameBigrams.Words), 5e-4f);

    [Fact]
    [Trait("Number", "L02-043")]
    public void The_logarithm_makes_a_sum_of_a_product()
    {
        Assert.Equal(0, Tensor.Scalar(1).Log().Item(), 1e-6f);
        Assert.Equal(float.NegativeInfinity, Tensor.Scalar(0).Log().Item());

        (IndexTensor first, IndexTensor second) = NameBigrams.Ids("emma");
        Tensor probabilities = NameBigrams.Probabilities()[first, second];
        float product = probabilities.ToArray().Aggregate((a, b) => a * b);
        Assert.Equal(MathF.Log(product), probabilities.Log().Sum().Item(), 1e-5f);
    }

    [Fact]
    [Trait("Number", "L02-044")]
    public void Any_name_can_be_judged_and_a_rare_pair_costs_it()
    {
        Assert.Equal(3.0391f, NameBigrams.Loss(NameBigrams.Probabilities(), "andrej"), 1e-3f);
        Assert.Equal(55, NameBigrams.Counts[NameBigrams.Id('e'), NameBigrams.Id('j')].Item());
    }

    [Fact]
    [Trait("Number", "L02-045")]
    [Trait("Number", "L02-046")]
    [Trait("Number", "L02-047")]
    public void A_count_added_everywhere_makes_the_impossible_unlikely()
    {
        Assert.Equal(0, NameBigrams.Counts[NameBigrams.Id('j'), NameBigrams.Id('q')].Item());
        Assert.Equal(float.PositiveInfinity, NameBigrams.Loss(NameBigrams.Probabilities(), "andrejq"));

        Tensor smoothed = NameBigrams.Probabilities(smoothing: 1);
        Assert.Equal(0.00034165f, smoothed[NameBigrams.Id('j'), NameBigrams.Id('q')].Item(), 1e-7f);
        Assert.Equal(3.4834f, NameBigrams.Loss(smoothed, "andrejq"), 1e-3f);
    }

    [Fact]
    [Trait("Number", "L02-048")]
    [Trait("Number", "L02-049")]
    [Trait("Number", "L02-051")]
    public void More_smoothing_is_more_uniform()
    {
        float[] smoothings = [1, 5, 100, 1000];
        Tensor[] tables = [.. smoothings.Select(NameBigrams.Probabilities)];
        float[] losses = [.. tables.Select(table => NameBigrams.Loss(table, NameBigrams.Words))];
        float[] peaks = [.. tables.Select(table => table.Max().Item())];

        Assert.Equal([2.4546f, 2.4577f, 2.5375f, 2.8523f], losses, (lecture, ours) => Math.Abs(lecture - ours) < 5e-4);
        Assert.Equal(losses.Order(), losses);
        Assert.Equal(peaks.OrderDescending(), peaks);

        // Each fake count can cost at most 27 / (count of the row) of a pair's logarithm.
        Assert.True(losses[0] <= 2.4632f, $"the loss is {losses[0]}");
    }

    [Fact]
    [Trait("Number", "L02-052")]
    public void A_million_fake_counts_leave_nothing_of_the_data()
        => Assert.All(
            NameBigrams.Probabilities(smoothing: 1e6f).ToArray(), probability => Assert.Equal(0.0370f, probability, 5e-4f));

    [Fact]
    [Trait("Number", "L02-028")]
    [Trait("Number", "L02-050")]
    public void One_fake_count_changes_none_of_the_first_twenty_names_drawn()
    {
        string[] names = NameBigrams.Sample(NameBigrams.Probabilities(), 20);

        Assert.Equal(["mor.", "axx.", "minaymoryles.", "kondlaisah.", "anchshizarie."], names[..5]);
        Assert.Equal(names, NameBigrams.Sample(NameBigrams.Probabilities(smoothing: 1), 20));
    }

    [Fact]
    [Trait("Number", "L02-081")]
    public void A_pair_is_printed_with_its_probability_and_its_logarithm()
    {
        float probability = NameBigrams.Probabilities()[0, NameBigrams.Id('e')].Item();

        Assert.Equal(".e: 0.0478 -3.0408", string.Create(
            CultureInfo.InvariantCulture, $".e: {probability:F4} {MathF.Log(probability):F4}"));
    }
}
