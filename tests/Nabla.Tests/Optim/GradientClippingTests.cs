using Nabla.Optim;

namespace Nabla.Tests.Optim;

[Trait("Tier", "true")]
public sealed class GradientClippingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(100_003)]
    [InlineData(1_500_001)]
    public void The_norm_is_that_in_double_and_the_gradient_gets_the_largest_norm(int count)
    {
        Tensor parameter = WithGradient([.. Enumerable.Range(0, count).Select(i => 1 + (i % 7 * 0.25f))]);
        double expected = Norm(parameter.Grad!);

        Assert.Equal(expected, GradientClipping.ClipNorm([parameter], 0.5f), expected * 2e-7);
        Assert.Equal(0.5, Norm(parameter.Grad!), 1e-6);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(3e38f)]
    public void A_norm_that_is_not_finite_is_returned_and_nothing_scaled(float bad)
    {
        Tensor parameter = WithGradient([1, bad, 2]);

        Assert.False(float.IsFinite(GradientClipping.ClipNorm([parameter], 1)));
        Assert.Equal([1, bad, 2], parameter.Grad!.ToArray());
    }

    [Theory]
    [InlineData("adamw")]
    [InlineData("adam")]
    [InlineData("sgd")]
    public void A_step_that_scales_is_the_same_bits_as_one_after_clipping(string optimizer)
    {
        float[][] results = new float[2][];
        for (int way = 0; way < 2; way++)
        {
            Tensor parameter = WithGradient([.. Enumerable.Range(0, 1003).Select(i => 1 + (i % 7 * 0.3f))]);
            Optimizer steps = optimizer switch
            {
                "adamw" => new AdamW([parameter], weightDecay: 0.1f),
                "adam" => new Adam([parameter], weightDecay: 0.1f),
                _ => new Sgd([parameter], 0.1f),
            };
            if (way == 0)
            {
                Assert.True(GradientClipping.ClipNorm([parameter], 0.7f) > 0.7f);
                steps.Step();
            }
            else
            {
                GradientClipping.Measure([parameter], 0.7f, out float factor);
                steps.Step(factor);
            }

            results[way] = [.. parameter.ToArray(), .. steps.State.SelectMany(entry => entry.Value.ToArray())];
        }

        Assert.Equal(results[0], results[1]);
    }

    [Fact]
    public void A_parameter_without_a_gradient_does_not_count()
    {
        Tensor parameter = WithGradient([3, 4]);
        Tensor idle = WithGradient([100]);
        idle.ZeroGrad();

        Assert.Equal(5, GradientClipping.ClipNorm([idle, parameter, Tensor.Zeros(2)], float.PositiveInfinity));
        Assert.Equal([3, 4], parameter.Grad!.ToArray());
        Assert.Null(idle.Grad);
        Assert.Equal(0, GradientClipping.ClipNorm([idle], 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(float.NaN)]
    public void A_largest_norm_that_is_not_positive_is_an_error(float maxNorm)
        => Assert.Throws<ArgumentOutOfRangeException>(nameof(maxNorm), () => GradientClipping.ClipNorm([], maxNorm));

    private static Tensor WithGradient(float[] gradient)
    {
        Tensor parameter = Tensor.Zeros(gradient.Length);
        parameter.AddToGrad(Tensor.From(gradient));
        return parameter;
    }

    private static double Norm(Tensor x) => Math.Sqrt(x.ToArray().Sum(value => (double)value * value));
}
