namespace Nabla.Tests.Autograd;

public class BackwardTests
{
    [Fact]
    public void A_tensor_used_twice_gets_both_gradients()
    {
        Tensor x = Leaf([1, 2, 3]);
        Tensor y = ((x * x) + x).Sum();
        y.Backward();
        Assert.Equal(20, y.Item());
        Assert.Equal([3, 5, 7], x.Grad!.ToArray());
    }

    [Fact]
    public void Gradients_accumulate_until_zeroed()
    {
        Tensor x = Leaf([1, 2]);
        (x * 3).Sum().Backward();
        (x * 3).Sum().Backward();
        Assert.Equal([6, 6], x.Grad!.ToArray());
        x.ZeroGrad();
        Assert.Null(x.Grad);
        (x * 3).Sum().Backward();
        Assert.Equal([3, 3], x.Grad!.ToArray());
    }

    [Fact]
    public void A_broadcast_row_gets_the_sum_over_the_rows()
    {
        Tensor x = Leaf([1, 2, 3, 4, 5, 6], 3, 2);
        Tensor row = Leaf([10, 20]);
        Tensor column = Leaf([1, 2, 3], 3, 1);
        Tensor y = (x + row) * column;
        y.Backward(Tensor.From([1, 0, 0, 1, 1, 1], 3, 2));
        Assert.Equal([1, 0, 0, 2, 3, 3], x.Grad!.ToArray());
        Assert.Equal([4, 5], row.Grad!.ToArray());
        Assert.Equal([11, 24, 15 + 26], column.Grad!.ToArray());
    }

    [Fact]
    public void Backward_twice_says_what_to_do()
    {
        Tensor x = Leaf([1]);
        Tensor y = x.Tanh();
        y.Backward();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => y.Backward());
        Assert.Contains("retainGraph: true", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_retained_graph_can_be_walked_twice()
    {
        Tensor x = Leaf([0.5f]);
        Tensor y = x.Tanh();
        y.Backward(retainGraph: true);
        float once = x.Grad!.Item();
        y.Backward();
        Assert.Equal(2 * once, x.Grad!.Item());
    }

    [Fact]
    public void Changing_a_saved_tensor_in_place_is_caught()
    {
        Tensor x = Leaf([1, 2]);
        Tensor copy = x.Clone();
        Tensor y = (copy * copy).Sum();
        using (Tensor.NoGrad())
        {
            copy.AddInPlace(1);
        }

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => y.Backward());
        Assert.Contains("Mul needs for its gradient was changed in place", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_factor_whose_gradient_does_not_read_it_may_change()
    {
        Tensor x = Leaf([1, 2]);
        Tensor copy = x.Clone();
        Tensor product = (copy * Tensor.From([3, 4])).Sum();
        Tensor quotient = (copy / Tensor.From([2, 4])).Sum();
        using (Tensor.NoGrad())
        {
            copy.AddInPlace(1);
        }

        product.Backward(retainGraph: true);
        Assert.Equal([3, 4], x.Grad!.ToArray());
        x.ZeroGrad();
        (quotient + x.Sum()).Backward();
        Assert.Equal([1.5f, 1.25f], x.Grad!.ToArray());
    }

    [Fact]
    public void Writing_to_a_tensor_on_the_tape_is_refused()
        => Assert.Throws<InvalidOperationException>(() => Leaf([1]).AddInPlace(1));

    [Fact]
    public void Nothing_is_recorded_under_NoGrad()
    {
        Tensor x = Leaf([1]);
        using (Tensor.NoGrad())
        {
            Assert.False(x.Tanh().RequiresGrad);
        }

        Assert.True(x.Tanh().RequiresGrad);
    }

    [Fact]
    public void No_gradient_flows_through_Detach()
    {
        Tensor x = Leaf([3]);
        (x * x.Detach()).Backward();
        Assert.Equal(3, x.Grad!.Item());
    }

    [Fact]
    public void A_retained_gradient_of_a_computed_tensor_can_be_read()
    {
        Tensor x = Leaf([2]);
        Tensor square = (x * x).RetainGrad();
        (square * 5).Backward();
        Assert.Equal(5, square.Grad!.Item());
        Assert.Equal(20, x.Grad!.Item());
    }

    [Fact]
    public void Backward_of_a_vector_asks_for_its_gradient()
        => Assert.Contains("[2]", Assert.Throws<ShapeException>(() => Leaf([1, 2]).Backward()).Message, StringComparison.Ordinal);

    private static Tensor Leaf(float[] values, params int[] sizes)
    {
        Tensor x = Tensor.From(values, sizes);
        x.RequiresGrad = true;
        return x;
    }
}
