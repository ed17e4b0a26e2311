using Nabla.Autograd;

namespace Nabla.Tests;

/// <summary>The judge of all gradients by hand must be able to say no.</summary>
public sealed class GradientComparisonTests
{
    [Fact]
    [Trait("Number", "L05-013")]
    public void Equal_gradients_are_exact_and_so_approximate_with_no_difference()
    {
        GradientComparison comparison = GradientComparison.Compare("x", Tensor.From([1, 2, 3]), WithGradient(1, 2, 3));
        Assert.True(comparison.IsExact);
        Assert.True(comparison.IsApproximate);
        Assert.Equal(0, comparison.LargestDifference);
        Assert.Equal("x              | exact: True  | approximate: True  | maxdiff: 0", comparison.ToString());
    }

    [Fact]
    [Trait("Number", "L05-014")]
    public void A_last_bit_makes_a_gradient_approximate()
    {
        GradientComparison comparison = GradientComparison.Compare("x", Tensor.From([1, MathF.BitIncrement(2), 3]), WithGradient(1, 2, 3));
        Assert.False(comparison.IsExact);
        Assert.True(comparison.IsApproximate);
        Assert.Equal(MathF.BitIncrement(2) - 2, comparison.LargestDifference);
        Assert.Equal("x              | exact: False | approximate: True  | maxdiff: 2.38E-07", comparison.ToString());
    }

    [Theory]
    [InlineData(2.001f, 0.001f)]
    [InlineData(-2, 4)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    public void A_wrong_element_is_found_and_its_distance_told(float element, float difference)
    {
        GradientComparison comparison = GradientComparison.Compare("x", Tensor.From([1, element, 3]), WithGradient(1, 2, 3));
        Assert.False(comparison.IsExact);
        Assert.False(comparison.IsApproximate);
        Assert.Equal(difference, comparison.LargestDifference, 1e-6f);
    }

    [Fact]
    public void Tolerances_are_the_callers()
    {
        Tensor tensor = WithGradient(1, 2, 3);
        Assert.True(GradientComparison.Compare("x", Tensor.From([1, 2.001f, 3]), tensor, rtol: 1e-3f).IsApproximate);
        Assert.True(GradientComparison.Compare("x", Tensor.From([1, 2.001f, 3]), tensor, rtol: 0, atol: 0.0011f).IsApproximate);
        Assert.False(GradientComparison.Compare("x", Tensor.From([1, 2.001f, 3]), tensor, rtol: 0, atol: 0.0009f).IsApproximate);
    }

    [Fact]
    [Trait("Number", "L05-015")]
    public void A_shape_that_would_broadcast_is_refused()
    {
        Tensor tensor = Tensor.Zeros(1, 64);
        tensor.RequiresGrad = true;
        (tensor * 2).Sum().Backward();

        Tensor byHand = Tensor.Full(new Shape(64), 2);
        Assert.Equal(0, (byHand - tensor.Grad!).Abs().Max().Item());
        GradientComparison comparison = GradientComparison.Compare("bnmeani", byHand, tensor);
        Assert.False(comparison.IsExact);
        Assert.False(comparison.IsApproximate);
        Assert.Equal(float.NaN, comparison.LargestDifference);
        Assert.Equal("bnmeani        | shape [64], must be [1, 64]", comparison.ToString());
        Assert.True(GradientComparison.Compare("bnmeani", byHand.View(1, 64), tensor).IsExact);
    }

    [Fact]
    public void A_tensor_without_a_gradient_is_an_error_that_says_what_to_do()
    {
        Tensor x = Tensor.Ones(3);
        x.RequiresGrad = true;
        Tensor y = x * 2;
        y.Sum().Backward();
        var error = Assert.Throws<InvalidOperationException>(() => GradientComparison.Compare("y", Tensor.Ones(3), y));
        Assert.Contains("RetainGrad()", error.Message, StringComparison.Ordinal);
    }

    private static Tensor WithGradient(params float[] gradient)
    {
        Tensor tensor = Tensor.Zeros(gradient.Length);
        tensor.RequiresGrad = true;
        (tensor * Tensor.From(gradient)).Sum().Backward();
        return tensor;
    }
}
