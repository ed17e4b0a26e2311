namespace Nabla.Tests.Ops;

/// <summary>What the operation cases cannot say of means, spreads, extremes, norms and running sums.</summary>
[Trait("Tier", "true")]
public class ReductionTests
{
    private const float Infinity = float.PositiveInfinity;
    private const float NaN = float.NaN;

    [Fact]
    public void The_mean_of_ones_is_one()
    {
        // Multiplying by a rounded 1 / n would miss it for some n, 41 being the first.
        Assert.All(Enumerable.Range(1, 200), n => Assert.Equal(1, Tensor.Ones(n).Mean().Item()));
    }

    [Fact]
    public void The_variance_of_numbers_near_a_million_keeps_its_precision_and_so_does_its_gradient()
    {
        float[] values = [.. Enumerable.Range(0, 1001).Select(i => 1_000_000f + (0.0625f * (i * 37 % 101)))];
        double mean = values.Average(value => (double)value);
        double variance = values.Sum(value => (value - mean) * (value - mean)) / 1000;
        Tensor x = Leaf(values);
        Tensor y = x.Var();
        y.Backward();
        Assert.InRange(y.Item(), variance * (1 - 1e-5), variance * (1 + 1e-5));
        Assert.All(x.Grad!.ToArray().Zip(values), pair
            => Assert.InRange(pair.First, (2 * (pair.Second - mean) / 1000) - 1e-7, (2 * (pair.Second - mean) / 1000) + 1e-7));
    }

    [Fact]
    public void What_no_element_says_anything_about_is_what_PyTorch_says_it_is()
    {
        Tensor none = Tensor.Zeros(3, 0);
        Assert.Equal([NaN, NaN, NaN], none.Mean(1).ToArray());
        Assert.Equal(NaN, none.Mean().Item());
        Assert.Empty(none.Mean(0).ToArray());
        Assert.Equal([NaN, NaN, NaN], none.Var(1).ToArray());
        Assert.Equal([0, 0, 0], none.Norm(1).ToArray());
        Assert.Equal([-Infinity, -Infinity, -Infinity], none.LogSumExp(1).ToArray());
        Assert.Equal(new Shape(3, 0), none.CumSum(1).Shape);
        Assert.Equal(new Shape(3, 0), none.CumSum(0).Shape);
        Assert.Equal(new Shape(0), none.Max(0).Values.Shape);
        Assert.Equal(NaN, Tensor.Ones(1).Std().Item());
        Assert.Equal(0, Tensor.Ones(1).Std(unbiased: false).Item());
    }

    [Fact]
    public void Equal_elements_have_no_spread_and_no_gradient()
    {
        Tensor x = Leaf([2, 2, 2]);
        x.Std().Backward();
        Assert.Equal([0, 0, 0], x.Grad!.ToArray());
        Tensor zeros = Leaf([0, 0, 0]);
        zeros.Norm().Backward();
        Assert.Equal([0, 0, 0], zeros.Grad!.ToArray());
    }

    [Fact]
    public void Reduced_dimensions_go_or_stay_with_size_1()
    {
        Tensor x = Tensor.Zeros(2, 3, 4);
        Assert.Equal(new Shape(2, 4), x.Var(1).Shape);
        Assert.Equal(new Shape(2, 1, 4), x.Var(1, keepDim: true).Shape);
        Assert.Equal(new Shape(3), x.Mean([0, -1]).Shape);
        Assert.Equal(new Shape(1, 3, 1), x.Std([0, -1], keepDim: true).Shape);
        Assert.Equal(new Shape(1, 1, 1), x.Norm([], keepDim: true).Shape);
        Assert.Equal(new Shape(2, 3, 1), x.ArgMax(-1, keepDim: true).Shape);
        Assert.Equal(new Shape(), x.ArgMin().Shape);
        Assert.Equal(new Shape(2, 4), x.Min(1).Indices.Shape);
    }

    [Fact]
    public void The_first_of_equal_extremes_is_the_one_found()
    {
        Tensor x = Tensor.From([3, 1, 3, 1, 0, 3, 3, 0], 2, 4);
        Assert.Equal([0, 1], x.ArgMax(1).ToArray());
        Assert.Equal([1, 0], x.ArgMin(1).ToArray());
        Assert.Equal([0, 1, 0, 0], x.ArgMax(0).ToArray());
        Assert.Equal([1, 0, 0, 1], x.ArgMin(0).ToArray());
        Assert.Equal(0, x.ArgMax().Item());
        Assert.Equal(4, x.ArgMin().Item());
        Assert.Equal(1, x.Transpose(0, 1).ArgMin().Item());
    }

    [Fact]
    public void Nan_is_an_extreme_that_is_found()
    {
        Tensor x = Tensor.From([1, NaN, 3]);
        Assert.Equal(NaN, x.Max().Item());
        Assert.Equal(NaN, x.Min().Item());
        Assert.Equal(1, x.ArgMax().Item());
        Assert.Equal(1, x.ArgMin(0).Item());
        Assert.Equal(NaN, x.Max(0).Values.Item());
    }

    [Fact]
    public void An_extreme_of_infinities_is_found()
    {
        Tensor x = Tensor.From([-Infinity, -Infinity, Infinity, 5], 2, 2);
        Assert.Equal([-Infinity, Infinity], x.Max(1).Values.ToArray());
        Assert.Equal([0, 0], x.Max(1).Indices.ToArray());
        Assert.Equal([-Infinity, 5], x.Min(1).Values.ToArray());
        Assert.Equal([0, 1], x.Min(1).Indices.ToArray());
    }

    [Fact]
    public void A_running_sum_of_many_numbers_keeps_its_precision()
    {
        Tensor x = Tensor.Full(new Shape(100_000), 0.1f);
        Assert.InRange(x.CumSum(0).ToArray()[^1], 10_000 - 0.001f, 10_000 + 0.001f);
    }

    [Fact]
    public void Indices_overwritten_before_backward_are_noticed()
    {
        Tensor x = Leaf([1, 2, 3]);
        (Tensor values, IndexTensor indices) = x.Max(0);
        indices.CopyFrom([1_000_000]);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => values.Backward());
        Assert.Equal(
            "Backward: the ids of shape [] that Extreme needs for its gradient were overwritten after they were used; overwrite a " +
            "copy, or do it after Backward.",
            error.Message);
    }

    [Fact]
    public void Errors_name_the_operation_and_the_shape()
    {
        Tensor x = Tensor.Zeros(2, 0);
        Says("Max: [2, 0] has no elements to choose from.", () => x.Max());
        Says("Min: [2, 0] has no elements to choose from.", () => x.Min());
        Says("ArgMax: [2, 0] has no elements to choose from.", () => x.ArgMax());
        Says("ArgMin: [2, 0] has no elements along dimension -1 to choose from.", () => x.ArgMin(-1));
        Says("Max: [2, 0] has no elements along dimension 1 to choose from.", () => x.Max(1));
        Says("Mean: dimension 2 does not exist in [2, 0]; it must be from -2 to 1.", () => x.Mean(2));
        Says("Var: dimension -3 does not exist in [2, 0]; it must be from -2 to 1.", () => x.Var(-3));
        Says("Std: dimension 1 of [2, 0] is named twice.", () => x.Std([-1, 1]));
        Says("Norm: dimension 0 does not exist: the tensor is a scalar.", () => Tensor.Scalar(1).Norm(0));
        Says("CumSum: dimension 2 does not exist in [2, 0]; it must be from -2 to 1.", () => x.CumSum(2));
        Says("AllClose: [2, 0] against [2]; the shapes must be equal.", () => x.AllClose(Tensor.Zeros(2)));
    }

    [Fact]
    public void AllClose_allows_an_error_relative_to_the_other_side()
    {
        Tensor x = Tensor.From([1, 100, 0]);
        Assert.True(x.AllClose(Tensor.From([1, 100, 0])));
        Assert.True(x.AllClose(Tensor.From([1.000005f, 100.0005f, 1e-9f])));
        Assert.False(x.AllClose(Tensor.From([1.00005f, 100, 0])));
        Assert.False(x.AllClose(Tensor.From([1, 100, 1e-7f])));
        Assert.True(x.AllClose(Tensor.From([1, 100, 1e-7f]), atol: 1e-6f));
        Assert.True(x.AllClose(Tensor.From([1.1f, 109, 0]), rtol: 0.1f));
        Assert.False(x.AllClose(Tensor.From([1.1f, 89, 0]), rtol: 0.1f));
        Assert.True(Tensor.From([1, 2, 3, 4], 2, 2).Transpose(0, 1).AllClose(Tensor.From([1, 3, 2, 4], 2, 2)));
    }

    [Fact]
    public void AllClose_takes_infinity_as_itself_only_and_nan_never()
    {
        Tensor infinite = Tensor.From([Infinity, -Infinity]);
        Assert.True(infinite.AllClose(infinite));
        Assert.False(infinite.AllClose(Tensor.From([Infinity, Infinity])));
        Assert.False(infinite.AllClose(Tensor.From([Infinity, -1])));
        Assert.False(Tensor.From([1, -1]).AllClose(infinite));
        Assert.False(Tensor.From([NaN]).AllClose(Tensor.From([NaN])));
        Assert.True(Tensor.Zeros(0).AllClose(Tensor.Zeros(0)));
    }

    private static Tensor Leaf(float[] values)
    {
        Tensor x = Tensor.From(values);
        x.RequiresGrad = true;
        return x;
    }

    private static void Says(string message, Func<object> call) => Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);
}
