using Nabla.Nn;

namespace Nabla.Tests.Nn;

/// <summary>
/// What the fourth lecture says of sizes: of logits and the loss they cost, of what a linear layer returns, of the random numbers
/// it starts from, and of gradients where a nonlinearity is flat.
/// </summary>
public sealed class ActivationScaleTests
{
    [Fact]
    [Trait("Number", "L04-005")]
    public void To_know_nothing_of_27_classes_costs_3_2958()
        => Assert.Equal(3.2958f, Tensor.Zeros(1, 27).CrossEntropy(IndexTensor.From([13])).Item(), 1e-4f);

    [Theory]
    [Trait("Number", "L04-006")]
    [Trait("Number", "L04-009")]
    [InlineData(0)]
    [InlineData(1)]
    public void Four_equal_logits_cost_1_3863_whichever_is_right(float logit)
    {
        for (int label = 0; label < 4; label++)
        {
            float loss = Tensor.Full(new Shape(1, 4), logit).CrossEntropy(IndexTensor.From([label])).Item();
            Assert.Equal(1.3863f, loss, 1e-4f);
        }
    }

    [Fact]
    [Trait("Number", "L04-007")]
    public void To_be_sure_is_cheap_if_right_and_dear_if_wrong()
    {
        IndexTensor label = IndexTensor.From([2]);
        Assert.Equal(0.0200f, Tensor.From([0, 0, 5, 0], 1, 4).CrossEntropy(label).Item(), 1e-4f);
        Assert.Equal(5.0200f, Tensor.From([0, 5, 0, 0], 1, 4).CrossEntropy(label).Item(), 1e-4f);
    }

    [Fact]
    [Trait("Number", "L04-008")]
    public void The_larger_random_logits_are_the_more_they_cost()
    {
        Tensor logits = Tensor.Randn(new RandomGenerator(1), 2000, 4);
        IndexTensor labels = IndexTensor.Full(new Shape(2000), 2);
        float[] losses = [.. ((float[])[1, 10, 100]).Select(scale => (logits * scale).CrossEntropy(labels).Item())];

        Assert.Equal(losses.Order(), losses);
        Assert.Equal(1.72f, losses[0], 0.1f);
        Assert.Equal(10.3f, losses[1], 0.6f);
        Assert.Equal(104, losses[2], 6f);
    }

    [Fact]
    [Trait("Number", "L04-023")]
    [Trait("Number", "L04-024")]
    [Trait("Number", "L04-025")]
    [Trait("Number", "L04-026")]
    public void A_sum_of_ten_products_is_larger_than_its_parts_by_the_root_of_ten()
    {
        RandomGenerator random = new(1);
        (Tensor x, Tensor w) = (Tensor.Randn(random, 1000, 10), Tensor.Randn(random, 10, 200));

        Assert.Equal(0, x.MatMul(w).Mean().Item(), 0.15f);
        Assert.Equal(3.162f, x.MatMul(w).Std().Item(), 0.15f);
        Assert.Equal(15.81f, x.MatMul(w * 5).Std().Item(), 0.6f);
        Assert.Equal(0.632f, x.MatMul(w * 0.2f).Std().Item(), 0.03f);
        Assert.Equal(1, x.MatMul(w / MathF.Sqrt(10)).Std().Item(), 0.05f);
    }

    [Fact]
    [Trait("Number", "L04-027")]
    public void A_factor_of_random_numbers_is_a_factor_of_their_standard_deviation()
    {
        Tensor numbers = Tensor.Randn(new RandomGenerator(1), 1_000_000);
        Assert.Equal(1, numbers.Std().Item(), 0.005f);
        Assert.Equal(0.2f, (numbers * 0.2f).Std().Item(), 0.005f);
    }

    [Fact]
    [Trait("Number", "L04-028")]
    [Trait("Number", "L04-029")]
    public void The_gains()
    {
        Assert.Equal(1, Initialization.CalculateGain(Nonlinearity.Linear), 1e-6);
        Assert.Equal(1.414214, Initialization.CalculateGain(Nonlinearity.Relu), 1e-6);
        Assert.Equal(1.666667, Initialization.CalculateGain(Nonlinearity.Tanh), 1e-6);
        Assert.Equal(0.3043, Initialization.CalculateGain(Nonlinearity.Tanh) / Math.Sqrt(30), 1e-4);
    }

    [Theory]
    [Trait("Number", "L04-028")]
    [Trait("Number", "L04-030")]
    [InlineData(Nonlinearity.Relu, 50, 7, FanMode.FanIn, 0.2f)]
    [InlineData(Nonlinearity.Tanh, 30, 200, FanMode.FanIn, 0.3043f)]
    [InlineData(Nonlinearity.Relu, 30, 200, FanMode.FanOut, 0.1f)]
    public void Kaiming_divides_the_gain_by_the_root_of_the_fan(
        Nonlinearity nonlinearity, int inputs, int outputs, FanMode mode, float deviation)
    {
        Tensor weight = Initialization.KaimingNormal(
            Tensor.Zeros(outputs, inputs), mode: mode, nonlinearity: nonlinearity, generator: new RandomGenerator(1));
        Tensor unit = Initialization.Normal(Tensor.Zeros(outputs, inputs), generator: new RandomGenerator(1));

        Assert.True((unit * deviation).AllClose(weight, rtol: 1e-3f, atol: 1e-6f));
        Assert.Equal(deviation, weight.Norm().Item() / unit.Norm().Item(), 1e-4f);
    }

    [Fact]
    [Trait("Number", "L04-031")]
    public void Through_five_layers_with_ReLU_the_mean_square_stays()
    {
        RandomGenerator random = new(1);
        Tensor x = Tensor.Randn(random, 64, 1000);
        for (int layer = 0; layer < 5; layer++)
        {
            Tensor w = Initialization.KaimingNormal(
                Tensor.Zeros(1000, 1000), nonlinearity: Nonlinearity.Relu, generator: random);
            x = x.Linear(w).Relu();
        }

        Assert.Equal(1, x.Square().Mean().Item(), 0.4f);
    }

    [Fact]
    [Trait("Number", "L04-033")]
    public void Through_tanh_a_gradient_only_shrinks_and_at_the_ends_it_is_gone()
    {
        Tensor x = Tensor.Linspace(-20, 20, 401);
        x.RequiresGrad = true;
        Tensor t = x.Tanh();
        t.Sum().Backward();

        float[] factors = x.Grad!.ToArray();
        Assert.Equal((-1, 0), (t[0].Item(), factors[0]));
        Assert.Equal((1, 0), (t[^1].Item(), factors[^1]));
        Assert.Equal((0, 1), (t[200].Item(), factors[200]));
        Assert.Equal(1, factors.Max());
        Assert.True((1 - t.Detach().Square()).AllClose(x.Grad!, rtol: 1e-5f, atol: 1e-7f));
    }

    [Fact]
    [Trait("Number", "L04-034")]
    public void Gradients_in_flat_regions()
    {
        Assert.Equal(0, SlopeAt(-1, x => x.Relu()), 1e-6f);
        Assert.Equal(0.01f, SlopeAt(-1, x => x.LeakyRelu()), 1e-6f);
        Assert.Equal(0, SlopeAt(20, x => x.Sigmoid()), 1e-6f);
    }

    [Fact]
    [Trait("Number", "L04-036")]
    public void In_a_NoGrad_scope_results_require_no_gradient()
    {
        Tensor x = Tensor.Ones(3);
        x.RequiresGrad = true;
        using (Tensor.NoGrad())
        {
            Assert.False((x * 2).RequiresGrad);
        }

        Assert.True((x * 2).RequiresGrad);
    }

    [Fact]
    [Trait("Number", "L04-043")]
    public void A_constant_column_is_normalised_to_zeros()
    {
        Tensor x = Tensor.Randn(new RandomGenerator(1), 32, 3);
        x[.., 1].FillInPlace(7);

        float[] y = new BatchNorm1d(3, epsilon: 1e-5f).Forward(x).ToArray();
        Assert.All(y, value => Assert.True(float.IsFinite(value)));
        Assert.All(Enumerable.Range(0, 32), row => Assert.Equal(0, y[(row * 3) + 1], 1e-6f));
    }

    [Fact]
    [Trait("Number", "L04-049")]
    public void Tanh_has_no_parameters() => Assert.Equal(0, new Tanh().ParameterCount);

    [Fact]
    [Trait("Number", "L04-050")]
    public void A_linear_layer_of_the_library_starts_uniformly_and_smaller_by_the_root_of_three()
    {
        Tensor weight = new Linear(100, 1000, random: new RandomGenerator(1)).Weight.Detach();
        Assert.Equal(0.1f, weight.Abs().Max().Item(), 0.003f);
        Assert.Equal(0.0577f, weight.Std().Item(), 0.003f);
    }

    private static float SlopeAt(float value, Func<Tensor, Tensor> function)
    {
        Tensor x = Tensor.Scalar(value);
        x.RequiresGrad = true;
        function(x).Backward();
        return x.Grad!.Item();
    }
}
