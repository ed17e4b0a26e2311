namespace Nabla.Tests.Ops;

/// <summary>Attention is the same bits on any number of threads, also where a head's gradients are summed from slices.</summary>
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
