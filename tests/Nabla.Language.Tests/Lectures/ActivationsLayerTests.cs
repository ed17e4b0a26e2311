using Nabla.Nn;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The fourth lecture's own modules: what they are made of, beside those of the library.</summary>
public sealed class ActivationsLayerTests
{
    [Fact]
    [Trait("Number", "L04-045")]
    public void A_linear_layer_starts_at_1_over_the_root_of_its_inputs()
    {
        ActivationsLinear layer = new(new RandomGenerator(1), 100, 1000);

        Assert.Equal(0.1f, layer.Weight.Std().Item(), 0.005f);
        Assert.All(layer.Bias!.ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(2, layer.Parameters.Length);
        Assert.Single(new ActivationsLinear(new RandomGenerator(1), 100, 200, bias: false).Parameters);
        Assert.Empty(new ActivationsTanh().Parameters);
    }

    [Fact]
    [Trait("Number", "L04-051")]
    [Trait("Number", "L04-052")]
    [Trait("Number", "L04-085")]
    public void Parameters_of_the_deep_network()
    {
        Assert.Equal(46_497, new ActivationsDeepNetwork().ParameterCount);
        Assert.Equal(172_697, new ActivationsDeepNetwork(hiddenWidth: 200).ParameterCount);
        Assert.Equal(47_024, new ActivationsDeepNetwork(norm: true).ParameterCount);
    }

    [Fact]
    [Trait("Number", "L04-070")]
    public void Linear_layers_without_a_bend_are_one_linear_layer()
    {
        RandomGenerator random = new(1);
        Tensor x = Tensor.Randn(random, 32, 30);
        Tensor y = x;
        Tensor weight = Tensor.Eye(30);
        Tensor bias = Tensor.Zeros(30);
        for (int i = 0; i < 5; i++)
        {
            ActivationsLinear layer = new(random, i == 0 ? 30 : 100, 100);
            layer.Bias!.CopyInPlace(Tensor.Randn(random, 100));
            y = layer.Forward(y);
            weight = weight.MatMul(layer.Weight);
            bias = bias.MatMul(layer.Weight) + layer.Bias!;
        }

        Assert.InRange((x.MatMul(weight) + bias - y).Abs().Max().Item(), 0, 1e-4f);
    }

    [Fact]
    [Trait("Number", "L04-094")]
    public void They_compute_what_those_of_the_library_compute()
    {
        RandomGenerator random = new(1);
        ActivationsLinear linear = new(random, 30, 20);
        linear.Bias!.CopyInPlace(Tensor.Randn(random, 20));
        Linear library = new(30, 20);
        library.Weight.Detach().CopyInPlace(linear.Weight.Transpose(0, 1));
        library.Bias!.Detach().CopyInPlace(linear.Bias!);
        AssertSame(linear, library, Tensor.Randn(random, 32, 30));

        AssertSame(new ActivationsTanh(), new Tanh(), Tensor.Randn(random, 32, 20));

        ActivationsBatchNorm1d norm = new(20) { IsTraining = false };
        norm.Gamma.CopyInPlace(Tensor.Randn(random, 20));
        norm.RunningMean.CopyInPlace(Tensor.Randn(random, 20));
        norm.RunningVariance.CopyInPlace(Tensor.Rand(random, 20) + 0.5f);
        BatchNorm1d libraryNorm = new(20);
        libraryNorm.Eval();
        libraryNorm.Weight!.Detach().CopyInPlace(norm.Gamma);
        libraryNorm.RunningMean.CopyInPlace(norm.RunningMean);
        libraryNorm.RunningVariance.CopyInPlace(norm.RunningVariance);
        AssertSame(norm, libraryNorm, Tensor.Randn(random, 32, 20));
    }

    /// <summary>The same outputs, gradients of the input and of the parameters; the library's weights are [out, in].</summary>
    private static void AssertSame(ActivationsLayer lecture, Layer library, Tensor x)
    {
        foreach (Tensor parameter in lecture.Parameters)
        {
            parameter.RequiresGrad = true;
        }

        (Tensor left, Tensor right) = (x.Clone(), x.Clone());
        (left.RequiresGrad, right.RequiresGrad) = (true, true);
        (Tensor ours, Tensor theirs) = (lecture.Forward(left), library.Forward(right));
        Tensor dy = Tensor.Randn(new RandomGenerator(2), ours.Count).View(ours.Shape);
        ours.Backward(dy);
        theirs.Backward(dy);

        AssertClose(theirs, ours);
        AssertClose(right.Grad!, left.Grad!);
        Assert.Equal(lecture.Parameters.Length, library.Parameters().Count);
        foreach ((Tensor own, Tensor other) in lecture.Parameters.Zip(library.Parameters()))
        {
            AssertClose(other.Grad!, own.Rank == 2 ? own.Grad!.Transpose(0, 1) : own.Grad!);
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual)
        => Assert.InRange((expected.Detach() - actual.Detach()).Abs().Max().Item(), 0, 1e-5f);
}
