using Nabla.Nn;

namespace Nabla.Tests.Notes;

/// <summary>The numbers of the notes on neural networks, gradient descent and transformers, each computed by tensors.</summary>
public sealed class NotesTests
{
    [Fact]
    [Trait("Number", "NT-001")]
    public void The_digit_network_has_13_002_parameters()
    {
        Sequential network = new(
            new Linear(784, 16), new Sigmoid(), new Linear(16, 16), new Sigmoid(), new Linear(16, 10), new Sigmoid());

        Assert.Equal(12_960, network.Parameters().Where(parameter => parameter.Rank == 2).Sum(weight => weight.Count));
        Assert.Equal(42, network.Parameters().Where(parameter => parameter.Rank == 1).Sum(bias => bias.Count));
        Assert.Equal(13_002, network.Parameters().Sum(parameter => parameter.Count));
    }

    [Fact]
    [Trait("Number", "NT-003")]
    public void The_sigmoid_is_a_half_at_zero_and_the_rectifier_cuts_at_zero()
    {
        Assert.Equal(0.5f, Tensor.Scalar(0).Sigmoid().Item());
        Assert.Equal([0, 3], Tensor.From([-2, 3]).Relu().ToArray());
    }

    [Fact]
    [Trait("Number", "NT-004")]
    public void The_cost_is_the_sum_of_squared_differences_averaged_over_examples()
    {
        Tensor undecided = Tensor.Full(new Shape(1, 10), 0.5f);
        Tensor target = Tensor.OneHot(IndexTensor.From([3]), 10);
        Assert.Equal(2.5f, (undecided - target).Square().Sum(1).Mean().Item());

        Tensor both = Tensor.Cat([undecided, target]);
        Assert.Equal(1.25f, (both - target).Square().Sum(1).Mean().Item());
    }

    [Fact]
    [Trait("Number", "NT-007")]
    public void A_perceptron_is_a_NAND_gate()
    {
        Tensor inputs = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
        Tensor sums = inputs.MatMul(Tensor.From([-2, -2], 2, 1)) + 3;
        Assert.Equal([1, 1, 1, 0], (sums >= 0).ToArray());
    }

    [Fact]
    [Trait("Number", "NT-008")]
    public void A_step_against_the_gradient_lowers_the_bowl_and_one_along_it_raises_it()
    {
        Tensor v = Point(1, 1);
        Tensor f = Bowl(v, b: 0.1f);
        f.Backward();

        Assert.Equal(0.55f, f.Item(), 1e-6f);
        Assert.Equal(0.170125f, Bowl(v.Detach() - (0.5f * v.Grad!), 0.1f).Item(), 1e-6f);
        Assert.Equal(1.180125f, Bowl(v.Detach() - (0.5f * -v.Grad!), 0.1f).Item(), 1e-6f);
    }

    [Fact]
    [Trait("Number", "NT-009")]
    public void The_gradient_of_the_bowl_is_x_and_b_y()
    {
        Tensor v = Point(2, 3);
        Bowl(v, b: 0.5f).Backward();
        Assert.Equal([2, 1.5f], v.Grad!.ToArray());

        // The same as a quadratic form, v^T S v / 2 with S = diag(1, b).
        Tensor w = Point(2, 3);
        Tensor s = Tensor.From(new float[,] { { 1, 0 }, { 0, 0.5f } });
        Tensor form = 0.5f * w.View(1, 2).MatMul(s).MatMul(w.View(2, 1)).Sum();
        form.Backward();
        Assert.Equal(Bowl(v, 0.5f).Item(), form.Item());
        Assert.Equal([2, 1.5f], w.Grad!.ToArray());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(-40, 0.25f)]
    [Trait("Number", "NT-010")]
    public void Newtons_step_ends_at_the_bottom_from_anywhere(float x, float y)
    {
        // The step is the gradient divided by the second derivatives, which of the bowl are 1 and b.
        Tensor v = Point(x, y);
        Bowl(v, b: 0.5f).Backward();
        Assert.Equal([0, 0], (v.Detach() - (v.Grad! / Tensor.From([1, 0.5f]))).ToArray());
    }

    [Fact]
    [Trait("Number", "NT-011")]
    public void Three_and_two_are_five() => Assert.Equal(5, (Tensor.Scalar(3) + 2).Item());

    [Fact]
    [Trait("Number", "NT-012")]
    public void A_higher_temperature_makes_softmax_flatter()
    {
        Tensor logits = Tensor.From([1, 2, 3]);
        float[] one = logits.Softmax(0).ToArray();
        float[] two = (logits / 2).Softmax(0).ToArray();
        float[] ten = (logits / 10).Softmax(0).ToArray();

        AssertClose([0.0900f, 0.2447f, 0.6652f], one, 1e-4f);
        AssertClose([0.1863f, 0.3072f, 0.5065f], two, 1e-4f);
        Assert.True(one[2] > two[2] && two[2] > ten[2] && ten[2] > 1 / 3f);
        Assert.True(one[0] < two[0] && two[0] < ten[0] && ten[0] < 1 / 3f);
    }

    [Fact]
    [Trait("Number", "NT-013")]
    [Trait("Number", "NT-014")]
    [Trait("Number", "NT-015")]
    public void The_sizes_of_GPT_3_fit_together()
    {
        const int width = 12_288;
        Assert.Equal(617_558_016, new Shape(50_257, width).Count);
        Assert.Equal(width, new Shape(96, 128).Count);
        Assert.Equal(3_145_728, new Shape(width, 128).Count + new Shape(128, width).Count);
    }

    [Fact]
    [Trait("Number", "NT-016")]
    [Trait("Tier", "true")]
    public void Attention_never_looks_ahead_and_its_weights_sum_to_one()
    {
        const int context = 7, size = 16;
        RandomGenerator random = new(1);
        Tensor q = Tensor.Randn(random, context, size), k = Tensor.Randn(random, context, size), v = Tensor.Randn(random, context, size);

        Tensor scores = q.MatMul(k.Transpose(0, 1)) / MathF.Sqrt(size);
        Tensor future = Tensor.Ones(context, context).Triu(1);
        Tensor pattern = scores.MaskedFill(future, float.NegativeInfinity).Softmax(1);

        Assert.Equal(context * context, pattern.Count);
        Assert.Equal(0, (pattern * future).Abs().Max().Item());
        AssertClose([.. Enumerable.Repeat(1f, context)], pattern.Sum(1).ToArray(), 1e-6f);

        // The fused operation, which never makes the pattern, agrees.
        Tensor fused = Heads(q).ScaledDotProductAttention(Heads(k), Heads(v), causal: true);
        AssertClose(pattern.MatMul(v).ToArray(), fused.ToArray(), 1e-5f);

        static Tensor Heads(Tensor x) => x.View(1, 1, context, size);
    }

    [Fact]
    [Trait("Number", "NT-017")]
    public void The_likeness_of_two_embeddings_is_their_dot_product()
        => Assert.Equal(32, Tensor.From([1, 2, 3]).MatMul(Tensor.From([4, 5, 6])).Item());

    private static Tensor Point(float x, float y)
    {
        Tensor point = Tensor.From([x, y]);
        point.RequiresGrad = true;
        return point;
    }

    private static Tensor Bowl(Tensor v, float b) => 0.5f * (v.Square() * Tensor.From([1, b])).Sum();

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
