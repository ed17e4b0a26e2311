namespace Nabla.Tests.Lectures;

/// <summary>The GPT lecture's way from the mean of the past to softmax: one average in several forms.</summary>
[Trait("Tier", "true")]
public sealed class GptAveragingTests
{
    private static readonly Tensor _x = Tensor.Randn(new RandomGenerator(1337), 4, 8, 2);

    [Fact]
    [Trait("Number", "ON-003")]
    [Trait("Number", "ON-004")]
    public void A_matrix_of_ones_sums_all_rows_a_triangle_those_so_far_and_its_normalised_rows_average_them()
    {
        Tensor b = IndexTensor.Randint(new RandomGenerator(42), 0, 10, 3, 2).ToTensor();
        Assert.Equal([14, 16, 14, 16, 14, 16], Tensor.Ones(3, 3).MatMul(b).ToArray());
        Assert.Equal([2, 7, 8, 11, 14, 16], Tensor.Ones(3, 3).Tril().MatMul(b).ToArray());

        Tensor a = Averaging(3);
        Near([1, 0, 0, 0.5f, 0.5f, 0, 0.3333f, 0.3333f, 0.3333f], a);
        Near([2, 7, 4, 5.5f, 4.6667f, 5.3333f], a.MatMul(b));
    }

    [Fact]
    [Trait("Number", "ON-005")]
    public void Row_t_of_the_normalised_triangle_holds_one_over_t()
    {
        Tensor weights = Averaging(8);
        float[] expected = [1, 0.5f, 0.3333f, 0.25f, 0.2f, 0.1667f, 0.1429f, 0.125f];
        for (int row = 0; row < 8; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                Assert.Equal(column <= row ? expected[row] : 0, weights[row, column].Item(), 1e-4f);
            }
        }
    }

    [Fact]
    [Trait("Number", "L07-035")]
    [Trait("Number", "ON-006")]
    public void Place_t_becomes_the_mean_of_places_0_to_t()
    {
        Assert.Equal(new Shape(4, 8, 2), _x.Shape);
        Tensor means = ByLoops();
        Assert.Equal(_x[0, 0].ToArray(), means[0, 0].ToArray());
        Near([.. Enumerable.Range(0, 2).Select(channel => (_x[1, 0, channel].Item() + _x[1, 1, channel].Item() + _x[1, 2, channel].Item()) / 3)],
            means[1, 2], 1e-6f);
        Near([-0.0341f, 0.1332f], means[0, 7]);
        Near(_x[0].Mean(0).ToArray(), means[0, 7], 1e-6f);
    }

    [Fact]
    [Trait("Number", "L07-036")]
    [Trait("Number", "L07-037")]
    [Trait("Number", "ON-024")]
    public void Loops_a_matrix_and_softmax_give_the_same_means()
    {
        Tensor byLoops = ByLoops();
        Tensor byMatrix = Averaging(8).MatMul(_x);
        Tensor bySoftmax = Tensor.Zeros(8, 8).MaskedFill(Tensor.Ones(8, 8).Triu(1), float.NegativeInfinity).Softmax(-1).MatMul(_x);

        Assert.Equal(new Shape(4, 8, 2), byMatrix.Shape);
        Assert.True(byLoops.AllClose(byMatrix, rtol: 0, atol: 1e-6f));
        Assert.True(byLoops.AllClose(bySoftmax, rtol: 0, atol: 1e-6f));
        Assert.False(byLoops.AllClose(_x, rtol: 0, atol: 1e-6f));
    }

    [Fact]
    [Trait("Number", "L07-038")]
    public void What_is_minus_infinity_gets_no_weight_and_the_rest_all()
    {
        Tensor weights = Tensor.From([0.5f, float.NegativeInfinity, -2, float.NegativeInfinity, 3]).Softmax(0);
        Assert.Equal(0, weights[1].Item());
        Assert.Equal(0, weights[3].Item());
        Assert.All(weights.ToArray(), weight => Assert.True(float.IsFinite(weight)));
        Assert.Equal(1, weights.Sum().Item(), 1e-6f);
    }

    [Fact]
    [Trait("Number", "L07-044")]
    [Trait("Number", "L07-050")]
    public void Eight_times_as_large_numbers_give_a_much_sharper_softmax()
    {
        Tensor numbers = Tensor.From([0.1f, -0.2f, 0.3f, -0.2f, 0.5f]);
        Near([0.1925f, 0.1426f, 0.2351f, 0.1426f, 0.2872f], numbers.Softmax(-1));
        Near([0.0326f, 0.0030f, 0.1615f, 0.0030f, 0.8000f], (numbers * 8).Softmax(-1));
    }

    private static Tensor Averaging(int size)
    {
        Tensor triangle = Tensor.Ones(size, size).Tril();
        return triangle / triangle.Sum(1, keepDim: true);
    }

    private static Tensor ByLoops()
    {
        List<Tensor> means = [];
        for (int row = 0; row < 4; row++)
        {
            for (int t = 0; t < 8; t++)
            {
                means.Add(_x[row, ..(t + 1)].Mean(0));
            }
        }

        return Tensor.Stack([.. means]).View(4, 8, 2);
    }

    private static void Near(float[] expected, Tensor actual, float tolerance = 1e-4f)
        => Assert.Equal(expected, actual.ToArray(), (lecture, ours) => Math.Abs(lecture - ours) <= tolerance);
}
