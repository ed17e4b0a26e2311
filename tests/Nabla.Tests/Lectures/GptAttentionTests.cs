using Nabla.Nn;

namespace Nabla.Tests.Lectures;

/// <summary>The GPT lecture's single head of attention, and its notes on what attention is.</summary>
[Trait("Tier", "true")]
public sealed class GptAttentionTests
{
    private const int HeadSize = 16;
    private readonly Tensor _x;
    private readonly Linear _key;
    private readonly Linear _query;
    private readonly Linear _value;

    public GptAttentionTests()
    {
        RandomGenerator random = new(1337);
        _x = Tensor.Randn(random, 4, 8, 32);
        _key = new Linear(32, HeadSize, bias: false, random);
        _query = new Linear(32, HeadSize, bias: false, random);
        _value = new Linear(32, HeadSize, bias: false, random);
    }

    [Fact]
    [Trait("Number", "L07-039")]
    public void Shapes_of_a_head_are_the_lectures()
    {
        Tensor triangle = Tensor.Ones(8, 8).Tril();
        Assert.Equal(new Shape(4, 8, 32), (triangle / triangle.Sum(1, keepDim: true)).MatMul(_x).Shape);
        Assert.Equal(new Shape(4, 8, HeadSize), _key.Forward(_x).Shape);
        Assert.Equal(new Shape(4, 8, HeadSize), _query.Forward(_x).Shape);
        Assert.Equal(new Shape(4, 8, 8), Weights(_x, _x).Shape);
        Assert.Equal(new Shape(4, 8, HeadSize), Attend(_x, _x).Shape);
    }

    [Fact]
    [Trait("Number", "L07-040")]
    public void Its_weights_before_training_are_the_lectures()
    {
        Tensor weights = Weights(_x, _x, scale: 1)[0];
        Near([1, 0, 0, 0, 0, 0, 0, 0], weights[0]);
        Near([0.1574f, 0.8426f, 0, 0, 0, 0, 0, 0], weights[1]);
        Near([0.2088f, 0.1646f, 0.6266f, 0, 0, 0, 0, 0], weights[2]);
        Near([0.0210f, 0.0843f, 0.0555f, 0.2297f, 0.0573f, 0.0709f, 0.2423f, 0.2391f], weights[7]);
    }

    [Fact]
    [Trait("Number", "L07-041")]
    public void Each_row_of_the_batch_has_weights_of_its_own_which_sum_to_one_and_see_no_future()
    {
        Tensor weights = Weights(_x, _x);
        Assert.False(weights[0].AllClose(weights[1], atol: 0.1f));
        Assert.All(weights.Sum(-1).ToArray(), sum => Assert.Equal(1, sum, 1e-6f));
        Assert.All(weights.Triu(1).ToArray(), weight => Assert.Equal(0, weight));
    }

    [Fact]
    [Trait("Number", "ON-016")]
    public void Attention_is_no_plain_mean_of_the_past()
    {
        Tensor triangle = Tensor.Ones(8, 8).Tril();
        Tensor mean = (triangle / triangle.Sum(1, keepDim: true)).MatMul(_value.Forward(_x));
        Tensor attended = Attend(_x, _x);
        Assert.True(mean[.., 0].AllClose(attended[.., 0], atol: 1e-6f)); // one place has nothing else to look at
        Assert.False(mean.AllClose(attended, atol: 0.05f));
    }

    [Fact]
    [Trait("Number", "L07-042")]
    [Trait("Number", "L07-043")]
    public void The_root_of_the_head_size_brings_the_variance_of_scores_back_to_one()
    {
        RandomGenerator random = new(1337);
        (Tensor queries, Tensor keys) = (Tensor.Randn(random, 2000, 8, HeadSize), Tensor.Randn(random, 2000, 8, HeadSize));
        Tensor scores = queries.MatMul(keys.Transpose(-2, -1));
        Assert.Equal(16, scores.Var().Item(), 0.8f);
        Assert.Equal(1, (scores * MathF.Pow(HeadSize, -0.5f)).Var().Item(), 0.05f);
    }

    [Theory]
    [Trait("Number", "ON-014")]
    [InlineData(384, 6, 0.125f, 2.449f)]
    public void Scores_are_scaled_by_the_head_size_and_not_by_the_width(int width, int heads, float expected, float factor)
    {
        int size = width / heads;
        RandomGenerator random = new(1337);
        (Tensor q, Tensor k, Tensor v) = (Tensor.Randn(random, 1, heads, 8, size), Tensor.Randn(random, 1, heads, 8, size), Tensor.Randn(random, 1, heads, 8, size));
        Tensor By(float scale) => (q.MatMul(k.Transpose(-2, -1)) * scale)
            .MaskedFill(Tensor.Ones(8, 8).Triu(1), float.NegativeInfinity).Softmax(-1).MatMul(v);

        Tensor ours = q.ScaledDotProductAttention(k, v, causal: true);
        Assert.True(ours.AllClose(By(expected), 1e-4f, 1e-5f));
        Assert.False(ours.AllClose(By(1 / MathF.Sqrt(width)), 1e-2f, 1e-2f));
        Assert.Equal(factor, expected * MathF.Sqrt(width), 1e-3f);
    }

    [Fact]
    [Trait("Number", "L07-047")]
    public void Without_positions_and_mask_another_order_of_places_is_another_order_of_results()
    {
        IndexTensor order = IndexTensor.From([3, 1, 7, 0, 2, 6, 5, 4]);
        Tensor reordered = _x.IndexSelect(1, order);
        Assert.True(Attend(_x, _x, masked: false).IndexSelect(1, order).AllClose(Attend(reordered, reordered, masked: false), 1e-5f, 1e-5f));
        Assert.False(Attend(_x, _x).IndexSelect(1, order).AllClose(Attend(reordered, reordered), 1e-2f, 1e-2f));
    }

    [Fact]
    [Trait("Number", "L07-049")]
    public void Without_the_mask_all_places_are_seen_and_in_cross_attention_those_of_another_source()
    {
        Assert.All(Weights(_x, _x, masked: false).ToArray(), weight => Assert.True(weight > 0));

        Tensor source = Tensor.Randn(new RandomGenerator(1), 4, 5, 32);
        Assert.Equal(new Shape(4, 8, 5), Weights(_x, source, masked: false).Shape);
        Tensor fused = _query.Forward(_x).Unsqueeze(1).ScaledDotProductAttention(
            _key.Forward(source).Unsqueeze(1), _value.Forward(source).Unsqueeze(1), causal: false);
        Assert.True(Attend(_x, source, masked: false).AllClose(fused.Squeeze(1), 1e-4f, 1e-5f));
    }

    [Fact]
    [Trait("Number", "L07-066")]
    public void A_sum_hands_its_gradient_on_to_both_sides()
    {
        Tensor x = Tensor.From([1, 2, 3]);
        Tensor f = Tensor.From([4, 5, 6]);
        (x.RequiresGrad, f.RequiresGrad) = (true, true);
        Tensor upstream = Tensor.From([0.5f, -2, 7]);
        ((x + f) * upstream).Sum().Backward();
        Assert.Equal(upstream.ToArray(), x.Grad!.ToArray());
        Assert.Equal(upstream.ToArray(), f.Grad!.ToArray());
    }

    private Tensor Weights(Tensor asking, Tensor asked, bool masked = true, float scale = 0.25f)
    {
        Tensor scores = _query.Forward(asking).MatMul(_key.Forward(asked).Transpose(-2, -1)) * scale;
        return (masked ? scores.MaskedFill(Tensor.Ones(8, 8).Triu(1), float.NegativeInfinity) : scores).Softmax(-1);
    }

    private Tensor Attend(Tensor asking, Tensor asked, bool masked = true)
        => Weights(asking, asked, masked).MatMul(_value.Forward(asked));

    private static void Near(float[] expected, Tensor actual)
        => Assert.Equal(expected, actual.ToArray(), (lecture, ours) => Math.Abs(lecture - ours) <= 1e-4f);
}
