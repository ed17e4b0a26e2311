namespace Nabla.Tests.Ops;

/// <summary>The fused attention against its unfused twin, which holds all T x S weights.</summary>
[Trait("Tier", "true")]
public class AttentionTests
{
    // Lengths around the kernel's blocks of 64 queries and 128 keys, and caches: fewer queries than keys.
    public static TheoryData<int, int, bool> Lengths => new()
    {
        { 1, 1, true }, { 31, 31, true }, { 32, 32, true }, { 33, 33, true }, { 100, 100, true }, { 70, 70, false },
        { 1, 40, true }, { 5, 37, true }, { 40, 5, false }, { 3, 65, false }, { 65, 129, true }, { 130, 130, true },
        { 2, 260, true }, { 66, 260, true }, { 140, 130, false },
    };

    [Theory]
    [MemberData(nameof(Lengths))]
    [Trait("Number", "L10-085")]
    public void Fused_and_unfused_attention_agree(int queries, int keys, bool causal)
    {
        (Tensor q, Tensor k, Tensor v) = (Leaf(1, queries), Leaf(2, keys), Leaf(3, keys));
        Tensor dy = Tensor.Randn(new RandomGenerator(4), 2, 3, queries, 8);
        Tensor fused = q.ScaledDotProductAttention(k, v, causal);
        fused.Backward(dy);
        Tensor[] gradients = [.. new[] { q, k, v }.Select(x => x.Grad!.Clone())];
        q.ZeroGrad();
        k.ZeroGrad();
        v.ZeroGrad();

        Tensor unfused = Unfused(q, k, v, causal);
        unfused.Backward(dy);
        AssertClose(unfused, fused);
        AssertClose(q.Grad!, gradients[0]);
        AssertClose(k.Grad!, gradients[1]);
        AssertClose(v.Grad!, gradients[2]);
    }

    // Values that are the unit matrix give back the weights. The keys fill three blocks and some of a fourth.
    [Theory]
    [InlineData("rising")]
    [InlineData("falling")]
    [InlineData("largest last")]
    [InlineData("random")]
    [InlineData("low")]
    [Trait("Number", "L10-086")]
    public void Weights_of_a_running_maximum_are_those_of_a_softmax_that_reads_twice(string order)
    {
        const int Queries = 70;
        const int Keys = 401;
        float[] random = Tensor.Randn(new RandomGenerator(3), Keys).ToArray();
        float[] scores = [.. Enumerable.Range(0, Keys).Select(key => order switch
        {
            "rising" => (16f * key / Keys) - 8,
            "falling" => 8 - (16f * key / Keys),
            "largest last" => key == Keys - 1 ? 8 : random[key] - 4,
            "low" => random[key] - 200, // less a maximum that began at 0, they would all be nothing
            _ => 3 * random[key],
        })];
        float[] queries = new float[Queries * Keys];
        float[] keys = new float[Keys * Keys];
        for (int query = 0; query < Queries; query++)
        {
            queries[query * Keys] = MathF.Sqrt(Keys) * (query + 1) / Queries;
        }

        for (int key = 0; key < Keys; key++)
        {
            keys[key * Keys] = scores[key];
        }

        Tensor twice = (Tensor.Linspace(1f / Queries, 1, Queries).View(Queries, 1) * Tensor.From(scores, 1, Keys)).Softmax(-1);
        Tensor once = Tensor.From(queries, 1, 1, Queries, Keys)
            .ScaledDotProductAttention(Tensor.From(keys, 1, 1, Keys, Keys), Tensor.Eye(Keys).View(1, 1, Keys, Keys));

        Assert.InRange((once.View(Queries, Keys) - twice).Abs().Max().Item(), 0, 1e-6f);
    }

    [Fact]
    public void Its_gradients_add_to_what_is_there()
    {
        (Tensor q, Tensor k, Tensor v) = (Leaf(1, 40), Leaf(2, 40), Leaf(3, 40));
        q.ScaledDotProductAttention(k, v, causal: true).Sum().Backward();
        Tensor once = k.Grad!.Clone();
        q.ScaledDotProductAttention(k, v, causal: true).Sum().Backward();
        AssertClose(once * 2, k.Grad!);
    }

    [Fact]
    public void Heads_that_lie_side_by_side_in_memory_are_read_where_they_lie()
    {
        Tensor packed = Tensor.Randn(new RandomGenerator(5), 2, 50, 3, 3, 8);
        packed.RequiresGrad = true;
        Tensor[] parts = packed.Permute(2, 0, 3, 1, 4).Unbind(0);
        Tensor y = parts[0].ScaledDotProductAttention(parts[1], parts[2], causal: true);
        Tensor copied = parts[0].Clone().ScaledDotProductAttention(parts[1].Clone(), parts[2].Clone(), causal: true);
        Assert.Equal(copied.ToArray(), y.ToArray());
        Assert.True(y.Transpose(1, 2).IsContiguous);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3f)]
    public void Packed_heads_give_the_bits_of_heads_taken_apart(float dropout)
    {
        Tensor packed = Tensor.Randn(new RandomGenerator(5), 2, 70, 3 * 3 * 8);
        Tensor dy = Tensor.Randn(new RandomGenerator(6), 2, 70, 3 * 8);
        packed.RequiresGrad = true;
        Tensor[] parts = packed.View(2, 70, 3, 3, 8).Permute(2, 0, 3, 1, 4).Unbind(0);
        Tensor apart = parts[0].ScaledDotProductAttention(parts[1], parts[2], causal: true, dropout, new RandomGenerator(9))
            .Transpose(1, 2)
            .Reshape(2, 70, 24);
        apart.Backward(dy);
        float[] expected = packed.Grad!.ToArray();
        packed.ZeroGrad();

        Tensor together = packed.CausalSelfAttention(3, dropout, new RandomGenerator(9));
        together.Backward(dy);
        Assert.Equal(apart.ToArray(), together.ToArray());
        Assert.Equal(expected, packed.Grad!.ToArray());
    }

    [Fact]
    public void Dropout_masks_backward_as_it_masked_forward()
    {
        // With values = 1, a row of the output is the sum of its masked weights; it is linear in the values, so the gradient of
        // the output's sum with respect to a value must be the sum of the masked weights on it.
        (Tensor q, Tensor k, Tensor v) = (Leaf(1, 40), Leaf(2, 40), Leaf(3, 40));
        Tensor y = q.ScaledDotProductAttention(k, v, causal: true, dropout: 0.4f, new RandomGenerator(9));
        y.Sum().Backward();
        double byGradient = (v.Grad! * v.Detach()).Sum().Item();
        Assert.Equal(y.Sum().Item(), byGradient, 1e-3);

        Tensor without = q.ScaledDotProductAttention(k, v, causal: true);
        Assert.False(without.AllClose(y));
        Tensor again = q.ScaledDotProductAttention(k, v, causal: true, dropout: 0.4f, new RandomGenerator(9));
        Assert.Equal(y.ToArray(), again.ToArray());
    }

    [Fact]
    public void The_query_gradient_under_dropout_equals_a_finite_difference()
    {
        (Tensor q, Tensor k, Tensor v) = (Leaf(1, 6), Leaf(2, 6), Leaf(3, 6));
        Tensor weights = Tensor.Randn(new RandomGenerator(8), 2, 3, 6, 8);
        Tensor Loss() => (q.ScaledDotProductAttention(k, v, true, 0.3f, new RandomGenerator(9)) * weights).Sum();
        Loss().Backward();
        Tensor direction = Tensor.Randn(new RandomGenerator(10), 2, 3, 6, 8);
        float predicted = (q.Grad! * direction).Sum().Item();
        const float Step = 1e-2f;
        using (Tensor.NoGrad())
        {
            q.AddInPlace(direction * Step);
            float above = Loss().Item();
            q.AddInPlace(direction * (-2 * Step));
            Assert.Equal(predicted, (above - Loss().Item()) / (2 * Step), 0.02 * Math.Max(1, Math.Abs(predicted)));
        }
    }

    [Theory]
    [InlineData(40, 40)]
    [InlineData(17, 131)]
    public void Under_dropout_fused_and_unfused_attention_agree(int queries, int keys)
    {
        const float Share = 0.3f;
        (Tensor q, Tensor k, Tensor v) = (Leaf(1, queries), Leaf(2, keys), Leaf(3, keys));
        Tensor dy = Tensor.Randn(new RandomGenerator(4), 2, 3, queries, 8);
        Tensor fused = q.ScaledDotProductAttention(k, v, causal: true, Share, new RandomGenerator(9));
        fused.Backward(dy);
        Tensor[] gradients = [.. new[] { q, k, v }.Select(x => x.Grad!.Clone())];
        q.ZeroGrad();
        k.ZeroGrad();
        v.ZeroGrad();

        // The mask of element (row, key): a row begins at a multiple of four.
        ulong seed = new RandomGenerator(9).NextUInt64();
        float[] mask = new float[2 * 3 * queries * keys];
        for (int i = 0; i < mask.Length; i++)
        {
            uint word = CounterRandom.Hash(seed, (ulong)((i / keys * ((keys + 3) & ~3)) + (i % keys)));
            mask[i] = word / 4294967296.0 < Share ? 0 : 1 / (1 - Share);
        }

        Tensor unfused = Unfused(q, k, v, causal: true, Tensor.From(mask, 2, 3, queries, keys));
        unfused.Backward(dy);
        AssertClose(unfused, fused);
        AssertClose(q.Grad!, gradients[0]);
        AssertClose(k.Grad!, gradients[1]);
        AssertClose(v.Grad!, gradients[2]);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(64)]
    [InlineData(80)]
    public void Heads_of_any_width_agree(int width)
    {
        RandomGenerator random = new(11);
        Tensor[] leaves = [.. Enumerable.Range(0, 3).Select(_ => Tensor.Randn(random, 1, 2, 35, width))];
        Tensor dy = Tensor.Randn(random, 1, 2, 35, width);
        foreach (Tensor leaf in leaves)
        {
            leaf.RequiresGrad = true;
        }

        Tensor fused = leaves[0].ScaledDotProductAttention(leaves[1], leaves[2], causal: true);
        fused.Backward(dy);
        Tensor[] gradients = [.. leaves.Select(x => x.Grad!.Clone())];
        Array.ForEach(leaves, x => x.ZeroGrad());
        Tensor unfused = Unfused(leaves[0], leaves[1], leaves[2], causal: true);
        unfused.Backward(dy);
        AssertClose(unfused, fused);
        for (int i = 0; i < leaves.Length; i++)
        {
            AssertClose(leaves[i].Grad!, gradients[i]);
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        ShapeException error = Assert.Throws<ShapeException>(() => Leaf(1, 4).ScaledDotProductAttention(Leaf(2, 5), Leaf(3, 4)));
        Assert.Contains("queries [2, 3, 4, 8], keys [2, 3, 5, 8], values [2, 3, 4, 8]", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ShapeException>(() => Leaf(1, 4).ScaledDotProductAttention(Leaf(2, 3), Leaf(3, 3), causal: true));
        Assert.Contains("4 queries and 3 keys", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ShapeException>(() => Tensor.Zeros(2, 5, 24).CausalSelfAttention(3));
        Assert.Contains("[2, 5, 24] with 3 heads", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Unfused(Tensor q, Tensor k, Tensor v, bool causal, Tensor? mask = null)
    {
        (int queries, int keys) = (q.Shape[2], k.Shape[2]);
        Tensor scores = q.MatMul(k.Transpose(-2, -1)) * (1 / MathF.Sqrt(q.Shape[3]));
        if (causal)
        {
            float[] future = new float[queries * keys];
            for (int i = 0; i < future.Length; i++)
            {
                future[i] = i % keys > (keys - queries) + (i / keys) ? float.NegativeInfinity : 0;
            }

            scores += Tensor.From(future, queries, keys);
        }

        Tensor weights = scores.Softmax(-1);
        return (mask is null ? weights : weights * mask).MatMul(v);
    }

    private static Tensor Leaf(ulong seed, int length)
    {
        Tensor x = Tensor.Randn(new RandomGenerator(seed), 2, 3, length, 8);
        x.RequiresGrad = true;
        return x;
    }

    private static void AssertClose(Tensor expected, Tensor actual)
        => Assert.True(actual.AllClose(expected, 1e-5f, 2e-6f), $"expected {expected}\nactual {actual}");
}
