using Nabla.Autograd;

namespace Nabla.Tests.Ops;

/// <summary>Attention to a cache whose rows have different lengths, against attention row by row.</summary>
[Trait("Tier", "true")]
[Collection(SetsThreadCount.Name)]
public class CachedAttentionTests
{
    // Widths around four vectors, one, and less than one.
    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(7)]
    public void Each_row_attends_to_as_many_keys_as_it_has(int width)
    {
        using NoGradScope noGrad = Tensor.NoGrad();
        int[] lengths = [3, 70, 1];
        Tensor q = Tensor.Randn(new RandomGenerator(1), 3, 1, 2, width).Transpose(1, 2);
        Tensor k = Tensor.Randn(new RandomGenerator(2), 3, 2, 70, width);
        Tensor v = Tensor.Randn(new RandomGenerator(3), 3, 2, 70, width);
        Tensor y = q.CachedAttention(k, v, lengths);
        Assert.True(y.Transpose(1, 2).IsContiguous);
        for (int row = 0; row < 3; row++)
        {
            Range own = row..(row + 1);
            Range seen = ..lengths[row];
            Tensor expected = q[own].ScaledDotProductAttention(k[own, .., seen], v[own, .., seen]);
            Assert.True(y[own].AllClose(expected, 1e-5f, 1e-6f));
        }
    }

    [Fact]
    public void Every_number_of_threads_gives_the_same_bits()
    {
        using NoGradScope noGrad = Tensor.NoGrad();
        Tensor q = Tensor.Randn(new RandomGenerator(1), 2, 6, 1, 64);
        Tensor k = Tensor.Randn(new RandomGenerator(2), 2, 6, 500, 64);
        int threads = Compute.ThreadCount;
        try
        {
            float[][] results = [.. new[] { 1, 2, 3, 4 }.Select(count =>
            {
                Compute.ThreadCount = count;
                return q.CachedAttention(k, k, 500, 321).ToArray();
            })];
            Assert.All(results, result => Assert.Equal(results[0], result));
        }
        finally
        {
            Compute.ThreadCount = threads;
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Tensor q = Tensor.Ones(2, 3, 1, 4);
        Tensor k = Tensor.Ones(2, 3, 5, 4);
        Assert.Contains("give one for each row", Refused(q, k, 5), StringComparison.Ordinal);
        Assert.Contains("a length of 6", Refused(q, k, 5, 6), StringComparison.Ordinal);
        Assert.Contains("queries [2, 3, 5, 4]", Refused(k, k, 5, 5), StringComparison.Ordinal);
        q.RequiresGrad = true;
        Assert.Contains("no backward", Assert.Throws<InvalidOperationException>(() => q.CachedAttention(k, k, 1, 1)).Message, StringComparison.Ordinal);
        string Refused(Tensor queries, Tensor keys, params int[] lengths)
            => Assert.Throws<ShapeException>(() => queries.CachedAttention(keys, keys, lengths)).Message;
    }
}
