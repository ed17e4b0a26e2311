namespace Nabla.Tests.Ops;

/// <summary>What the operation cases cannot say of indexing: C#'s forms of it, writing, and its messages.</summary>
[Trait("Tier", "true")]
public class SliceTests
{
    [Fact]
    public void A_number_drops_its_dimension_and_a_range_keeps_it()
    {
        Tensor x = Count(2, 3, 4);
        Assert.Equal(new Shape(3, 4), x[1].Shape);
        Assert.Equal(new Shape(2, 4), x[.., ^1, ..].Shape);
        Assert.Equal([8, 9, 10, 11, 20, 21, 22, 23], x[.., ^1, ..].ToArray());
        Assert.Equal(new Shape(1, 2, 4), x[1.., ..2].Shape);
        Assert.Equal([17, 18], x[-1, -2, 1..3].ToArray());
        Assert.Equal(23, x[^1, ^1, ^1].Item());
        Assert.Equal(new Shape(2, 0, 4), x[.., 3..].Shape);
    }

    [Fact]
    public void A_slice_shares_memory_and_its_gradient_lands_in_its_place()
    {
        Tensor x = Count(3, 4);
        x.RequiresGrad = true;
        Tensor y = x.Transpose(0, 1)[1..3, ^1];
        Assert.Equal([9, 10], y.ToArray());
        (y * 5).Sum().Backward();
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 5, 0], x.Grad!.ToArray());
        x.Slice(1, 1, 2, step: 2).Sum().Backward();
        Assert.Equal([0, 1, 0, 1, 0, 1, 0, 1, 0, 6, 5, 1], x.Grad!.ToArray());
    }

    [Fact]
    public void Writing_broadcasts_into_the_part()
    {
        Tensor x = Tensor.Zeros(3, 4);
        x[1..] = Tensor.From([1, 2, 3, 4]);
        x[.., 0] = Tensor.Scalar(9);
        Assert.Equal([9, 0, 0, 0, 9, 2, 3, 4, 9, 2, 3, 4], x.ToArray());
        x[0, 1] += 7;
        Assert.Equal(7, x[0, 1].Item());
    }

    [Fact]
    public void Writing_a_part_of_a_tensor_into_itself_reads_before_it_writes()
    {
        Tensor x = Count(5);
        x[1..] = x[..^1];
        Assert.Equal([0, 0, 1, 2, 3], x.ToArray());
        Tensor square = Count(2, 2);
        square[..] = square.Transpose(0, 1);
        Assert.Equal([0, 2, 1, 3], square.ToArray());
    }

    [Fact]
    public void Writing_to_the_tape_or_from_it_is_refused()
    {
        Tensor x = Count(3);
        Tensor leaf = Count(3);
        leaf.RequiresGrad = true;
        Assert.Equal(
            "Set: the tensor of shape [3] is on the tape; write to it inside `using (Tensor.NoGrad())`, or to a copy.",
            Assert.Throws<InvalidOperationException>(() => leaf[0] = Tensor.Scalar(1)).Message);
        Assert.StartsWith(
            "Set: the value of shape [3] is on the tape, and a copy into a tensor would lose its gradient",
            Assert.Throws<InvalidOperationException>(() => x[..] = leaf * 2).Message,
            StringComparison.Ordinal);
        using (Tensor.NoGrad())
        {
            leaf[0] = Tensor.Scalar(5);
        }

        Assert.Equal(5, leaf[0].Item());
    }

    [Fact]
    public void Backward_sees_that_a_part_of_a_saved_tensor_was_overwritten()
    {
        Tensor x = Count(3);
        x.RequiresGrad = true;
        Tensor factor = Count(3);
        Tensor y = (x * factor).Sum();
        factor[1] = Tensor.Scalar(7);
        Assert.Throws<InvalidOperationException>(() => y.Backward());
    }

    [Fact]
    public void Messages_name_the_index_and_the_shape()
    {
        Tensor x = Count(2, 3);
        Says("Slice: 3 does not fit dimension 1 of [2, 3], which has size 3.", () => x[0, 3]);
        Says("Slice: ^3 does not fit dimension 0 of [2, 3], which has size 2.", () => x[-3]);
        Says("Slice: 1..4 does not fit dimension 1 of [2, 3], which has size 3.", () => x[.., 1..4]);
        Says("Slice: 2..1 does not fit dimension 1 of [2, 3], which has size 3.", () => x[.., 2..1]);
        Says("Slice: 3 indices given for [2, 3], which has 2 dimensions.", () => x[0, 0, 0]);
        Says(
            "Slice: 2 places from 0 on in steps of 3 do not fit dimension 1 of [2, 3], which has size 3.",
            () => x.Slice(1, 0, 2, 3));
        Says(
            "Slice: 1 places from -1 on in steps of 1 do not fit dimension 1 of [2, 3], which has size 3.",
            () => x.Slice(1, -1, 1));
        Says("Set: [1, 3] does not broadcast into [3].", () => x[0] = Count(1, 3));
    }

    private static void Says(string message, Func<Tensor> call)
        => Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);

    private static Tensor Count(params int[] sizes)
    {
        Shape shape = sizes;
        return Tensor.From([.. Enumerable.Range(0, shape.Count).Select(i => (float)i)], sizes);
    }
}
