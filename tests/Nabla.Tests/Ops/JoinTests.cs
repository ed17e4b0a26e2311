namespace Nabla.Tests.Ops;

/// <summary>What the operation cases cannot say of joining, cutting and reshaping.</summary>
[Trait("Tier", "true")]
public class JoinTests
{
    [Fact]
    public void Parts_joined_again_are_the_whole_and_so_is_their_gradient()
    {
        Tensor x = Tensor.From([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 2, 5);
        x.RequiresGrad = true;
        foreach (Tensor[] parts in (Tensor[][])[x.Split(2, 1), x.Split([1, 0, 4], -1), x.Chunk(3, 1), x.Chunk(9, 1), x.Split(9)])
        {
            Tensor y = Tensor.Cat(parts, parts[0].Shape[1] == 5 ? 0 : 1);
            Assert.Equal(x.ToArray(), y.ToArray());
            x.ZeroGrad();
            (y * x.Detach()).Sum().Backward();
            Assert.Equal(x.ToArray(), x.Grad!.ToArray());
        }
    }

    [Fact]
    public void Chunk_makes_as_many_parts_as_torch_does()
    {
        Assert.Equal([2, 2, 2], Tensor.Zeros(6).Chunk(4).Select(x => x.Count));
        Assert.Equal([4, 4, 2], Tensor.Zeros(10).Chunk(3).Select(x => x.Count));
        Assert.Equal([0], Tensor.Zeros(0).Chunk(3).Select(x => x.Count));
    }

    [Fact]
    public void One_tensor_may_be_joined_with_itself()
    {
        Tensor x = Tensor.From([1, 2]);
        x.RequiresGrad = true;
        Tensor y = Tensor.Stack([x, x, x], 1);
        Assert.Equal([1, 1, 1, 2, 2, 2], y.ToArray());
        y.Backward(Tensor.From([1, 2, 3, 4, 5, 6], 2, 3));
        Assert.Equal([6, 15], x.Grad!.ToArray());
    }

    [Fact]
    public void Flatten_merges_dimensions()
    {
        Tensor x = Tensor.Zeros(2, 3, 4, 5);
        Assert.Equal(new Shape(120), x.Flatten().Shape);
        Assert.Equal(new Shape(2, 60), x.Flatten(1).Shape);
        Assert.Equal(new Shape(2, 12, 5), x.Flatten(1, 2).Shape);
        Assert.Equal(new Shape(1), Tensor.Scalar(1).Flatten().Shape);
        Assert.Equal(new Shape(4, 6), Tensor.Zeros(2, 3, 4).Transpose(0, 2).Flatten(1).Shape);
    }

    [Fact]
    public void An_expanded_tensor_repeats_without_copying_and_sums_its_gradient()
    {
        Tensor x = Tensor.From([1, 2], 2, 1);
        x.RequiresGrad = true;
        Tensor y = x.Expand(3, -1, 2);
        Assert.Equal([1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2], y.ToArray());
        y.Sum().Backward();
        Assert.Equal([6, 6], x.Grad!.ToArray());
        Assert.Equal(new Shape(4, 2, 3), x.BroadcastTo(new Shape(4, 2, 3)).Shape);
        Assert.Equal(new Shape(0, 3), Tensor.Ones(1, 3).Expand(0, 3).Shape);
    }

    [Fact]
    public void Messages_name_the_shapes()
    {
        Tensor x = Tensor.Zeros(2, 3);
        Says(
            "Cat: tensor 1 is [3, 2], which does not continue [2, 3] along dimension 0; all other sizes must be equal.",
            () => Tensor.Cat([x, Tensor.Zeros(3, 2)]));
        Says("Cat: no tensor is given; at least one is needed.", () => Tensor.Cat([]));
        Says("Cat: dimension 0 does not exist: the tensor is a scalar.", () => Tensor.Cat([Tensor.Scalar(1)]));
        Says("Stack: tensor 1 is [3], and tensor 0 is [2, 3]; they must be equal.", () => Tensor.Stack([x, Tensor.Zeros(3)]));
        Says("Stack: no tensor is given; at least one is needed.", () => Tensor.Stack([]));
        Says(
            "Expand: [2, 3] does not expand to [4, 3]: counted from the last dimension, sizes must be equal, or 1 before, or " +
            "-1 after.",
            () => x.Expand(4, 3));
        Says("Unsqueeze: 3 is no place for a new dimension in [2, 3]; it must be from -3 to 2.", () => x.Unsqueeze(3));
        Says("Flatten: dimension 1 of [2, 3] comes after dimension 0.", () => x.Flatten(1, 0));
        Says("Split: the sizes [1, 1] do not add up to 3, the size of dimension 1 of [2, 3].", () => x.Split([1, 1], 1)[0]);
        Says("Split: the size of a part is 0; it must be at least 1.", () => x.Split(0)[0]);
        Says("Chunk: 0 parts asked for; there must be at least 1.", () => x.Chunk(0)[0]);
    }

    private static void Says(string message, Func<Tensor> call)
        => Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);
}
