namespace Nabla.Tests.Ops;

/// <summary>Look-ups and scatters of a size that runs in parallel, against plain loops; and their messages.</summary>
[Trait("Tier", "true")]
public class IndexingTests
{
    [Theory]
    [InlineData(50, 4000, 33)]
    [InlineData(3, 9000, 17)]
    [InlineData(1, 5000, 19)]
    [InlineData(20000, 2000, 10)]
    public void The_gradient_of_a_look_up_is_the_sum_over_its_uses(int rows, int count, int width)
    {
        Random random = new(1);

        // Squared, so that some ids come very often and a run of equal ones spans several chunks.
        int[] drawn = [.. Enumerable.Range(0, count).Select(_ => (int)(rows * Math.Pow(random.NextDouble(), 2)))];
        IndexTensor ids = IndexTensor.From(drawn, count / 2, 2);
        Tensor table = Tensor.From([.. Enumerable.Range(0, rows * width).Select(_ => random.NextSingle())], rows, width);
        Tensor dy = Tensor.From([.. Enumerable.Range(0, count * width).Select(_ => random.NextSingle())], count / 2, 2, width);
        table.RequiresGrad = true;
        Tensor y = table[ids];
        y.Backward(dy);

        Assert.Equal(new Shape(count / 2, 2, width), y.Shape);
        float[] expected = new float[rows * width];
        (int[] id, float[] given, float[] taken, float[] values) = (ids.ToArray(), dy.ToArray(), y.ToArray(), table.ToArray());
        for (int i = 0; i < count; i++)
        {
            for (int column = 0; column < width; column++)
            {
                expected[(id[i] * width) + column] += given[(i * width) + column];
                Assert.Equal(values[(id[i] * width) + column], taken[(i * width) + column]);
            }
        }

        Assert.Equal(expected, table.Grad!.ToArray());
    }

    [Fact]
    public void A_large_scatter_along_a_middle_dimension_is_that_of_plain_loops()
    {
        Random random = new(2);
        IndexTensor ids = IndexTensor.From([.. Enumerable.Range(0, 700).Select(_ => random.Next(5))]);
        Tensor source = Tensor.From([.. Enumerable.Range(0, 3 * 700 * 11).Select(_ => random.NextSingle())], 3, 700, 11);
        float[] y = Tensor.Zeros(3, 5, 11).IndexAdd(1, ids, source).ToArray();
        float[] expected = new float[y.Length];
        (int[] id, float[] values) = (ids.ToArray(), source.ToArray());
        for (int i = 0; i < values.Length; i++)
        {
            (int block, int row, int column) = (i / 7700, i / 11 % 700, i % 11);
            expected[(((block * 5) + id[row]) * 11) + column] += values[i];
        }

        Assert.Equal(expected, y);
    }

    [Fact]
    public void A_large_gather_is_that_of_plain_loops()
    {
        Random random = new(3);
        Tensor x = Tensor.From([.. Enumerable.Range(0, 40 * 300).Select(_ => random.NextSingle())], 40, 300);
        IndexTensor index = IndexTensor.From([.. Enumerable.Range(0, 500 * 299).Select(_ => random.Next(40))], 500, 299);
        float[] y = x.Gather(0, index).ToArray();
        (int[] id, float[] values) = (index.ToArray(), x.ToArray());
        Assert.Equal([.. id.Select((place, i) => values[(place * 300) + (i % 299)])], y);
    }

    [Fact]
    public void Empty_ids_and_empty_rows_are_fine()
    {
        Tensor x = Tensor.Ones(3, 2);
        x.RequiresGrad = true;
        Tensor y = x[IndexTensor.From([], 0, 4)];
        Assert.Equal(new Shape(0, 4, 2), y.Shape);
        y.Sum().Backward();
        Assert.Equal(new float[6], x.Grad!.ToArray());
        Assert.Equal(new Shape(2, 0), Tensor.Zeros(3, 0)[IndexTensor.From([0, 2])].Shape);
        Assert.Equal(new Shape(0, 2), x.Gather(0, IndexTensor.From([], 0, 2)).Shape);
    }

    [Fact]
    public void Pairs_of_ids_take_single_elements()
    {
        Tensor x = Tensor.Arange(12).View(4, 3).Transpose(0, 1).Clone();
        x.RequiresGrad = true;
        Tensor y = x[IndexTensor.From([0, 2, 2]), IndexTensor.From([3, 1, 1])];
        Assert.Equal([9, 5, 5], y.ToArray());
        y.Backward(Tensor.From([1, 2, 4]));
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 0, 0, 6, 0, 0], x.Grad!.ToArray());
        Assert.Equal([4, 5], Tensor.Arange(6).View(1, 3, 2)[IndexTensor.Scalar(0), IndexTensor.Scalar(2)].ToArray());
        Says(
            "IndexSelect: index 4 (element 0 of [1]) is not from 0 to 3.",
            () => x[IndexTensor.From([0]), IndexTensor.From([4])]);
        Says(
            "IndexSelect: rows [1] and columns [2] of [3, 4]: the two must be of one shape, and the tensor of two dimensions at least.",
            () => x[IndexTensor.From([0]), IndexTensor.From([1, 2])]);
    }

    [Fact]
    public void Ids_overwritten_before_backward_are_noticed()
    {
        Tensor x = Tensor.Ones(3, 2);
        x.RequiresGrad = true;
        IndexTensor ids = IndexTensor.From([0, 2]);
        Tensor y = x[ids].Sum();
        ids.CopyFrom([7, 8]);
        Assert.Equal(
            "Backward: the ids of shape [2] that IndexSelect needs for its gradient were overwritten after they were used; " +
            "overwrite a copy, or do it after Backward.",
            Assert.Throws<InvalidOperationException>(() => y.Backward()).Message);
    }

    [Fact]
    public void Messages_name_the_index_and_the_shapes()
    {
        Tensor x = Tensor.Ones(3, 2);
        Says("IndexSelect: index 3 (element 1 of [2]) is not from 0 to 2.", () => x[IndexTensor.From([0, 3])]);
        Says(
            "IndexSelect: dimension 2 does not exist in [3, 2]; it must be from -2 to 1.",
            () => x.IndexSelect(2, IndexTensor.From([0])));
        Says(
            "Gather: index [2] along dimension 0 of [3, 2]: the index must have as many dimensions, and in those other than 0 " +
            "no larger sizes.",
            () => x.Gather(0, IndexTensor.From([0, 1])));
        Says(
            "ScatterAdd: the source is [3, 2], the index is [2, 2]; they must be equal.",
            () => x.ScatterAdd(0, IndexTensor.From([0, 0, 1, 1], 2, 2), x));
        Says(
            "IndexAdd: [3, 2] by ids [2] into dimension 0 of [3, 2]: the ids must be a vector, and the source of that shape but " +
            "for dimension 0, where it has as many places as there are ids.",
            () => x.IndexAdd(0, IndexTensor.From([0, 1]), x));
    }

    private static void Says(string message, Func<Tensor> call)
        => Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);
}
