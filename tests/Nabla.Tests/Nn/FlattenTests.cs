using Nabla.Nn;

namespace Nabla.Tests.Nn;

/// <summary>The layers that join dimensions.</summary>
public sealed class FlattenTests
{
    [Fact]
    [Trait("Number", "L06-021")]
    public void Flatten_makes_a_row_of_each_example_without_a_copy()
    {
        Tensor x = Tensor.Zeros(4, 8, 10);
        Tensor y = new Flatten().Forward(x);
        Assert.Equal(new Shape(4, 80), y.Shape);
        x.FillInPlace(3);
        Assert.All(y.ToArray(), value => Assert.Equal(3, value));
    }

    [Fact]
    [Trait("Number", "L06-035")]
    public void Neighbours_are_joined_and_a_last_single_place_goes()
    {
        FlattenConsecutive pairs = new(2);
        Assert.Equal(new Shape(4, 4, 20), pairs.Forward(Tensor.Zeros(4, 8, 10)).Shape);
        Assert.Equal(new Shape(4, 2, 400), pairs.Forward(Tensor.Zeros(4, 4, 200)).Shape);
        Assert.Equal(new Shape(4, 400), pairs.Forward(Tensor.Zeros(4, 2, 200)).Shape);

        Tensor x = Tensor.Arange(2 * 4 * 3).View(2, 4, 3);
        Tensor expected = Tensor.Cat([x.Slice(1, 0, 2, 2), x.Slice(1, 1, 2, 2)], -1);
        Assert.Equal(expected.ToArray(), pairs.Forward(x).ToArray());
        Assert.Equal("FlattenConsecutive(2)", pairs.ToString());
    }

    [Fact]
    [Trait("Number", "L06-038")]
    public void Joining_all_places_is_flattening()
    {
        Tensor x = Tensor.Randn(new RandomGenerator(1), 4, 8, 10);
        Tensor y = new FlattenConsecutive(8).Forward(x);
        Assert.Equal(new Shape(4, 80), y.Shape);
        Assert.Equal(new Flatten().Forward(x).ToArray(), y.ToArray());
    }

    [Fact]
    [Trait("Number", "L06-036")]
    public void Places_that_cannot_be_shared_out_are_refused()
    {
        Assert.Equal(
            "FlattenConsecutive: the input is [4, 7, 10]; it must be [B, T, C] with T a multiple of 2.",
            Assert.Throws<ShapeException>(() => new FlattenConsecutive(2).Forward(Tensor.Zeros(4, 7, 10))).Message);
        Assert.Throws<ShapeException>(() => new FlattenConsecutive(2).Forward(Tensor.Zeros(8, 10)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlattenConsecutive(0));
    }

    [Fact]
    [Trait("Number", "L06-032")]
    public void The_flat_net_has_the_shapes_of_the_lecture()
    {
        Tensor x = new Embedding(27, 10).Forward(IndexTensor.Zeros(4, 8));
        Assert.Equal(new Shape(4, 8, 10), x.Shape);
        x = new Flatten().Forward(x);
        Assert.Equal(new Shape(4, 80), x.Shape);
        Assert.Equal(new Shape(4, 200), new Linear(80, 200).Forward(x).Shape);
    }

    [Fact]
    [Trait("Number", "L06-040")]
    public void The_tree_has_the_shapes_of_the_lecture()
    {
        Sequential tree = Tree(200);
        Assert.Equal(13, tree.Children.Count); // 14 with the embedding in front
        Assert.IsType<BatchNorm1d>(tree.Children[2].Value);
        Tensor x = new Embedding(27, 10).Forward(IndexTensor.Zeros(4, 8));
        List<string> shapes = [];
        foreach ((_, Module layer) in tree.Children)
        {
            x = ((Layer)layer).Forward(x);
            shapes.Add(x.Shape.ToString());
        }

        Assert.Equal(
            [
                "[4, 4, 20]", "[4, 4, 200]", "[4, 4, 200]", "[4, 4, 200]",
                "[4, 2, 400]", "[4, 2, 200]", "[4, 2, 200]", "[4, 2, 200]",
                "[4, 400]", "[4, 200]", "[4, 200]", "[4, 200]", "[4, 27]",
            ],
            shapes);
    }

    [Fact]
    [Trait("Number", "L06-029")]
    public void An_example_without_a_batch_is_refused()
    {
        Embedding embedding = new(27, 10);
        Sequential flat = new(new Flatten(), new Linear(80, 27));
        Sequential tree = Tree(68);
        tree.Eval();
        Tensor alone = embedding.Forward(IndexTensor.Zeros(8));
        Tensor batch = embedding.Forward(IndexTensor.Zeros(1, 8));
        Assert.Throws<ShapeException>(() => flat.Forward(alone));
        Assert.Throws<ShapeException>(() => tree.Forward(alone));
        Assert.Equal(new Shape(1, 27), flat.Forward(batch).Shape);
        Assert.Equal(new Shape(1, 27), tree.Forward(batch).Shape);
    }

    [Fact]
    [Trait("Number", "L06-006")]
    [Trait("Number", "L06-009")]
    public void The_tree_has_the_parameters_of_the_lecture()
    {
        Assert.Equal(22_397, Tree(68).ParameterCount + (27 * 10));
        Assert.Equal(22_601, Tree(68, bias: true).ParameterCount + (27 * 10));
        Assert.Equal(76_579, Tree(128, width: 24).ParameterCount + (27 * 24));
        Assert.Equal(76_963, Tree(128, bias: true, width: 24).ParameterCount + (27 * 24));
    }

    private static Sequential Tree(int hidden, bool bias = false, int width = 10)
    {
        List<Layer> layers = [];
        foreach (int inputs in (int[])[width, hidden, hidden])
        {
            layers.AddRange(
                [new FlattenConsecutive(2), new Linear(2 * inputs, hidden, bias), new BatchNorm1d(hidden), new Tanh()]);
        }

        return new Sequential([.. layers, new Linear(hidden, 27)]);
    }
}
