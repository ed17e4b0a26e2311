namespace Nabla.Tests.Ops;

/// <summary>Where elementwise functions could overflow, lose precision or be asked for what they cannot do.</summary>
[Trait("Tier", "true")]
public sealed class ElementwiseEdgeTests
{
    private static readonly float[] _large = [-1e30f, -1e10f, -200, -60, 60, 200, 1e10f, 1e30f];

    public static TheoryData<string, Func<Tensor, Tensor>> LinearFarFromZero => new()
    {
        { nameof(Tensor.Gelu), x => x.Gelu() },
        { nameof(Tensor.GeluExact), x => x.GeluExact() },
        { nameof(Tensor.Silu), x => x.Silu() },
        { nameof(Tensor.Relu), x => x.Relu() },
    };

    [Theory]
    [MemberData(nameof(LinearFarFromZero))]
    public void Activations_of_large_numbers_are_zero_or_the_number_itself(string name, Func<Tensor, Tensor> activation)
    {
        Tensor x = Leaf(_large);
        Tensor y = activation(x);
        y.Sum().Backward();
        Assert.True(Close(y, [0, 0, 0, 0, 60, 200, 1e10f, 1e30f], 1e-20), name);
        Assert.True(Close(x.Grad!, [0, 0, 0, 0, 1, 1, 1, 1], 1e-20), name);
    }

    [Fact]
    public void Gelu_and_silu_keep_their_relative_accuracy_where_they_are_tiny()
    {
        double u = Math.Sqrt(2 / Math.PI) * (-4 + (0.044715 * -64));
        double gelu = -4 / (1 + Math.Exp(-2 * u));
        Assert.Equal(1, Tensor.Scalar(-4).Gelu().Item() / gelu, 1e-5);
        Assert.Equal(1, Tensor.Scalar(-30).Silu().Item() / (-30 / (1 + Math.Exp(30))), 1e-5);
    }

    [Fact]
    public void NaN_goes_through_every_activation()
    {
        Tensor x = Tensor.Full(new Shape(35), float.NaN);
        Assert.All(
            new[]
            {
                x.Gelu(), x.GeluExact(), x.Silu(), x.Relu(), x.LeakyRelu(), x.Elu(), x.Sigmoid(), x.Tanh(), x.Abs(), x.Exp(),
                x.Log(), x.Sqrt(), x.Square(), x.Pow(3), x.Pow(1.5f), x.Clamp(-1, 1),
                Tensor.Maximum(x, Tensor.Zeros(1)), Tensor.Minimum(Tensor.Zeros(1), x),
            },
            y => Assert.All(y.ToArray(), value => Assert.Equal(float.NaN, value)));
    }

    [Fact]
    public void Clamp_with_its_bounds_the_wrong_way_round_is_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Tensor.Zeros(2).Clamp(0.5f, -1));
        Assert.StartsWith("Clamp: the lower bound 0.5 must not be above the upper bound -1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Tensor.Zeros(2).ClampInPlace(float.NaN));
    }

    [Fact]
    public void A_zeroth_power_has_no_gradient_even_at_zero()
    {
        Tensor x = Leaf([0, 2]);
        Tensor y = x.Pow(0);
        y.Sum().Backward();
        Assert.Equal([1, 1], y.ToArray());
        Assert.Equal([0, 0], x.Grad!.ToArray());
    }

    [Theory]
    [InlineData(-9f)]
    [InlineData(-8f)]
    [InlineData(-2f)]
    [InlineData(3f)]
    [InlineData(7f)]
    [InlineData(8f)]
    [InlineData(9f)]
    [InlineData(2.5f)]
    public void Powers_agree_with_those_in_double_precision(float exponent)
    {
        float[] values = [.. Enumerable.Range(1, 67).Select(i => i / 13f)];
        float[] powers = Tensor.From(values).Pow(exponent).ToArray();
        Assert.All(values.Zip(powers), pair => Assert.Equal(1, pair.Second / Math.Pow(pair.First, exponent), 1e-6));
    }

    [Fact]
    public void Masking_leaves_no_trace_of_what_was_masked()
    {
        Tensor x = Leaf([float.NaN, 1, float.PositiveInfinity]);
        Tensor mask = Tensor.From([1, 0, 1]);
        x.MaskedFill(mask, 5).Sum().Backward();
        Assert.Equal([5, 1, 5], x.MaskedFill(mask, 5).ToArray());
        Assert.Equal([0, 1, 0], x.Grad!.ToArray());
        Assert.Equal([7, 1, 7], Tensor.Where(mask, Tensor.Scalar(7), x).ToArray());
    }

    [Fact]
    public void A_mask_that_would_make_the_tensor_larger_is_refused()
        => Assert.Equal(
            "MaskedFill: the mask is [2, 3] and does not broadcast into [3].",
            Assert.Throws<ShapeException>(() => Tensor.Zeros(3).MaskedFill(Tensor.Zeros(2, 3), 1)).Message);

    [Fact]
    public void A_mask_changed_between_forward_and_backward_is_caught()
    {
        Tensor mask = Tensor.From([1, 0]);
        Tensor y = Leaf([1, 2]).MaskedFill(mask, 0);
        mask.ZeroInPlace();
        Assert.Throws<InvalidOperationException>(() => y.Sum().Backward());
    }

    [Fact]
    public void Triangles_of_tensors_without_rows_or_columns()
    {
        Assert.Equal("Tril: the tensor is [3]; a triangle needs at least two dimensions.",
            Assert.Throws<ShapeException>(() => Tensor.Zeros(3).Tril()).Message);
        Assert.Equal([0, 3], Tensor.Zeros(0, 3).Triu().Shape.ToArray());
        Assert.Equal([2, 0], Tensor.Zeros(2, 0).Tril().Shape.ToArray());
        Assert.Equal(Tensor.Ones(2, 2).ToArray(), Tensor.Ones(2, 2).Tril(int.MaxValue).ToArray());
        Assert.Equal(Tensor.Zeros(2, 2).ToArray(), Tensor.Ones(2, 2).Triu(int.MaxValue).ToArray());
    }

    private static bool Close(Tensor actual, float[] expected, double absolute)
        => actual.ToArray().Zip(expected, (a, b) => Math.Abs(a - b) <= absolute + (1e-6 * Math.Abs(b))).All(near => near);

    private static Tensor Leaf(float[] values)
    {
        Tensor x = Tensor.From(values);
        x.RequiresGrad = true;
        return x;
    }
}
