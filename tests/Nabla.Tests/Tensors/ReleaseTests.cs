using Nabla.Tensors;

namespace Nabla.Tests.Tensors;

/// <summary>
/// What becomes of memory that the code around is done with. Counts what the whole process lends, so nothing else may run beside it.
/// </summary>
[Collection(nameof(SmallTensorMemoryTests))]
public class ReleaseTests
{
    private const int Size = 1 << 17;

    public ReleaseTests()
    {
        // What died in earlier tests must not come back while this one counts.
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Released_or_not_the_gradients_are_the_same_bits(bool scoped, bool walkedTwice)
    {
        Assert.Equal(Gradients(scoped, walkedTwice, released: false), Gradients(scoped, walkedTwice, released: true));
    }

    [Fact]
    public void What_no_operation_needs_is_given_back_at_once()
    {
        using MemoryScope scope = MemoryScope.Begin();
        Tensor x = Tensor.Ones(Size);
        Tensor weight = Leaf(1);
        Tensor product = x * weight;
        Tensor y = product + weight;
        long before = MemoryPool.LiveBytes;
        product.Release();

        Assert.Equal(before - (Size * sizeof(float)), MemoryPool.LiveBytes);
        Assert.Throws<ObjectDisposedException>(() => product.ToArray());
        Assert.Equal(2, y.Max().Item());
    }

    [Fact]
    public void What_is_cheap_to_compute_again_is_given_back_at_once_and_found_by_backward()
    {
        using MemoryScope scope = MemoryScope.Begin();
        Tensor x = Leaf(0.5f);
        Tensor active = x.Gelu();
        Tensor y = active * active;
        long before = MemoryPool.LiveBytes;
        Tensor view = active.View(2, -1);
        active.Release();

        Assert.Equal(before - (Size * sizeof(float)), MemoryPool.LiveBytes);
        Assert.Throws<ObjectDisposedException>(() => view.ToArray());
        y.Sum().Backward();
        Tensor twin = Leaf(0.5f);
        Tensor kept = twin.Gelu();
        (kept * kept).Sum().Backward();
        Assert.Equal(twin.Grad!.ToArray(), x.Grad!.ToArray());
    }

    [Fact]
    public void What_backward_needs_is_given_back_when_it_has_gone_through()
    {
        using MemoryScope scope = MemoryScope.Begin();
        Tensor x = Leaf(0.5f);
        Tensor root = x.Tanh();
        Tensor y = root * root;
        root.Release();

        Assert.Equal(MathF.Tanh(0.5f), root.Max().Item(), 6);
        y.Sum().Backward();
        Assert.Throws<ObjectDisposedException>(() => root.ToArray());
        Assert.NotNull(x.Grad);
    }

    [Fact]
    public void What_somebody_keeps_stays_though_its_maker_is_done_with_it()
    {
        Tensor kept;
        using (MemoryScope.Begin())
        {
            Tensor x = Leaf(0.5f);
            kept = (x * 2).Keep();
            Tensor y = kept.Gelu();
            kept.Release();
            y.Sum().Backward();
        }

        Assert.Equal(1, kept.Max().Item());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_nobody_released_can_be_read_after_backward(bool scoped)
    {
        using MemoryScope? scope = scoped ? MemoryScope.Begin() : null;
        Tensor x = Leaf(0.5f);
        Tensor hidden = x * 2;
        Tensor active = hidden.Gelu().RetainGrad();
        Tensor y = active * hidden;
        (y.Sum() + active.Sum()).Backward();
        Tensor other = Tensor.Full(new Shape(Size), 7);

        Assert.All([x, hidden, active, y, active.Grad!], tensor => Assert.DoesNotContain(7, tensor.ToArray()));
        Assert.Equal(1, hidden.Max().Item());
        Assert.Equal(2, active.Grad!.Max().Item());
        Assert.Equal(7, other.Max().Item());
    }

    [Fact]
    public void Views_and_parameters_stay()
    {
        Tensor parameter = Leaf(1);
        using (Tensor.NoGrad())
        {
            parameter.View(2, -1).Release();
            parameter.Detach().Release();
            parameter.Release();
        }

        Assert.Equal(1, parameter.Max().Item());
    }

    [Fact]
    public void The_gradients_of_a_chain_take_turns_in_the_same_memory()
    {
        using MemoryScope scope = MemoryScope.Begin();
        Tensor x = Leaf(1);
        Tensor y = x;
        for (int i = 0; i < 20; i++)
        {
            y = y * 1.01f;
        }

        Tensor loss = y.Sum();
        long blocks = MemoryPool.BlocksAllocated;
        long live = MemoryPool.LiveBytes;
        loss.Backward();

        Assert.InRange(MemoryPool.BlocksAllocated - blocks, 0, 3);
        Assert.Equal(live + (Size * sizeof(float)), MemoryPool.LiveBytes);
    }

    private static float[] Gradients(bool scoped, bool walkedTwice, bool released)
    {
        using MemoryScope? scope = scoped ? MemoryScope.Begin() : null;
        RandomGenerator random = new(3);
        Tensor[] leaves = [Tensor.Randn(random, 300, 64), Tensor.Randn(random, 64), Tensor.Randn(random, 64), Tensor.Randn(random, 128, 64)];
        foreach (Tensor leaf in leaves)
        {
            leaf.RequiresGrad = true;
        }

        Tensor normal = leaves[0].LayerNorm(leaves[1], leaves[2]);
        Tensor hidden = normal.Linear(leaves[3]);
        Tensor active = hidden.Relu();
        Tensor smooth = hidden.Gelu();
        Tensor y = active.Linear(leaves[3].Transpose(0, 1)) + smooth.Linear(leaves[3].Transpose(0, 1)) + normal;
        if (released)
        {
            foreach (Tensor tensor in (Tensor[])[normal, hidden, active, smooth])
            {
                tensor.Release();
            }
        }

        Tensor loss = y.Sum();
        if (walkedTwice)
        {
            loss.Backward(retainGraph: true);
        }

        loss.Backward();
        return [.. leaves.SelectMany(leaf => leaf.Grad!.ToArray())];
    }

    private static Tensor Leaf(float value)
    {
        Tensor x = Tensor.Full(new Shape(Size), value);
        x.RequiresGrad = true;
        return x;
    }
}
