namespace Nabla.Tests.Ops;

[Trait("Tier", "true")]
public sealed class ComparisonTests
{
    private static readonly float[] _left = [1, 2, 3, float.NaN, 0, float.PositiveInfinity];
    private static readonly float[] _right = [1, 3, 2, float.NaN, -0f, float.PositiveInfinity];

    [Fact]
    public void Comparisons_give_one_where_they_hold_and_no_ordering_holds_for_NaN()
    {
        (Tensor a, Tensor b) = (Tensor.From(_left), Tensor.From(_right));
        Assert.Equal([1, 0, 0, 0, 1, 1], a.Equal(b).ToArray());
        Assert.Equal([0, 1, 1, 1, 0, 0], a.NotEqual(b).ToArray());
        Assert.Equal([0, 1, 0, 0, 0, 0], (a < b).ToArray());
        Assert.Equal([0, 0, 1, 0, 0, 0], (a > b).ToArray());
        Assert.Equal([1, 1, 0, 0, 1, 1], (a <= b).ToArray());
        Assert.Equal([1, 0, 1, 0, 1, 1], (a >= b).ToArray());
    }

    [Fact]
    public void Numbers_compare_as_tensors_do()
    {
        Tensor a = Tensor.From(_left);
        Tensor two = Tensor.Scalar(2);
        Assert.Equal(a.Equal(two).ToArray(), a.Equal(2).ToArray());
        Assert.Equal(a.NotEqual(two).ToArray(), a.NotEqual(2).ToArray());
        Assert.Equal((a < two).ToArray(), (a < 2).ToArray());
        Assert.Equal((a > two).ToArray(), (a > 2).ToArray());
        Assert.Equal((a <= two).ToArray(), (a <= 2).ToArray());
        Assert.Equal((a >= two).ToArray(), (a >= 2).ToArray());
    }

    [Fact]
    public void Every_lane_and_the_tail_compare_alike()
    {
        float[] rising = [.. Enumerable.Range(0, 67).Select(i => (float)i)];
        float[] falling = [.. rising.Reverse()];
        Assert.Equal(
            rising.Zip(falling, (a, b) => a < b ? 1f : 0f),
            (Tensor.From(rising) < Tensor.From(falling)).ToArray());
    }

    [Fact]
    public void A_row_and_a_column_compare_as_a_table()
        => Assert.Equal(
            Tensor.Ones(3, 3).Triu(1).ToArray(),
            (Tensor.From([0, 1, 2], 3, 1) < Tensor.From([0, 1, 2])).ToArray());

    [Fact]
    public void A_comparison_is_not_on_the_tape()
    {
        Tensor x = Tensor.Ones(2);
        x.RequiresGrad = true;
        Assert.False((x > 0).RequiresGrad);
    }

    [Fact]
    public void Shapes_that_do_not_broadcast_are_refused_by_name()
    {
        ShapeException error = Assert.Throws<ShapeException>(() => Tensor.Zeros(2, 3) >= Tensor.Zeros(2));
        Assert.StartsWith("GreaterEqual: ", error.Message, StringComparison.Ordinal);
    }
}
