using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The small examples on which lecture 5 derives each rule, and the rules for any shape.</summary>
public sealed class BackpropToyTests
{
    private const float Tolerance = 1e-6f;

    private readonly RandomGenerator _random = new(5);

    [Fact]
    [Trait("Number", "L05-041")]
    public void Of_a_mean_of_three_each_has_a_third()
    {
        (Tensor a, Tensor b, Tensor c) = (Leaf(), Leaf(), Leaf());
        (-(a + b + c) / 3).Backward();
        Assert.All((Tensor[])[a, b, c], leaf => Assert.Equal(-0.33333333f, leaf.Grad!.Item(), 1e-7f));
    }

    [Fact]
    [Trait("Number", "L05-042")]
    public void A_column_multiplied_into_a_matrix_gathers_a_sum_of_products()
    {
        (Tensor a, Tensor b) = (Leaf(3, 3), Leaf(3, 1));
        Tensor dC = Upstream(a * b);
        AssertNear((a.Detach() * dC).Sum(1, keepDim: true), b.Grad!);
    }

    [Fact]
    [Trait("Number", "L05-043")]
    public void A_sum_hands_its_gradient_to_each_of_its_row()
    {
        Tensor a = Leaf(3, 3);
        Tensor db = Upstream(a.Sum(1, keepDim: true));
        Assert.Equal(db.BroadcastTo(new Shape(3, 3)).ToArray(), a.Grad!.ToArray());
    }

    [Fact]
    [Trait("Number", "L05-044")]
    public void A_difference_passes_on_and_turns_the_sign()
    {
        (Tensor a, Tensor b) = (Leaf(3, 3), Leaf(3, 1));
        Tensor dC = Upstream(a - b);
        AssertNear(dC, a.Grad!);
        AssertNear(-dC.Sum(1, keepDim: true), b.Grad!);
    }

    [Fact]
    [Trait("Number", "L05-045")]
    public void The_backward_pass_of_a_matrix_product_is_a_matrix_product()
    {
        (Tensor a, Tensor b, Tensor c) = (Leaf(2, 2), Leaf(2, 2), Leaf(2));
        Tensor dD = Upstream(a.MatMul(b) + c);
        AssertNear(dD.MatMul(b.Detach().Transpose(0, 1)), a.Grad!);
        AssertNear(a.Detach().Transpose(0, 1).MatMul(dD), b.Grad!);
        AssertNear(dD.Sum(0), c.Grad!);
        float written = (dD[0, 0].Item() * b.Detach()[0, 0].Item()) + (dD[0, 1].Item() * b.Detach()[0, 1].Item());
        Assert.Equal(written, a.Grad![0, 0].Item(), Tolerance);
    }

    [Fact]
    [Trait("Number", "L05-046")]
    public void A_scaled_column_sum_hands_on_a_scaled_gradient()
    {
        Tensor a = Leaf(2, 2);
        Tensor db = Upstream((1f / (2 - 1)) * a.Sum(0, keepDim: true));
        AssertNear(db.BroadcastTo(new Shape(2, 2)), a.Grad!);

        Tensor tall = Leaf(5, 2);
        db = Upstream((1f / (5 - 1)) * tall.Sum(0, keepDim: true));
        AssertNear(db.BroadcastTo(new Shape(5, 2)) / 4, tall.Grad!);
    }

    [Fact]
    [Trait("Number", "L05-047")]
    public void A_vector_beside_a_matrix_is_a_row_and_its_gradient_a_vector()
    {
        (Tensor x, Tensor bias) = (Leaf(32, 27), Leaf(27));
        Tensor y = x + bias;
        Assert.Equal(1, y.Detach().Equal(x.Detach() + bias.Detach().View(1, 27)).Min().Item());
        Tensor dy = Upstream(y);
        Assert.Equal(new Shape(27), bias.Grad!.Shape);
        AssertNear(dy.Sum(0), bias.Grad);
    }

    [Fact]
    [Trait("Number", "L05-048")]
    public void A_sum_goes_back_as_replication_and_replication_as_a_sum() => Prop.ForAll(
        Sizes(), Sizes(), (rows, columns) =>
        {
            Shape shape = new(rows, columns);
            foreach (int dim in (int[])[0, 1])
            {
                Tensor x = Leaf(rows, columns);
                Tensor dSum = Upstream(x.Sum(dim, keepDim: true));
                AssertNear(dSum.BroadcastTo(shape), x.Grad!);

                Tensor one = Leaf(dim == 0 ? 1 : rows, dim == 1 ? 1 : columns);
                Tensor dMany = Upstream(one.BroadcastTo(shape));
                AssertNear(dMany.Sum(dim, keepDim: true), one.Grad!, 1e-5f);
            }
        }).Check(Config.QuickThrowOnFailure.WithReplay(5, 1));

    [Fact]
    [Trait("Number", "L05-049")]
    public void What_is_used_several_times_gathers_the_sum()
    {
        Tensor x = Leaf(4);
        (x.Square().Sum() + (3 * x).Sum() + x.Exp().Sum()).Backward();
        AssertNear((2 * x.Detach()) + 3 + x.Detach().Exp(), x.Grad!);
    }

    [Fact]
    [Trait("Number", "L05-050")]
    public void Functions_of_elements_have_the_slopes_of_the_textbook()
    {
        Tensor x = Tensor.Linspace(0.5, 1.5, 11);
        AssertSlope(x, v => v.Log(), 1 / x);
        AssertSlope(x, v => v.Pow(-1), -x.Pow(-2));
        AssertSlope(x, v => v.Exp(), x.Exp());
        AssertSlope(x, v => v.Tanh(), 1 - x.Tanh().Square());
        AssertSlope(x, v => v.Tanh(), (2 / (x.Exp() + (-x).Exp())).Square()); // sech squared: the same in other words
        AssertSlope(x, v => v.Pow(2), 2 * x);
        AssertSlope(x, v => v - 0.3f * Tensor.OnesLike(v), Tensor.OnesLike(x));
        AssertSlope(x, v => 0.3f * Tensor.OnesLike(v) - v, -Tensor.OnesLike(x));
    }

    [Theory]
    [Trait("Number", "L05-076")]
    [InlineData(-1)]
    [InlineData(-0.5f)]
    [InlineData(-1.5f)]
    [InlineData(-2)]
    [InlineData(2)]
    public void Powers_pass_the_gradient_check(float exponent)
    {
        Tensor x = Tensor.Uniform(new RandomGenerator(1), 0.5f, 2, 4, 5);
        x.RequiresGrad = true;
        Autograd.GradientCheck.Verify(() => x.Pow(exponent), [x]);
        AssertSlope(x.Detach(), v => v.Pow(exponent), exponent * x.Detach().Pow(exponent - 1), 1e-5f);
    }

    [Fact]
    [Trait("Number", "L05-077")]
    public void Three_ways_to_replicate_give_one_tensor()
    {
        Tensor dCountsSum = Tensor.Randn(_random, 32, 1);
        Tensor ones = Tensor.Ones(32, 27) * dCountsSum;
        Tensor added = Tensor.Zeros(32, 27) + dCountsSum;
        Tensor copied = Tensor.Cat([.. Enumerable.Repeat(dCountsSum, 27)], 1);
        Assert.Equal(ones.ToArray(), added.ToArray());
        Assert.Equal(ones.ToArray(), copied.ToArray());
        Assert.Equal(ones.ToArray(), dCountsSum.BroadcastTo(new Shape(32, 27)).ToArray());
    }

    private static Arbitrary<int> Sizes() => Gen.Choose(1, 9).ToArbitrary();

    private Tensor Leaf(params int[] sizes)
    {
        Tensor leaf = Tensor.Randn(_random, sizes);
        leaf.RequiresGrad = true;
        return leaf;
    }

    /// <summary>Goes backward from a result with random gradients, and returns these.</summary>
    private Tensor Upstream(Tensor result)
    {
        Tensor gradient = Tensor.Randn(_random, result.Shape.ToArray());
        result.Backward(gradient);
        return gradient;
    }

    private static void AssertSlope(Tensor at, Func<Tensor, Tensor> function, Tensor slope, float tolerance = Tolerance)
    {
        Tensor x = at.Clone();
        x.RequiresGrad = true;
        function(x).Sum().Backward();
        Assert.True(x.Grad!.AllClose(slope, rtol: tolerance, atol: tolerance));
    }

    private static void AssertNear(Tensor expected, Tensor actual, float tolerance = Tolerance)
        => Assert.True(actual.AllClose(expected, rtol: 0, atol: tolerance), $"{actual} is not {expected}");
}
