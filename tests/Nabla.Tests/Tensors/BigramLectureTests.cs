namespace Nabla.Tests.Tensors;

/// <summary>What the bigram lecture shows of tensors by themselves, without its data.</summary>
public sealed class BigramLectureTests
{
    private static readonly IndexTensor _emma = IndexTensor.From([0, 5, 13, 13, 1]);

    [Fact]
    [Trait("Number", "L02-009")]
    public void Elements_are_set_and_added_to()
    {
        Tensor a = Tensor.Zeros(3, 5);
        a[1, 3] = Tensor.Scalar(1);
        Assert.Equal(1, a[1, 3].Item());

        a[1, 3] += 1;
        Assert.Equal(2, a[1, 3].Item());
        a[1, 3] += 1;
        Assert.Equal(3, a[1, 3].Item());

        a[0, 0] = Tensor.Scalar(5);
        Assert.Equal([5, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0], a.ToArray());
    }

    [Theory]
    [Trait("Number", "L02-033")]
    [InlineData(0, true, new[] { 1, 27 })]
    [InlineData(0, false, new[] { 27 })]
    [InlineData(1, true, new[] { 27, 1 })]
    [InlineData(1, false, new[] { 27 })]
    public void A_sum_keeps_its_dimension_when_asked(int dim, bool keepDim, int[] shape)
        => Assert.Equal(new Shape(shape), Tensor.Ones(27, 27).Sum(dim, keepDim).Shape);

    [Fact]
    [Trait("Number", "L02-037")]
    public void Shapes_are_aligned_at_their_right_ends()
    {
        Tensor square = Tensor.Ones(27, 27);

        // A vector of 27 is read as a row, [1, 27]: the division by a forgotten keepDim goes through.
        Assert.Equal(new Shape(27, 27), (square / Tensor.Ones(27, 1)).Shape);
        Assert.Equal(new Shape(27, 27), (square / Tensor.Ones(27)).Shape);
        Tensor row = Tensor.Arange(1, 28);
        Assert.Equal((square / row.View(1, 27)).ToArray(), (square / row).ToArray());

        string message = Assert.Throws<ShapeException>(() => Tensor.Ones(3, 2) + Tensor.Ones(3)).Message;
        Assert.Contains("[3, 2]", message, StringComparison.Ordinal);
        Assert.Contains("[3]", message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Number", "L02-038")]
    public void A_division_in_place_gives_the_same_numbers_in_the_same_memory()
    {
        Tensor counts = Tensor.Rand(new RandomGenerator(1), 27, 27);
        Tensor expected = counts / counts.Sum(1, keepDim: true);
        Tensor window = counts[3];

        Tensor divided = counts.DivInPlace(counts.Sum(1, keepDim: true));

        Assert.Same(counts, divided);
        Assert.Equal(expected.ToArray(), counts.ToArray());
        Assert.Equal(expected[3].ToArray(), window.ToArray());
    }

    /// <remarks>
    /// PyTorch's tensor(...) keeps whole numbers as int64, its Tensor(...) makes float32 of all. Here the two are two types: whole
    /// numbers are int32 in an IndexTensor, and Tensor.From makes floats; they print as PyTorch's do.
    /// </remarks>
    [Fact]
    [Trait("Number", "L02-054")]
    public void Whole_numbers_stay_whole_and_the_float_factory_makes_floats()
    {
        Assert.Equal("tensor([ 5, 13])", IndexTensor.From([5, 13]).ToString());
        Assert.Equal("tensor([ 5., 13.])", Tensor.From([5, 13]).ToString());
    }

    /// <remarks>PyTorch's one_hot gives int64, to be cast before a product; ours gives the floats at once.</remarks>
    [Fact]
    [Trait("Number", "L02-055")]
    public void One_hot_rows_hold_a_single_one_each()
    {
        Tensor encoded = Tensor.OneHot(_emma, 27);

        Assert.Equal(new Shape(5, 27), encoded.Shape);
        Assert.Equal([1, 1, 1, 1, 1], encoded.Sum(1).ToArray());
        Assert.Equal(5, encoded.ToArray().Count(element => element == 1));
        Assert.Equal(_emma.ToArray(), encoded.ArgMax(1).ToArray());
    }

    [Fact]
    [Trait("Number", "L02-056")]
    public void One_hot_guesses_too_few_classes_where_the_last_does_not_occur()
        => Assert.Equal(new Shape(5, 14), Tensor.OneHot(_emma).Shape);

    [Fact]
    [Trait("Number", "L02-057")]
    [Trait("Number", "L02-058")]
    public void A_product_with_the_weights_is_a_dot_product_for_each_example_and_neuron()
    {
        Tensor encoded = Tensor.OneHot(_emma, 27);
        Tensor weights = Tensor.Randn(new RandomGenerator(2147483647), 27, 27);
        Assert.Equal(new Shape(5, 1), encoded.MatMul(weights[.., ..1]).Shape);

        Tensor logits = encoded.MatMul(weights);

        Assert.Equal(new Shape(5, 27), logits.Shape);
        Assert.Equal((encoded[3] * weights[.., 13]).Sum().Item(), logits[3, 13].Item(), 1e-6f);
    }

    [Fact]
    [Trait("Number", "L02-059")]
    public void A_one_hot_row_times_the_weights_is_a_row_of_the_weights()
    {
        Tensor weights = Tensor.Randn(new RandomGenerator(2147483647), 27, 27);

        Assert.Equal(weights[_emma].ToArray(), Tensor.OneHot(_emma, 27).MatMul(weights).ToArray());
    }

    [Fact]
    [Trait("Number", "L02-060")]
    public void The_exponential_is_below_one_for_negative_logits_and_only_for_them()
    {
        Tensor logits = Tensor.Randn(new RandomGenerator(2147483647), 27, 27);
        Tensor counts = logits.Exp();

        Assert.Equal((logits < Tensor.Scalar(0)).ToArray(), (counts < Tensor.Scalar(1)).ToArray());
        Assert.Equal((logits > Tensor.Scalar(0)).ToArray(), (counts > Tensor.Scalar(1)).ToArray());
        Assert.All(counts.ToArray(), count => Assert.True(count > 0));
    }

    [Fact]
    [Trait("Number", "L02-080")]
    public void The_first_and_the_last_weights_of_the_lecture_are_drawn()
    {
        float[] weights = Tensor.Randn(new RandomGenerator(2147483647), 27, 27).ToArray();

        // 729 numbers are not a multiple of 16: PyTorch draws the last 16 a second time.
        float[] drawn = [.. weights[..3], .. weights[^3..]];
        Assert.Equal(
            [1.5674f, -0.2373f, -0.0274f, 1.3405f, -0.2175f, 0.8627f],
            drawn,
            (expected, number) => Math.Abs(expected - number) < 1e-4);
    }
}
