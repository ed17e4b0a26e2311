using Nabla.Nn;

namespace Nabla.Tests.Nn;

/// <summary>What the fourth and the sixth lecture say of layers, where it needs neither data nor training.</summary>
public sealed class LayerLectureTests
{
    [Theory]
    [Trait("Number", "L04-030")]
    [InlineData(Nonlinearity.Relu, FanMode.FanIn, 50, 0.2f)]
    [InlineData(Nonlinearity.Tanh, FanMode.FanIn, 30, 0.3043f)]
    [InlineData(Nonlinearity.Relu, FanMode.FanOut, 30, 0.1f)]
    public void Kaiming_numbers_are_normal_ones_times_the_gain_over_the_root_of_the_fan(
        Nonlinearity nonlinearity, FanMode mode, int inputs, float expected)
    {
        Tensor weight = Initialization.KaimingNormal(
            Tensor.Zeros(200, inputs), mode: mode, nonlinearity: nonlinearity, generator: new RandomGenerator(1));
        Tensor normal = Tensor.Randn(new RandomGenerator(1), 200, inputs);
        Assert.All(weight.ToArray().Zip(normal.ToArray()), pair => Assert.Equal(pair.Second * expected, pair.First, 2e-4f));
    }

    [Fact]
    [Trait("Number", "L04-031")]
    public void Five_rectified_layers_keep_the_size_of_what_flows_through()
    {
        RandomGenerator random = new(2);
        Tensor x = Tensor.Randn(random, 64, 1000);
        for (int layer = 0; layer < 5; layer++)
        {
            Tensor weight = Initialization.KaimingNormal(Tensor.Zeros(1000, 1000), nonlinearity: Nonlinearity.Relu, generator: random);
            x = x.Linear(weight).Relu();
        }

        Assert.Equal(1, x.Square().Mean().Item(), 0.4f);
    }

    [Fact]
    [Trait("Number", "L04-094")]
    public void Layers_written_out_as_in_the_lecture_do_the_same()
    {
        RandomGenerator random = new(3);
        Linear linear = new(30, 20, random: random);
        BatchNorm1d norm = new(20);
        norm.Forward((Tensor.Randn(random, 64, 20) * 2) + 1);
        norm.Eval();
        Tensor x = Tensor.Randn(random, 32, 30);
        Tensor y = new Sequential(linear, norm, new Tanh()).Forward(x);

        // The lecture keeps a weight as [in, out], and all else as rows.
        Tensor[] leaves = [Leaf(linear.Weight.Transpose(0, 1)), Leaf(linear.Bias!), Leaf(norm.Weight!), Leaf(norm.Bias!)];
        Tensor hidden = x.MatMul(leaves[0]) + leaves[1];
        hidden = (hidden - norm.RunningMean) / (norm.RunningVariance + 1e-5f).Sqrt();
        Tensor byHand = ((leaves[2] * hidden) + leaves[3]).Tanh();
        TensorAssert.Close(byHand, y, 1e-5f);

        Tensor dy = Tensor.Randn(random, 32, 20);
        y.Backward(dy);
        byHand.Backward(dy);
        TensorAssert.Close(leaves[0].Grad!, linear.Weight.Grad!.Transpose(0, 1), 1e-5f);
        TensorAssert.Close(leaves[1].Grad!, linear.Bias!.Grad!, 1e-5f);
        TensorAssert.Close(leaves[2].Grad!, norm.Weight!.Grad!, 1e-5f);
        TensorAssert.Close(leaves[3].Grad!, norm.Bias!.Grad!, 1e-5f);
    }

    [Fact]
    [Trait("Number", "L06-020")]
    public void An_embedding_adds_a_last_dimension_to_ids_of_any_shape()
    {
        Embedding embedding = new(27, 10);
        Assert.Equal(new Shape(4, 8, 10), embedding.Forward(IndexTensor.Zeros(4, 8)).Shape);
        Assert.Equal(new Shape(2, 3, 4, 10), embedding.Forward(IndexTensor.Zeros(2, 3, 4)).Shape);
        Assert.Equal(new Shape(27, 10), Assert.Single(embedding.Parameters()).Shape);
    }

    [Fact]
    [Trait("Number", "L06-022")]
    public void A_chain_applies_its_layers_in_order_and_owns_their_parameters()
    {
        Linear first = new(3, 5);
        Linear second = new(5, 2);
        Sequential chain = new(first, new Tanh(), second);
        Tensor x = Tensor.Randn(new RandomGenerator(4), 7, 3);
        Assert.Equal(second.Forward(first.Forward(x).Tanh()).ToArray(), chain.Forward(x).ToArray());
        Assert.Equal([.. first.Parameters(), .. second.Parameters()], chain.Parameters());
        Assert.Equal(first.ParameterCount + second.ParameterCount, chain.ParameterCount);
    }

    [Fact]
    [Trait("Number", "L06-023")]
    public void A_single_number_has_no_unbiased_variance() => Assert.True(float.IsNaN(Tensor.From([5]).Var().Item()));

    [Fact]
    [Trait("Number", "L06-026")]
    public void The_mode_reaches_every_layer_of_a_tree()
    {
        Sequential net = new(new Linear(3, 3), new BatchNorm1d(3), new Sequential(new BatchNorm1d(3), new Dropout(0.1f)));
        net.Eval();
        Assert.All(Below(net), module => Assert.False(module.IsTraining));
        net.Train();
        Assert.All(Below(net), module => Assert.True(module.IsTraining));
        Assert.Equal(6, Below(net).Count());
    }

    [Fact]
    [Trait("Number", "L06-002")]
    [Trait("Number", "L06-004")]
    public void The_flat_nets_have_the_parameters_of_the_lecture()
    {
        Assert.Equal(12_097, Flat(3).ParameterCount + 270);
        Assert.Equal(12_297, Flat(3, bias: true).ParameterCount + 270);
        Assert.Equal(22_097, Flat(8).ParameterCount + 270);
        Assert.Equal(22_297, Flat(8, bias: true).ParameterCount + 270);
        Assert.Equal(10_000, Flat(8).ParameterCount - Flat(3).ParameterCount);
    }

    [Fact]
    [Trait("Number", "L06-033")]
    [Trait("Number", "L06-034")]
    public void A_linear_layer_works_on_the_last_dimension_whatever_is_in_front()
    {
        Linear wide = new(80, 200);
        Assert.Equal(new Shape(4, 200), wide.Forward(Tensor.Zeros(4, 80)).Shape);
        Assert.Equal(new Shape(4, 5, 200), wide.Forward(Tensor.Zeros(4, 5, 80)).Shape);
        Assert.Equal(new Shape(2, 4, 5, 200), wide.Forward(Tensor.Zeros(2, 4, 5, 80)).Shape);

        Linear pairs = new(20, 200, random: new RandomGenerator(5));
        Tensor x = Tensor.Randn(new RandomGenerator(6), 4, 4, 20);
        Tensor y = pairs.Forward(x);
        Assert.Equal(new Shape(4, 4, 200), y.Shape);
        for (int row = 0; row < 4; row++)
        {
            TensorAssert.Close(x[row].MatMul(pairs.Weight.Transpose(0, 1)) + pairs.Bias!, y[row], 1e-6f);
        }
    }

    [Fact]
    [Trait("Number", "L06-037")]
    public void Joining_pairs_by_a_view_is_joining_even_and_odd_places()
    {
        Tensor x = Tensor.Randn(new RandomGenerator(7), 4, 8, 10);
        Tensor parts = Tensor.Cat([x.Slice(1, 0, 4, 2), x.Slice(1, 1, 4, 2)], 2);
        Assert.Equal(0, x.View(4, 4, 20).NotEqual(parts).Sum().Item());
    }

    [Fact]
    [Trait("Number", "L06-019")]
    [Trait("Number", "L06-039")]
    public void Views_and_squeezes_take_what_fits()
    {
        Tensor ten = Tensor.Arange(10);
        Assert.Throws<ShapeException>(() => ten.View(3, -1));
        Assert.Throws<ShapeException>(() => ten.View(3, 3));
        Tensor x = Tensor.Zeros(1, 4, 1, 5);
        Assert.Equal(new Shape(4, 5), x.Squeeze().Shape);
        Assert.Equal(new Shape(1, 4, 5), x.Squeeze(2).Shape);
        Assert.Equal(new Shape(1, 4, 1, 5), x.Squeeze(1).Shape);
    }

    [Fact]
    [Trait("Number", "L06-048")]
    public void One_context_gives_one_distribution_over_the_characters()
    {
        Embedding embedding = new(27, 10);
        Sequential net = Flat(8);
        net.Eval();
        Tensor probabilities = net.Forward(embedding.Forward(IndexTensor.Zeros(1, 8))).Softmax(-1);
        Assert.Equal(new Shape(1, 27), probabilities.Shape);
        Assert.Equal(1, probabilities.Sum().Item(), 1e-6f);
    }

    private static Sequential Flat(int context, bool bias = false)
        => new(new Flatten(), new Linear(context * 10, 200, bias), new BatchNorm1d(200), new Tanh(), new Linear(200, 27));

    private static IEnumerable<Module> Below(Module module) => [module, .. module.Children.SelectMany(child => Below(child.Value))];

    private static Tensor Leaf(Tensor values)
    {
        Tensor leaf = values.Detach().Clone();
        leaf.RequiresGrad = true;
        return leaf;
    }
}
