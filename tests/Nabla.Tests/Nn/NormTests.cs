using Nabla.Nn;

namespace Nabla.Tests.Nn;

/// <summary>What the operation cases cannot say of the layers that normalise each example for itself.</summary>
[Trait("Tier", "true")]
public sealed class NormTests
{
    [Fact]
    public void One_group_is_layer_norm()
    {
        Tensor x = Tensor.Randn(new RandomGenerator(1), 4, 12);
        TensorAssert.Close(new LayerNorm(12).Forward(x), new GroupNorm(1, 12).Forward(x), 2e-5f);
    }

    [Fact]
    public void A_group_for_each_channel_normalises_over_the_places()
    {
        Tensor x = Tensor.Randn(new RandomGenerator(2), 3, 9, 4);
        Tensor expected = x.Transpose(1, 2).LayerNorm().Transpose(1, 2);
        TensorAssert.Close(expected, new GroupNorm(4, 4, affine: false).Forward(x), 2e-5f);
    }

    [Fact]
    public void Without_a_mean_rms_norm_is_layer_norm()
    {
        Tensor x = Tensor.Randn(new RandomGenerator(3), 5, 17);
        x -= x.Mean(-1, keepDim: true);
        TensorAssert.Close(new LayerNorm(17).Forward(x), new RmsNorm(17).Forward(x), 2e-5f);
    }

    [Fact]
    public void Layers_have_the_parameters_and_the_text_of_PyTorch()
    {
        Assert.Equal("GroupNorm(2, 6, eps=1e-05, affine=True)", new GroupNorm(2, 6).ToString());
        Assert.Equal("RmsNorm(6, eps=1e-06)", new RmsNorm(6, 1e-6f).ToString());
        Assert.Equal(["weight", "bias"], new GroupNorm(2, 6).NamedParameters().Select(pair => pair.Key));
        Assert.Equal(["weight"], new RmsNorm(6).NamedParameters().Select(pair => pair.Key));
        Assert.Empty(new GroupNorm(2, 6, affine: false).StateDict());
    }

    [Fact]
    public void Other_shapes_are_refused()
    {
        Says("GroupNorm: the input is [6]; it must be [N, 6] or [N, L, 6], channels last.", () => new GroupNorm(2, 6).Forward(Tensor.Ones(6)));
        Says(
            "GroupNorm: [2, 5] in 2 groups: the tensor must be [N, C] or [N, L, C] with C a multiple of the groups.",
            () => Tensor.Ones(2, 5).GroupNorm(2));
        Says("GroupNorm: a parameter is [5]; for an input of [2, 6] it must be [6].", () => Tensor.Ones(2, 6).GroupNorm(2, Tensor.Ones(5)));
        Says("RmsNorm: the weight is [5]; for an input of [2, 6] it must be [6].", () => Tensor.Ones(2, 6).RmsNorm(Tensor.Ones(5)));
        Says("RmsNorm: the tensor is a scalar; it needs a last dimension to normalise.", () => Tensor.Scalar(1).RmsNorm());
        Assert.StartsWith(
            "GroupNorm: 7 channels do not make 2 equal groups.",
            Assert.Throws<ArgumentException>(() => new GroupNorm(2, 7)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_batches_pass()
    {
        Assert.Equal(new Shape(0, 6), new GroupNorm(2, 6).Forward(Tensor.Zeros(0, 6)).Shape);
        Assert.Equal(new Shape(0, 6), new RmsNorm(6).Forward(Tensor.Zeros(0, 6)).Shape);
        BatchNorm1d norm = new(6);
        norm.Eval();
        Assert.Equal(new Shape(0, 6), norm.Forward(Tensor.Zeros(0, 6)).Shape);
    }

    private static void Says(string message, Func<Tensor> call) => Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);
}
