namespace Nabla.Tests.Ops;

/// <summary>The loss through a linear layer, a block of rows at a time, against its twin with all the logits.</summary>
[Trait("Tier", "true")]
[Collection(SetsThreadCount.Name)]
public sealed class LinearCrossEntropyTests
{
    private const int Rows = 50;
    private const int Width = 24;
    private const int Classes = 301;

    private readonly Tensor _x;
    private readonly Tensor _weight;
    private readonly IndexTensor _targets;

    public LinearCrossEntropyTests()
    {
        RandomGenerator random = new(4);
        _x = Tensor.Randn(random, 5, Rows / 5, Width);
        _weight = Tensor.Randn(random, Classes, Width);
        (_x.RequiresGrad, _weight.RequiresGrad) = (true, true);
        int[] targets = new int[Rows];
        random.Integers(targets, 0, Classes);
        (targets[3], targets[^1]) = (-100, -100);
        _targets = IndexTensor.From(targets, 5, Rows / 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7 * Classes)]
    [InlineData(25 * Classes)]
    [InlineData(1 << 24)]
    public void Loss_and_gradients_are_those_of_the_two_operations(int maxLogits)
    {
        (float expected, float[] dx, float[] dweight) = Run(() => _x.Linear(_weight).CrossEntropy(_targets) * 3);
        (float loss, float[] fusedDx, float[] fusedDweight) = Run(() => Fused(maxLogits) * 3);

        Assert.Equal(expected, loss, 1e-5f * expected);
        AssertClose(dx, fusedDx);
        AssertClose(dweight, fusedDweight);
    }

    // A watched step makes the logits, to show them, and must learn the same.
    [Fact]
    public void In_one_block_the_bits_are_those_of_the_two_operations()
    {
        (float loss, float[] dx, float[] dweight) = Run(() => _x.Linear(_weight).CrossEntropy(_targets));
        (float fused, float[] fusedDx, float[] fusedDweight) = Run(() => Fused(1 << 24));
        Assert.Equal(loss, fused);
        Assert.Equal(dx, fusedDx);
        Assert.Equal(dweight, fusedDweight);
    }

    [Fact]
    public void Gradients_computed_ahead_and_in_backward_are_the_same_bits()
    {
        (_, float[] dx, float[] dweight) = Run(() => Fused(7 * Classes));

        // Another forward takes the memory that the first had borrowed, and its backward comes first.
        Tensor first = Fused(7 * Classes);
        Tensor second = Fused(25 * Classes);
        second.Backward();
        _x.ZeroGrad();
        _weight.ZeroGrad();
        first.Backward();
        Assert.Equal(dx, _x.Grad!.ToArray());
        Assert.Equal(dweight, _weight.Grad!.ToArray());
    }

    [Fact]
    public void Forgetting_gradients_between_forward_and_backward_changes_nothing()
    {
        (_, float[] dx, float[] dweight) = Run(() => Fused(7 * Classes));
        (_, float[] sameDx, float[] sameDweight) = Run(() =>
        {
            Tensor loss = Fused(7 * Classes);
            _x.ZeroGrad();
            _weight.ZeroGrad();
            return loss;
        });
        Assert.Equal(dx, sameDx);
        Assert.Equal(dweight, sameDweight);
    }

    [Fact]
    public void A_forward_without_backward_leaves_no_gradient()
    {
        Fused(7 * Classes);
        Assert.Null(_weight.Grad);
        (_, _, float[] dweight) = Run(() => _x.Linear(_weight).CrossEntropy(_targets));
        Fused(7 * Classes);
        Assert.Equal(dweight, _weight.Grad!.ToArray());
    }

    [Fact]
    public void A_walk_again_and_gradients_already_there_are_added_to()
    {
        (_, float[] dx, float[] dweight) = Run(() => Fused(7 * Classes));
        Tensor loss = Fused(7 * Classes);
        loss.Backward(retainGraph: true);
        loss.Backward();
        AssertClose([.. dx.Select(value => 3 * value)], _x.Grad!.ToArray());
        AssertClose([.. dweight.Select(value => 3 * value)], _weight.Grad!.ToArray());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void One_gradient_alone_is_the_same_bits(bool needsX, bool needsWeight)
    {
        (_, float[] dx, float[] dweight) = Run(() => Fused(7 * Classes));
        _x.ZeroGrad();
        _weight.ZeroGrad();
        (_x.RequiresGrad, _weight.RequiresGrad) = (needsX, needsWeight);
        Fused(7 * Classes).Backward();
        Assert.Equal(needsX ? dx : null, _x.Grad?.ToArray());
        Assert.Equal(needsWeight ? dweight : null, _weight.Grad?.ToArray());
    }

    [Fact]
    public void One_to_four_threads_give_the_same_bits()
    {
        int threads = Compute.ThreadCount;
        try
        {
            Compute.ThreadCount = 1;
            (float loss, float[] dx, float[] dweight) = Run(() => Fused(25 * Classes));
            for (Compute.ThreadCount = 2; Compute.ThreadCount <= 4; Compute.ThreadCount++)
            {
                (float other, float[] otherDx, float[] otherDweight) = Run(() => Fused(25 * Classes));
                Assert.Equal(loss, other);
                Assert.Equal(dx, otherDx);
                Assert.Equal(dweight, otherDweight);
            }
        }
        finally
        {
            Compute.ThreadCount = threads;
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Contains("[301, 23]", Assert.Throws<ShapeException>(() => _x.LinearCrossEntropy(_weight[.., 1..], _targets)).Message, StringComparison.Ordinal);
        Assert.Contains("[4, 10]", Assert.Throws<ShapeException>(() => _x.LinearCrossEntropy(_weight, IndexTensor.Arange(40).View(4, 10))).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => _x.LinearCrossEntropy(_weight[..5], _targets));
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        float largest = expected.Max(MathF.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * largest));
    }

    private Tensor Fused(int maxLogits) => _x.LinearCrossEntropy(_weight, _targets, -100, maxLogits);

    private (float Loss, float[] Dx, float[] Dweight) Run(Func<Tensor> loss)
    {
        _x.ZeroGrad();
        _weight.ZeroGrad();
        Tensor y = loss();
        y.Backward();
        return (y.Item(), _x.Grad!.ToArray(), _weight.Grad!.ToArray());
    }
}
