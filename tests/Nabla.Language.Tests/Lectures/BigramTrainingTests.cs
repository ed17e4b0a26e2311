namespace Nabla.Language.Tests.Lectures;

/// <summary>The bigram lecture's network trained on all names at once, 228,146 pairs a step.</summary>
public sealed class BigramTrainingTests(BigramTrainingTests.Training training) : IClassFixture<BigramTrainingTests.Training>
{
    [Fact]
    [Trait("Number", "L02-072")]
    public void A_hundred_steps_reach_2_47() => Assert.Equal(2.4729f, training.Losses[100], 0.005f);

    [Fact]
    [Trait("Number", "L02-073")]
    public void A_hundred_more_reach_2_46() => Assert.Equal(2.46f, training.Losses[200], 0.01f);

    [Fact]
    [Trait("Number", "L02-074")]
    public void Training_approaches_what_counting_reaches_and_never_passes_it()
    {
        float counting = NameBigrams.Loss(NameBigrams.Probabilities(), NameBigrams.Words);

        Assert.Equal(2.464f, training.Losses[200], 0.01f);
        Assert.InRange(training.Losses[200], counting, counting + 0.02f);
        Assert.All(training.Losses, loss => Assert.True(loss > counting));
    }

    [Fact]
    [Trait("Number", "L02-075")]
    public void The_probabilities_learnt_are_those_counted()
        => Assert.InRange((training.Weights.Softmax(1) - NameBigrams.Probabilities()).Abs().Mean().Item(), 0, 0.005f);

    [Fact]
    [Trait("Number", "L02-076")]
    public void The_network_draws_the_names_that_the_counts_draw()
        => Assert.Equal(
            NameBigrams.Sample(NameBigrams.Probabilities(), 5), NameBigrams.Sample(training.Weights.Softmax(1), 5));

    [Fact]
    [Trait("Number", "L02-077")]
    [Trait("Number", "L02-078")]
    public void Regularisation_draws_the_probabilities_together()
    {
        float[] strengths = [0.01f, 0.1f, 1, 10];
        (float Data, float Total)[] losses = [.. strengths.Select(RegularisedLosses)];

        Assert.Equal(2.475f, losses[0].Data, 0.01f);
        Assert.Equal(2.490f, losses[0].Total, 0.01f);
        float[] data = [.. losses.Select(loss => loss.Data)];
        Assert.Equal([2.475f, 2.505f, 2.721f, 3.131f], data, (lecture, ours) => Math.Abs(lecture - ours) < 0.01);
        Assert.Equal(data.Order(), data);
        Assert.True(data[3] < MathF.Log(27));
    }

    [Fact]
    public void Equal_pairs_cost_the_same_so_that_their_counts_are_all_the_network_sees()
    {
        Tensor one = Weights();
        Tensor other = Weights();
        Tensor loss = Loss(one);
        Tensor counted = CountedLoss(other);
        loss.Backward();
        counted.Backward();

        Assert.Equal(loss.Item(), counted.Item(), 1e-5f);
        Assert.True(one.Grad!.AllClose(other.Grad!, 1e-3f, 1e-6f));
    }

    private static (float Data, float Total) RegularisedLosses(float strength)
    {
        Tensor weights = Weights();
        for (int step = 0; step < 100; step++)
        {
            Step(weights, CountedLoss(weights) + (strength * weights.Square().Mean()));
        }

        float data = CountedLoss(weights).Item();
        return (data, data + (strength * weights.Square().Mean().Item()));
    }

    private static Tensor Weights()
    {
        Tensor weights = Tensor.Randn(new RandomGenerator(NameBigrams.Seed), 27, 27);
        weights.RequiresGrad = true;
        return weights;
    }

    // A one-hot row times the weights is a row of the weights, so the rows are looked up.
    private static Tensor Loss(Tensor weights)
    {
        (IndexTensor first, IndexTensor second) = NameBigrams.All;
        return weights[first].CrossEntropy(second);
    }

    private static Tensor CountedLoss(Tensor weights)
        => -(NameBigrams.Counts * weights.LogSoftmax(1)).Sum() / NameBigrams.Counts.Sum();

    private static void Step(Tensor weights, Tensor loss)
    {
        weights.ZeroGrad();
        loss.Backward();
        using (Tensor.NoGrad())
        {
            weights.SubInPlace(weights.Grad! * 50);
        }
    }

    /// <summary>Three hundred steps, made once for all tests, by the first that asks: without the names that test is skipped.</summary>
    public sealed class Training
    {
        private readonly Lazy<(Tensor Weights, IReadOnlyList<float> Losses)> _result = new(Run);

        /// <summary>Gets the weights after the last step.</summary>
        public Tensor Weights => _result.Value.Weights;

        /// <summary>Gets the loss after each number of steps from 0 on.</summary>
        public IReadOnlyList<float> Losses => _result.Value.Losses;

        private static (Tensor Weights, IReadOnlyList<float> Losses) Run()
        {
            Tensor weights = BigramTrainingTests.Weights();
            List<float> losses = [];
            for (int step = 0; step < 300; step++)
            {
                using MemoryScope scope = MemoryScope.Begin();
                Tensor loss = Loss(weights);
                losses.Add(loss.Item());
                Step(weights, loss);
            }

            losses.Add(Loss(weights).Item());
            return (weights.Detach(), losses);
        }
    }
}
