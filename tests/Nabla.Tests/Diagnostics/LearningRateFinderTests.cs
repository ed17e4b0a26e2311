using Nabla.Diagnostics;
using Nabla.Nn;
using Nabla.Optim;

namespace Nabla.Tests.Diagnostics;

/// <summary>The search for a learning rate: what it finds, and that it leaves no trace.</summary>
public class LearningRateFinderTests
{
    [Fact]
    public void A_parabola_is_searched_up_to_where_descent_diverges()
    {
        // The loss 2 w^2 has the slope 4 w: descent converges below the rate 0.5, and is fastest at 0.25.
        Scale model = new(10);
        LearningRateSearch search = LearningRateFinder.Run(
            model, new Sgd(model.Parameters(), 1), () => (model.Weight * model.Weight).Sum() * 2, 1e-4f, 10, 100);

        Assert.Equal((1e-4f, 200f), (search.Tried[0].Rate, search.Tried[0].Loss));
        Assert.InRange(search.Tried.Count, 20, 99); // it ended early
        Assert.InRange(search.Suggested!.Value, 0.005f, 0.25f);
        Assert.InRange(search.Lowest!.Value, search.Suggested.Value, 1);
        double factor = Math.Pow(1e5, 1 / 99.0);
        Assert.All(search.Tried.Zip(search.Tried.Skip(1)), pair => Assert.Equal(factor, pair.Second.Rate / pair.First.Rate, 1e-3));
    }

    [Fact]
    public void Training_after_a_search_is_the_same_bits_as_without_one()
    {
        Assert.Equal(Train(search: false), Train(search: true));

        float[] Train(bool search)
        {
            RandomGenerator random = new(2);
            Sequential model = new(new Linear(4, 8, random: random), new BatchNorm1d(8), new Tanh(), new Linear(8, 3, random: random));
            AdamW optimizer = new(
                [new ParameterGroup(model.Parameters().Take(1), 1e-2f, 0.1f), new ParameterGroup(model.Parameters().Skip(1), 1e-3f, 0)]);
            Tensor x = Tensor.Randn(random, 6, 4);
            Step();
            if (search)
            {
                Assert.Equal(20, LearningRateFinder.Run(model, optimizer, Loss, 1e-4f, 1e-2f, 20).Tried.Count);
            }

            Step();
            return [.. model.StateDict().SelectMany(pair => pair.Value.ToArray())];

            Tensor Loss() => model.Forward(x).CrossEntropy(IndexTensor.From([0, 1, 2, 0, 1, 2], 6));

            void Step()
            {
                optimizer.ZeroGrad();
                Loss().Backward();
                optimizer.Step();
            }
        }
    }

    [Fact]
    public void A_loss_that_throws_leaves_no_trace_either()
    {
        Scale model = new(3);
        Sgd optimizer = new(model.Parameters(), 0.5f);
        int calls = 0;

        Assert.Throws<InvalidOperationException>(() => LearningRateFinder.Run(
            model, optimizer, () => ++calls < 5 ? model.Weight.Sum() : throw new InvalidOperationException("no batch")));

        Assert.Equal((3, 0.5f), (model.Weight.Item(), optimizer.Groups[0].LearningRate));
        Assert.Equal(0, optimizer.StepCount);
        Assert.Null(model.Weight.Grad);
    }

    [Fact]
    public void Of_a_loss_that_only_jumps_no_rate_is_suggested()
    {
        RandomGenerator random = new(3);
        Scale model = new(0);

        LearningRateSearch search = LearningRateFinder.Run(
            model, new Sgd(model.Parameters(), 1), () => (model.Weight.Sum() * 0) + 3 + (0.1f * Tensor.Randn(random, 1).Sum()));

        Assert.Equal(100, search.Tried.Count);
        Assert.Null(search.Suggested);
    }

    [Fact]
    public void A_stop_is_heeded_and_a_loss_that_is_not_finite_ends_the_search()
    {
        Scale model = new(3);
        Sgd optimizer = new(model.Parameters(), 0.5f);
        using CancellationTokenSource stop = new();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(
            () => LearningRateFinder.Run(model, optimizer, () => model.Weight.Sum(), cancellationToken: stop.Token));
        LearningRateSearch search = LearningRateFinder.Run(model, optimizer, () => model.Weight.Sum() * float.NaN);

        Assert.Empty(search.Tried);
        Assert.Null(search.Suggested);
        Assert.Null(search.Lowest);
    }

    [Theory]
    [InlineData(0f, 1f, 100)]
    [InlineData(1e-3f, 1e-3f, 100)]
    [InlineData(1e-3f, float.PositiveInfinity, 100)]
    [InlineData(1e-3f, 1f, 9)]
    public void Rates_that_do_not_rise_and_too_few_steps_are_refused(float from, float to, int steps)
    {
        Scale model = new(1);

        ArgumentException error = Assert.Throws<ArgumentException>(() => LearningRateFinder.Run(
            model, new Sgd(model.Parameters(), 1), () => model.Weight.Sum(), from, to, steps));

        Assert.Contains("at least 10 steps", error.Message, StringComparison.Ordinal);
    }

    private sealed class Scale : Module
    {
        public Scale(float value) => Weight = AddParameter("weight", Tensor.Full(new Shape(1), value));

        public Tensor Weight { get; }
    }
}
