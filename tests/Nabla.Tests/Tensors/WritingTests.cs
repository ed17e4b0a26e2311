namespace Nabla.Tests.Tensors;

[Trait("Tier", "true")]
public sealed class WritingTests
{
    public static TheoryData<string, Action<Tensor>, float[]> Writes => new()
    {
        { "add", x => x.AddInPlace(1), [2, 3, 4, 5, 6, 7] },
        { "add a row", x => x.AddInPlace(Tensor.From([10, 20, 30])), [11, 22, 33, 14, 25, 36] },
        { "subtract", x => x.SubInPlace(1), [0, 1, 2, 3, 4, 5] },
        { "subtract a column", x => x.SubInPlace(Tensor.From([1, 2], 2, 1)), [0, 1, 2, 2, 3, 4] },
        { "multiply", x => x.MulInPlace(2), [2, 4, 6, 8, 10, 12] },
        { "multiply by itself", x => x.MulInPlace(x), [1, 4, 9, 16, 25, 36] },
        { "divide", x => x.DivInPlace(2), [0.5f, 1, 1.5f, 2, 2.5f, 3] },
        { "divide by a scalar", x => x.DivInPlace(Tensor.Scalar(2)), [0.5f, 1, 1.5f, 2, 2.5f, 3] },
        { "clamp", x => x.ClampInPlace(2, 5), [2, 2, 3, 4, 5, 5] },
        { "relu", x => x.SubInPlace(3).ReluInPlace(), [0, 0, 0, 1, 2, 3] },
        { "fill", x => x.FillInPlace(7), [7, 7, 7, 7, 7, 7] },
        { "zero", x => x.ZeroInPlace(), [0, 0, 0, 0, 0, 0] },
        { "copy a row", x => x.CopyInPlace(Tensor.From([7, 8, 9])), [7, 8, 9, 7, 8, 9] },
        { "masked fill", x => x.MaskedFillInPlace(Tensor.From([1, 0, 1]), -1), [-1, 2, -1, -1, 5, -1] },
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public void Writes_in_place_do_what_they_say(string name, Action<Tensor> write, float[] expected)
    {
        Tensor x = Tensor.From([1, 2, 3, 4, 5, 6], 2, 3);
        write(x);
        Assert.True(expected.AsSpan().SequenceEqual(x.ToArray()), name);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public void Writes_to_a_view_reach_the_tensor_it_is_a_view_of(string name, Action<Tensor> write, float[] expected)
    {
        Tensor x = Tensor.From([1, 4, 2, 5, 3, 6], 3, 2);
        write(x.Transpose(0, 1));
        Assert.True(expected.AsSpan().SequenceEqual(x.Transpose(0, 1).ToArray()), name);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public void Writes_to_what_backward_needs_are_caught(string name, Action<Tensor> write, float[] expected)
    {
        Assert.Equal(6, expected.Length);
        Tensor x = Tensor.From([1, 2, 3, 4, 5, 6], 2, 3);
        Tensor weight = Tensor.Full(new Shape(2, 3), 1.5f);
        weight.RequiresGrad = true;
        Tensor y = (x * weight).Sum();
        write(x);
        InvalidOperationException late = Assert.Throws<InvalidOperationException>(() => y.Backward());
        Assert.Contains("changed in place", late.Message, StringComparison.Ordinal);
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => write(weight));
        Assert.Contains("is on the tape", refused.Message, StringComparison.Ordinal);
        using (Tensor.NoGrad())
        {
            write(weight);
        }

        Assert.False(weight.ToArray().AsSpan().SequenceEqual(Tensor.Full(new Shape(2, 3), 1.5f).ToArray()), name);
    }

    [Fact]
    public void A_tensor_can_be_combined_with_its_own_transpose_in_place()
    {
        Tensor x = Tensor.From([1, 2, 3, 4], 2, 2);
        x.AddInPlace(x.Transpose(0, 1));
        Assert.Equal([2, 5, 5, 8], x.ToArray());
    }

    [Fact]
    public void A_tensor_can_be_copied_onto_its_own_transpose()
    {
        Tensor x = Tensor.From([1, 2, 3, 4], 2, 2);
        x.CopyInPlace(x.Transpose(0, 1));
        Assert.Equal([1, 3, 2, 4], x.ToArray());
    }

    [Fact]
    public void A_write_that_would_lose_a_gradient_is_refused()
    {
        Tensor x = Tensor.Zeros(2);
        Tensor weight = Tensor.Ones(2);
        weight.RequiresGrad = true;
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => x.AddInPlace(weight));
        Assert.Contains("would lose its gradient", error.Message, StringComparison.Ordinal);
        x.AddInPlace(weight.Detach());
        Assert.Equal([1, 1], x.ToArray());
    }

    [Fact]
    public void A_write_that_would_make_the_tensor_larger_is_refused()
        => Assert.Equal(
            "MulInPlace: [2, 3] does not broadcast into [3]; the left side cannot grow in place.",
            Assert.Throws<ShapeException>(() => Tensor.Zeros(3).MulInPlace(Tensor.Zeros(2, 3))).Message);
}
