namespace Nabla.Scalar.Tests;

/// <summary>What a derivative is: how a result moves when one input is moved a little. Rows L01-001 to L01-018.</summary>
public sealed class DerivativeTests
{
    [Fact]
    [Trait("Number", "L01-001")]
    public void The_parabola_is_20_at_3() => Assert.Equal(20, Parabola(3).Data, 1e-12);

    [Fact]
    [Trait("Number", "L01-002")]
    public void The_parabola_is_44_at_minus_3() => Assert.Equal(44, Parabola(-3).Data, 1e-12);

    [Theory]
    [Trait("Number", "L01-003")]
    [Trait("Number", "L01-004")]
    [Trait("Number", "L01-005")]
    [InlineData(3, 14, 14.003)]
    [InlineData(-3, -22, -21.997)]
    [InlineData(2.0 / 3, 0, 0.003)]
    public void The_slope_by_a_small_step_is_near_the_derivative(double at, double derivative, double slope)
    {
        Value x = at;
        Parabola(x).Backward();

        Assert.Equal(derivative, x.Grad, 1e-12);
        Assert.Equal(slope, ForwardDifference(at, 0.001), 1e-6);
    }

    [Theory]
    [Trait("Number", "L01-006")]
    [InlineData(1e-14, 14.2109)]
    [InlineData(1e-16, 0)]
    public void Too_small_a_step_gives_a_wrong_slope(double step, double slope) =>
        Assert.Equal(slope, ForwardDifference(3, step), 1e-4);

    [Fact]
    [Trait("Number", "L01-007")]
    public void The_parabola_is_drawn_through_forty_points()
    {
        Tensor x = Tensor.Arange(-5, 5, 0.25);
        float[] points = x.ToArray();
        float[] heights = ((3 * x.Pow(2)) - (4 * x) + 5).ToArray();

        // Quarters and their squares are exact in float32.
        Assert.Equal(40, points.Length);
        Assert.Equal(-5, points[0]);
        Assert.Equal(4.75f, points[^1]);
        Assert.Equal(100, heights[0]);
        Assert.Equal(20, heights[Array.IndexOf(points, 3)]);
        Assert.Equal(points.Select(point => Parabola(point).Data), heights.Select(height => (double)height));
    }

    [Fact]
    [Trait("Number", "L01-008")]
    public void A_product_and_a_sum_of_plain_numbers() => Assert.Equal(4, ProductAndSum(2, -3, 10).Data);

    [Fact]
    [Trait("Number", "L01-009")]
    public void A_nudge_to_the_first_factor_is_felt_times_the_second()
    {
        Assert.Equal(3.9997, ProductAndSum(2 + 1e-4, -3, 10).Data, 1e-6);
        Assert.Equal(-3, (ProductAndSum(2 + 1e-4, -3, 10).Data - ProductAndSum(2, -3, 10).Data) / 1e-4, 1e-6);
    }

    [Fact]
    [Trait("Number", "L01-010")]
    public void A_nudge_to_the_second_factor_is_felt_times_the_first() =>
        Assert.Equal(2, (ProductAndSum(2, -3 + 1e-4, 10).Data - ProductAndSum(2, -3, 10).Data) / 1e-4, 1e-6);

    [Fact]
    [Trait("Number", "L01-011")]
    public void A_nudge_to_a_summand_is_felt_as_it_is() =>
        Assert.Equal(1, (ProductAndSum(2, -3, 10 + 1e-4).Data - ProductAndSum(2, -3, 10).Data) / 1e-4, 1e-6);

    [Fact]
    [Trait("Number", "L01-014")]
    public void The_first_graph_has_its_values()
    {
        var graph = new LectureExpression();
        Assert.Equal([-6, 4, -8], new[] { graph.E.Data, graph.D.Data, graph.L.Data });
    }

    [Fact]
    [Trait("Number", "L01-015")]
    public void The_first_graph_has_its_gradients()
    {
        var graph = new LectureExpression();
        graph.L.Backward();

        Value[] values = [graph.L, graph.D, graph.F, graph.C, graph.E, graph.A, graph.B];
        Assert.Equal([1, -2, 4, -2, -2, 6, -4], values.Select(value => value.Grad));
    }

    [Fact]
    [Trait("Number", "L01-016")]
    public void Nudging_each_value_of_the_first_graph_shows_its_gradient()
    {
        var graph = new LectureExpression();
        graph.L.Backward();

        // A value that was computed is nudged by computing on with another number in its place.
        const double h = 0.001;
        double Slope(double nudged) => (nudged - graph.L.Data) / h;
        Assert.Equal(graph.A.Grad, Slope(new LectureExpression(a: 2 + h).L.Data), 1e-6);
        Assert.Equal(graph.B.Grad, Slope(new LectureExpression(b: -3 + h).L.Data), 1e-6);
        Assert.Equal(graph.C.Grad, Slope(new LectureExpression(c: 10 + h).L.Data), 1e-6);
        Assert.Equal(graph.F.Grad, Slope(new LectureExpression(f: -2 + h).L.Data), 1e-6);
        Assert.Equal(graph.E.Grad, Slope(((new Value(graph.E.Data + h) + graph.C) * graph.F).Data), 1e-6);
        Assert.Equal(graph.D.Grad, Slope((new Value(graph.D.Data + h) * graph.F).Data), 1e-6);
    }

    [Fact]
    [Trait("Number", "L01-017")]
    public void One_step_along_the_gradient_raises_the_result()
    {
        var graph = new LectureExpression();
        graph.L.Backward();

        double Step(Value leaf) => leaf.Data + (0.01 * leaf.Grad);
        var after = new LectureExpression(Step(graph.A), Step(graph.B), Step(graph.C), Step(graph.F));
        Assert.Equal(-7.286496, after.L.Data, 1e-6);
    }

    [Fact]
    [Trait("Number", "L01-018")]
    public void Speeds_that_build_on_each_other_multiply()
    {
        // A car is twice as fast as a bicycle, and a bicycle four times as fast as a man.
        Value man = 1;
        Value bicycle = 4 * man;
        Value car = 2 * bicycle;
        car.Backward();

        Assert.Equal(8, man.Grad);
    }

    private static Value Parabola(Value x) => (3 * x.Pow(2)) - (4 * x) + 5;

    private static Value ProductAndSum(Value a, Value b, Value c) => (a * b) + c;

    private static double ForwardDifference(double at, double step) => (Parabola(at + step).Data - Parabola(at).Data) / step;
}
