using Nabla.Optim;

namespace Nabla.Tests.Optim;

public sealed class OptimizerErrorTests
{
    [Fact]
    public void No_parameter_is_an_error()
        => AssertMessage("Sgd: there is no parameter to train.", () => new Sgd(Array.Empty<Tensor>(), 0.1f));

    [Fact]
    public void A_parameter_twice_is_an_error_also_across_groups()
    {
        Tensor tied = Tensor.Zeros(2, 3);
        AssertMessage(
            "AdamW: parameters 0 and 2 of shape [2, 3] are the same memory; list tied weights once.",
            () => new AdamW([new ParameterGroup([tied, Tensor.Zeros(1)], 0.1f, 0), new ParameterGroup([tied], 0.1f, 0)]));
    }

    [Fact]
    public void A_view_of_a_parameter_counts_as_the_parameter()
    {
        Tensor weight = Tensor.Zeros(2, 3);
        AssertMessage(
            "Sgd: parameters 0 and 1 of shape [3, 2] are the same memory; list tied weights once.",
            () => new Sgd([weight, weight.View(3, 2)], 0.1f));
    }

    [Fact]
    public void A_transposed_parameter_is_an_error() => AssertMessage(
        "Adam: parameter 0 of shape [3, 2] is not contiguous; give the tensor that holds the weights.",
        () => new Adam([Tensor.Zeros(2, 3).Transpose(0, 1)]));

    [Fact]
    public void A_computed_parameter_is_an_error()
    {
        Tensor weight = Tensor.Ones(2);
        weight.RequiresGrad = true;
        AssertMessage(
            "Adam: parameter 0 of shape [2] is computed from others; give the tensor that holds the weights.",
            () => new Adam([weight * weight]));
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_rate_that_is_none_is_an_error(float rate)
    {
        Assert.Throws<ArgumentOutOfRangeException>("LearningRate", () => new Sgd([Tensor.Zeros(1)], rate));
        Assert.Throws<ArgumentOutOfRangeException>("WeightDecay", () => new Sgd([Tensor.Zeros(1)], 0.1f, weightDecay: rate));
        Assert.Throws<ArgumentOutOfRangeException>("momentum", () => new Sgd([Tensor.Zeros(1)], 0.1f, momentum: rate));
        Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new AdamW([Tensor.Zeros(1)], epsilon: rate));
        Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new ConstantRate(rate));
        Assert.Throws<ArgumentOutOfRangeException>("minimum", () => new CosineWithWarmup(1, rate, 0, 10));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_beta_outside_0_to_1_is_an_error(double beta)
    {
        Assert.Throws<ArgumentOutOfRangeException>("beta1", () => new Adam([Tensor.Zeros(1)], beta1: beta));
        Assert.Throws<ArgumentOutOfRangeException>("beta2", () => new AdamW([Tensor.Zeros(1)], beta2: beta));
    }

    [Fact]
    public void Nesterov_without_momentum_is_an_error()
        => Assert.Throws<ArgumentException>("nesterov", () => new Sgd([Tensor.Zeros(1)], 0.1f, nesterov: true));

    [Fact]
    public void State_that_is_missing_misshapen_or_unknown_is_an_error_and_changes_nothing()
    {
        AdamW optimizer = new([Tensor.Zeros(2), Tensor.Zeros(3)]);
        Dictionary<string, Tensor> state = optimizer.State.ToDictionary(
            entry => entry.Key, entry => Tensor.Ones(entry.Value.Shape));

        AssertMessage(
            "AdamW: the state has no 'v.1'; it was saved by another optimiser or for fewer parameters.",
            () => optimizer.LoadState(state.Where(entry => entry.Key != "v.1").ToDictionary(), 5));
        AssertMessage(
            "AdamW: 'v.1' of the state is [4], here it is [3]; it was saved for other parameters or in another order.",
            () => optimizer.LoadState(new Dictionary<string, Tensor>(state) { ["v.1"] = Tensor.Ones(4) }, 5));
        AssertMessage(
            "AdamW: 'm.2' of the state is not known here; it was saved by another optimiser or for more parameters.",
            () => optimizer.LoadState(new Dictionary<string, Tensor>(state) { ["m.2"] = Tensor.Ones(4) }, 5));
        Assert.Throws<ArgumentOutOfRangeException>("stepCount", () => optimizer.LoadState(state, -1));

        Assert.Equal(0, optimizer.StepCount);
        Assert.All(optimizer.State, entry => Assert.All(entry.Value.ToArray(), value => Assert.Equal(0, value)));
    }

    private static void AssertMessage(string message, Func<Optimizer> make)
        => Assert.Equal(message, Assert.Throws<ArgumentException>(make).Message);

    private static void AssertMessage(string message, Action action)
        => Assert.Equal(message, Assert.Throws<ArgumentException>(action).Message);
}
