namespace Nabla.Tests.Tensors;

public class CreationTests
{
    [Fact]
    public void Arange_stays_below_its_end()
    {
        Assert.Equal([0, 1, 2], Tensor.Arange(3).ToArray());
        Assert.Equal(10, Tensor.Arange(0, 1, 0.1).Count);
        Assert.Equal(0.7f, Tensor.Arange(0, 1, 0.1).ToArray()[7]);
        Assert.Equal([2, 0.5f, -1], Tensor.Arange(2, -2, -1.5).ToArray());
        Assert.Empty(Tensor.Arange(0).ToArray());
        Assert.Equal([5, 3], IndexTensor.Arange(5, 1, -2).ToArray());
        Assert.Equal([5, 3, 1], IndexTensor.Arange(5, 0, -2).ToArray());
        Assert.Equal(
            [int.MinValue, -1, int.MaxValue - 1],
            IndexTensor.Arange(int.MinValue, int.MaxValue, int.MaxValue).ToArray());
        Assert.Empty(IndexTensor.Arange(0).ToArray());
    }

    [Fact]
    public void Arange_that_leads_away_from_its_end_says_so()
    {
        Says("Arange: no steps of -1 lead from 0 to 3.", () => Tensor.Arange(0, 3, -1));
        Says("Arange: no steps of 0 lead from 0 to 3.", () => Tensor.Arange(0, 3, 0));
        Says("Arange: no steps of 1 lead from 0 to -1.", () => IndexTensor.Arange(-1));
        Assert.Throws<ArgumentException>(() => Tensor.Arange(double.NaN));
    }

    [Fact]
    public void Linspace_ends_exactly_at_its_end()
    {
        float[] values = Tensor.Linspace(-0.1, 0.7, 101).ToArray();
        Assert.Equal((-0.1f, 0.3f, 0.7f), (values[0], values[50], values[^1]));
        Assert.Equal([3], Tensor.Linspace(3, 4, 1).ToArray());
        Assert.Empty(Tensor.Linspace(3, 4, 0).ToArray());
    }

    [Fact]
    public void Eye_and_one_hot_put_ones_in_place()
    {
        Assert.Equal([1, 0, 0, 0, 1, 0], Tensor.Eye(2, 3).ToArray());
        Assert.Equal([1, 0, 0, 1, 0, 0], Tensor.Eye(3, 2).ToArray());
        Tensor hot = Tensor.OneHot(IndexTensor.From([2, 0], 1, 2), 3);
        Assert.Equal(new Shape(1, 2, 3), hot.Shape);
        Assert.Equal([0, 0, 1, 1, 0, 0], hot.ToArray());
        Assert.Equal(
            "OneHot: index 3 (element 0 of [1]) is not from 0 to 2.",
            Assert.Throws<ShapeException>(() => Tensor.OneHot(IndexTensor.From([3]), 3)).Message);
    }

    [Fact]
    public void One_hot_without_a_number_of_classes_takes_the_largest_id_for_the_last()
    {
        Assert.Equal(new Shape(2, 4), Tensor.OneHot(IndexTensor.From([3, 0])).Shape);
        Assert.Equal(
            "OneHot: ids of shape [0] do not tell how many classes there are; give the number.",
            Assert.Throws<ShapeException>(() => Tensor.OneHot(IndexTensor.From([]))).Message);
        Assert.Throws<ShapeException>(() => Tensor.OneHot(IndexTensor.From([-1])));
    }

    [Fact]
    public void Rectangular_arrays_become_tensors()
    {
        Tensor matrix = Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Assert.Equal(new Shape(2, 3), matrix.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], matrix.ToArray());
        Tensor cube = Tensor.From(new float[,,] { { { 1 }, { 2 } } });
        Assert.Equal(new Shape(1, 2, 1), cube.Shape);
        Assert.Equal([1, 2], cube.ToArray());
        Assert.Equal(new Shape(0, 4), Tensor.From(new float[0, 4]).Shape);
    }

    [Fact]
    public void Random_tensors_are_what_the_generator_draws()
    {
        RandomGenerator expected = new(7);
        RandomGenerator random = new(7);
        float[] floats = new float[40];
        int[] ids = new int[6];
        expected.Normal(floats);
        Assert.Equal(floats, Tensor.Randn(random, 4, 10).ToArray());
        expected.Uniform(floats, -2, 3);
        Assert.Equal(floats, Tensor.Uniform(random, -2, 3, 40).ToArray());
        expected.Normal(floats, 5, 0.1);
        Assert.Equal(floats, Tensor.Normal(random, 5, 0.1, 40).ToArray());
        expected.Uniform(floats);
        Assert.Equal(floats, Tensor.Rand(random, 8, 5).ToArray());
        expected.Integers(ids, -3, 9);
        Assert.Equal(ids, IndexTensor.Randint(random, -3, 9, 2, 3).ToArray());
        expected.Permutation(ids);
        Assert.Equal(ids, IndexTensor.Randperm(6, random).ToArray());
        Assert.Equal(default, Tensor.Randn(random).Shape);
    }

    [Fact]
    public void Multinomial_draws_row_after_row_as_the_generator_does()
    {
        Tensor weights = Tensor.From([0, 1, 3, 2, 2, 0, 0, 1], 2, 4);
        (RandomGenerator expected, RandomGenerator random) = (new(3), new(3));
        int[] drawn = new int[10];
        expected.MultinomialWithReplacement(weights[0].ToArray(), drawn.AsSpan(0, 5));
        expected.MultinomialWithReplacement(weights[1].ToArray(), drawn.AsSpan(5));
        IndexTensor ids = weights.Multinomial(5, random, replacement: true);
        Assert.Equal(new Shape(2, 5), ids.Shape);
        Assert.Equal(drawn, ids.ToArray());
        int[] race = new int[2];
        expected.MultinomialRace(weights.Transpose(0, 1)[.., 0].ToArray(), race);
        Assert.Equal(race, weights.Transpose(0, 1)[.., 0].Multinomial(2, random).ToArray());
        Assert.Equal(
            "Multinomial: the weights are []; they must be [K] or [B, K].",
            Assert.Throws<ShapeException>(() => Tensor.Scalar(1).Multinomial(1)).Message);
    }

    [Fact]
    public void Parts_of_index_tensors_are_copies()
    {
        IndexTensor ids = IndexTensor.From([0, int.MinValue, 0x7F800001, 3, -1, 5], 2, 3);
        IndexTensor inputs = ids[.., ..^1];
        Assert.Equal([0, int.MinValue, 3, -1], inputs.ToArray());
        Assert.Equal([int.MinValue, 0x7F800001, -1, 5], ids[.., 1..].ToArray());
        Assert.Equal([3, -1, 5], ids[^1].ToArray());
        Assert.Equal(5, ids[1, -1].Item());
        ids[.., 0] = IndexTensor.From([8, 9]);
        Assert.Equal([8, 9], ids[.., 0].ToArray());
        Assert.Equal([0, int.MinValue, 3, -1], inputs.ToArray());
        Assert.Equal(new Shape(2, 1, 3), ids[IndexTensor.From([1, 0], 2, 1)].Shape);
        Assert.Equal([9, -1, 5, 8, int.MinValue, 0x7F800001], ids[IndexTensor.From([1, 0], 2, 1)].ToArray());
    }

    [Fact]
    public void Index_tensors_join()
    {
        (IndexTensor a, IndexTensor b) = (IndexTensor.From([1, 2], 2, 1), IndexTensor.From([3, 4, 5, 6], 2, 2));
        Assert.Equal([1, 3, 4, 2, 5, 6], IndexTensor.Cat([a, b], 1).ToArray());
        Assert.Equal([1, 7, 2, 7], IndexTensor.Stack([a.View(2), IndexTensor.Full(new Shape(2), 7)], -1).ToArray());
        Assert.Equal([1, 2, -7], IndexTensor.From([1, 2, -7]).ToTensor().ToArray());
    }

    private static void Says(string message, Func<object> call)
        => Assert.Equal(message, Assert.Throws<ArgumentException>(call).Message);
}
