using Nabla.Tensors;

namespace Nabla.Tests.Ops;

/// <summary>Attention's bits do not depend on the number of threads, nor its memory on the square of the length.</summary>
[Collection(SetsThreadCount.Name)]
public sealed class AttentionThreadTests
{
    [Theory]
    [InlineData(2, 3, 40, 0)]
    [InlineData(1, 2, 600, 0)]
    [InlineData(1, 2, 600, 0.2f)]
    public void One_to_four_threads_give_the_same_bits(int batch, int heads, int length, float dropout)
    {
        int threads = Compute.ThreadCount;
        try
        {
            float[][] expected = Run(batch, heads, length, dropout, 1);
            for (int count = 2; count <= 4; count++)
            {
                foreach ((float[] one, float[] many) in expected.Zip(Run(batch, heads, length, dropout, count)))
                {
                    Assert.True(one.AsSpan().SequenceEqual(many), $"{count} threads");
                }
            }
        }
        finally
        {
            Compute.ThreadCount = threads;
        }
    }

    [Fact]
    public void The_gradients_of_a_head_in_slices_are_those_of_heads_enough_not_to_be_cut()
    {
        // One head of 600 is cut; beside 11 others like it, it is not.
        float[][] cut = Run(1, 1, 600, 0, Compute.ThreadCount);
        float[][] whole = Run(1, 12, 600, 0, Compute.ThreadCount);
        for (int i = 0; i < cut.Length; i++)
        {
            Tensor expected = Tensor.From(whole[i].AsSpan(0, cut[i].Length), cut[i].Length);
            Assert.True(Tensor.From(cut[i], cut[i].Length).AllClose(expected, 1e-5f, 2e-6f));
        }
    }

    [Fact]
    [Trait("Number", "L10-087")]
    public void Memory_grows_with_the_length_of_the_context_not_with_its_square()
    {
        long half = BytesFor(1024);
        long whole = BytesFor(2048);
        Assert.InRange(whole, 1.5 * half, 2.5 * half);

        // One head's weights alone would take 4 and 16 MB.
        Assert.InRange(half, 1, 1_048_576 * sizeof(float));
        Assert.InRange(whole, 1, 12 << 20);
    }

    // What all tensors of a forward and a backward hold together, those of the way included.
    private static long BytesFor(int length)
    {
        Tensor x = Tensor.Randn(new RandomGenerator(1), 1, length, 3 * 12 * 8);
        x.RequiresGrad = true;

        // What other tests left behind must not come back while this one counts.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using (MemoryScope.Begin())
        {
            long before = MemoryPool.LiveBytes;
            x.CausalSelfAttention(12, 0.1f, new RandomGenerator(2)).Sum().Backward();
            return MemoryPool.LiveBytes - before;
        }
    }

    private static float[][] Run(int batch, int heads, int length, float dropout, int threads)
    {
        Compute.ThreadCount = threads;
        RandomGenerator[] randoms = [new(1), new(2), new(3)];
        Tensor[] leaves = [.. randoms.Select(random => Tensor.Randn(random, batch, heads, length, 16))];
        foreach (Tensor leaf in leaves)
        {
            leaf.RequiresGrad = true;
        }

        Tensor y = leaves[0].ScaledDotProductAttention(leaves[1], leaves[2], causal: true, dropout, new RandomGenerator(5));
        y.Backward(Tensor.Randn(new RandomGenerator(4), batch, heads, length, 16));
        return [y.ToArray(), .. leaves.Select(leaf => leaf.Grad!.ToArray())];
    }
}
