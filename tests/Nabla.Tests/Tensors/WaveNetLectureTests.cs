using Nabla.Nn;

namespace Nabla.Tests.Tensors;

/// <summary>What the sixth lecture shows of tensors and modules by themselves: views, products of many dimensions, containers.</summary>
public sealed class WaveNetLectureTests
{
    [Fact]
    [Trait("Number", "L06-018")]
    public void A_view_fills_row_after_row_and_infers_one_size()
    {
        Tensor ten = Tensor.Arange(10);

        Assert.Equal([0, 1, 2, 3, 4], ten.View(2, 5)[0].ToArray());
        Assert.Equal([5, 6, 7, 8, 9], ten.View(2, 5)[1].ToArray());
        Assert.Equal(new Shape(5, 2), ten.View(5, 2).Shape);
        Assert.Equal(new Shape(2, 5), ten.View(-1, 5).Shape);
        Assert.Equal(new Shape(5, 2), ten.View(5, -1).Shape);
    }

    [Fact]
    [Trait("Number", "L06-019")]
    public void Ten_elements_make_no_three_rows()
    {
        Tensor ten = Tensor.Arange(10);

        Assert.Throws<ShapeException>(() => ten.View(3, -1));
        Assert.Throws<ShapeException>(() => ten.View(3, 3));
    }

    [Fact]
    [Trait("Number", "L06-016")]
    public void A_long_curve_is_smoothed_by_the_mean_of_each_thousand()
    {
        Tensor losses = Tensor.Arange(200_000).View(-1, 1000);
        Tensor smoothed = losses.Mean(1);

        Assert.Equal(new Shape(200, 1000), losses.Shape);
        Assert.Equal(new Shape(200), smoothed.Shape);
        Assert.Equal(499.5f, smoothed[0].Item());
        Assert.Equal(1499.5f, smoothed[1].Item());
    }

    [Fact]
    [Trait("Number", "L06-020")]
    public void An_embedding_adds_a_dimension_to_ids_of_any_shape()
    {
        Embedding embedding = new(27, 10, new RandomGenerator(1));

        Assert.Equal(new Shape(4, 8, 10), embedding.Forward(IndexTensor.Zeros(4, 8)).Shape);
        Assert.Equal(new Shape(5, 10), embedding.Forward(IndexTensor.Zeros(5)).Shape);
        Assert.Equal(new Shape(2, 3, 4, 10), embedding.Forward(IndexTensor.Zeros(2, 3, 4)).Shape);
        Assert.Equal(embedding.Weight[7].ToArray(), embedding.Forward(IndexTensor.From([3, 7], 1, 2))[0, 1].ToArray());
        Assert.Same(embedding.Weight, Assert.Single(embedding.Parameters()));
    }

    [Fact]
    [Trait("Number", "L06-022")]
    public void A_chain_applies_its_layers_in_order_and_owns_their_parameters()
    {
        RandomGenerator random = new(2);
        Layer[] layers = [new Flatten(), new Linear(80, 20, bias: false, random), new BatchNorm1d(20), new Tanh(), new Linear(20, 27, random: random)];
        Sequential chain = new(layers);
        Tensor x = Tensor.Randn(random, 4, 8, 10);

        Assert.Equal(layers.Aggregate(x, (input, layer) => layer.Forward(input)).ToArray(), chain.Forward(x).ToArray());
        Assert.Equal(layers.SelectMany(layer => layer.Parameters()), chain.Parameters());
        Assert.Equal(layers.Sum(layer => layer.ParameterCount), chain.ParameterCount);
    }

    [Fact]
    [Trait("Number", "L06-026")]
    public void The_mode_of_a_chain_reaches_every_layer()
    {
        Sequential chain = new(new Linear(4, 4), new BatchNorm1d(4), new Sequential(new Tanh(), new BatchNorm1d(4)));
        Module[] all = [chain, .. chain.Children.Select(child => child.Value), .. chain.Children[2].Value.Children.Select(child => child.Value)];

        Assert.Equal(6, all.Length);
        chain.Eval();
        Assert.All(all, module => Assert.False(module.IsTraining));
        chain.Train();
        Assert.All(all, module => Assert.True(module.IsTraining));
    }

    [Fact]
    [Trait("Number", "L06-023")]
    public void A_single_number_has_no_unbiased_variance()
        => Assert.True(float.IsNaN(Tensor.From([5f]).Var(0, unbiased: true).Item()));

    [Fact]
    [Trait("Number", "L06-033")]
    public void A_linear_layer_maps_the_last_dimension_and_leaves_the_others()
    {
        Tensor weight = Tensor.Randn(new RandomGenerator(3), 80, 200);
        Tensor bias = Tensor.Randn(new RandomGenerator(4), 200);
        Linear linear = new(80, 200);
        foreach (Shape leading in (Shape[])[new(4), new(4, 5), new(2, 4, 5)])
        {
            Tensor x = Tensor.Ones([.. leading.ToArray(), 80]);
            Shape expected = new([.. leading.ToArray(), 200]);

            Assert.Equal(expected, (x.MatMul(weight) + bias).Shape);
            Assert.Equal(expected, linear.Forward(x).Shape);
        }
    }

    [Fact]
    [Trait("Number", "L06-034")]
    public void Groups_are_multiplied_each_for_itself()
    {
        RandomGenerator random = new(5);
        Tensor x = Tensor.Randn(random, 4, 4, 20);
        Tensor weight = Tensor.Randn(random, 20, 200);
        Tensor bias = Tensor.Randn(random, 200);
        Tensor all = x.MatMul(weight) + bias;

        Assert.Equal(new Shape(4, 4, 200), all.Shape);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(0, (all[i] - (x[i].MatMul(weight) + bias)).Abs().Max().Item(), 1e-5f); // of sums of about 4.5
        }
    }

    [Fact]
    [Trait("Number", "L06-037")]
    public void A_view_puts_neighbours_side_by_side_as_joining_even_and_odd_places_does()
    {
        Tensor x = Tensor.Randn(new RandomGenerator(6), 4, 8, 10);
        Tensor joined = Tensor.Cat([x.Slice(1, 0, 4, 2), x.Slice(1, 1, 4, 2)], dim: 2);

        Assert.Equal(new Shape(4, 4, 20), joined.Shape);
        Assert.Equal(0, x.View(4, 4, 20).ToArray().Zip(joined.ToArray()).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    [Trait("Number", "L06-039")]
    public void Squeeze_takes_all_dimensions_of_one_or_the_one_that_is_named()
    {
        Tensor x = Tensor.Zeros(1, 4, 1, 5);

        Assert.Equal(new Shape(4, 5), x.Squeeze().Shape);
        Assert.Equal(new Shape(1, 4, 5), x.Squeeze(2).Shape);
        Assert.Equal(new Shape(1, 4, 1, 5), x.Squeeze(1).Shape);
    }

    [Theory]
    [Trait("Number", "L06-041")]
    [InlineData(3, 8)]
    [InlineData(4, 16)]
    public void A_tree_of_pairs_sees_two_to_the_power_of_its_levels(int levels, int expected)
    {
        Tensor x = Tensor.Randn(new RandomGenerator(7), 1, 32, 3);
        x.RequiresGrad = true;
        Tensor y = x;
        for (int level = 0; level < levels; level++)
        {
            y = new FlattenConsecutive(2).Forward(y);
        }

        (y.Rank == 2 ? y[0] : y[0, 1]).Sum().Backward();
        int[] seen = [.. Enumerable.Range(0, 32).Where(place => x.Grad![0, place].Abs().Sum().Item() > 0)];
        Assert.Equal(expected, seen.Length);

        // The same for convolutions with dilations 1, 2, 4...: one more than the distances of their second taps together.
        Assert.Equal(expected, 1 + Enumerable.Range(0, levels).Sum(level => new CausalConv1d(1, 1, 2, 1 << level).ReceptiveField - 1));
    }

    [Fact]
    [Trait("Number", "L06-042")]
    public void Walking_through_the_layers_shows_what_each_puts_out()
    {
        Embedding embedding = new(27, 10);
        Sequential tree = new(
            new FlattenConsecutive(2), new Linear(20, 200, bias: false), new BatchNorm1d(200), new Tanh(),
            new FlattenConsecutive(2), new Linear(400, 200, bias: false), new BatchNorm1d(200), new Tanh(),
            new FlattenConsecutive(2), new Linear(400, 200, bias: false), new BatchNorm1d(200), new Tanh(),
            new Linear(200, 27));
        IndexTensor ids = IndexTensor.Zeros(4, 8);
        List<(string Layer, Tensor Output)> outputs = [("Embedding", embedding.Forward(ids))];
        foreach ((_, Module layer) in tree.Children)
        {
            outputs.Add((layer.GetType().Name, ((Layer)layer).Forward(outputs[^1].Output)));
        }

        Assert.Equal(14, outputs.Count);
        Assert.Equal("BatchNorm1d", outputs[3].Layer);
        Assert.Equal(tree.Forward(outputs[0].Output).ToArray(), outputs[^1].Output.ToArray());
    }
}
