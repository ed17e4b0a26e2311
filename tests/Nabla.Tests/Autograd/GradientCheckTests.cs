using Nabla.Autograd;

namespace Nabla.Tests.Autograd;

public sealed class GradientCheckTests
{
    [Fact]
    public void A_right_gradient_passes_and_the_inputs_are_left_as_they_were()
    {
        Tensor x = Leaf();
        Assert.InRange(GradientCheck.Verify(() => (x * x).Tanh(), [x]), 0, 1e-2);
        Assert.Equal([0.5f, -1.25f, 2], x.ToArray());
        Assert.Null(x.Grad);
    }

    [Fact]
    public void A_missing_term_is_found()
    {
        Tensor x = Leaf();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => GradientCheck.Verify(() => x * x.Detach(), [x]));
        Assert.Contains("input 0, of shape [3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_the_result_does_not_depend_on_is_named()
    {
        Tensor x = Leaf();
        Tensor unused = Leaf();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => GradientCheck.Verify(() => x.Tanh(), [x, unused]));
        Assert.Contains("no gradient came to input 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_without_a_gradient_is_refused()
        => Assert.Throws<ArgumentException>(() => GradientCheck.Verify(() => Leaf(), [Tensor.Zeros(2)]));

    private static Tensor Leaf()
    {
        Tensor x = Tensor.From([0.5f, -1.25f, 2]);
        x.RequiresGrad = true;
        return x;
    }
}
