using Nabla.Tensors;
using Nabla.Tests.Tensors;

namespace Nabla.Tests.Ops;

/// <summary>Layers whose inside backward computes again. Counts what the whole process lends, so nothing else may run beside it.</summary>
[Collection(nameof(SmallTensorMemoryTests))]
public sealed class RecomputeTests
{
    private const int Layers = 6;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Outputs_and_gradients_are_the_same_bits(bool scoped)
    {
        Assert.Equal(Run(recomputed: false, scoped, out _), Run(recomputed: true, scoped, out _));
    }

    [Fact]
    public void Of_a_layer_only_the_input_is_kept()
    {
        Run(recomputed: false, scoped: true, out long whole);
        Run(recomputed: true, scoped: true, out long inputs);

        // Of 128 numbers between layers and more than a thousand inside.
        Assert.InRange(inputs, 1, whole / 4);
    }

    [Fact]
    public void A_function_may_be_recomputed_inside_another_and_walked_again()
    {
        Tensor x = Leaf(new RandomGenerator(1), 64);
        Tensor y = x.Recompute(outer => outer.Tanh().Recompute(inner => inner * inner) * 3).Sum();
        y.Backward(retainGraph: true);
        float[] once = x.Grad!.ToArray();
        y.Backward();
        Assert.Equal(once.Select(value => 2 * value), x.Grad!.ToArray());

        Tensor twin = Leaf(new RandomGenerator(1), 64);
        Tensor root = twin.Tanh();
        (root * root * 3).Sum().Backward();
        Assert.Equal(twin.Grad!.ToArray(), once);
    }

    [Fact]
    public void Gradients_come_to_parameters_though_the_input_needs_none()
    {
        Tensor weight = Leaf(new RandomGenerator(1), 64);
        Tensor x = Tensor.Ones(64);
        x.Recompute(input => input * weight).Sum().Backward();
        Assert.Equal(1, weight.Grad!.Min().Item());
        Assert.Null(x.Grad);
        x.Recompute(input => input).Sum().Backward();
    }

    [Fact]
    public void Without_a_tape_the_function_is_applied_and_no_more()
    {
        Tensor x = Leaf(new RandomGenerator(1), 64);
        using (Tensor.NoGrad())
        {
            Assert.True(x.Recompute(input => input * 2).IsLeaf);
        }
    }

    private static float[] Run(bool recomputed, bool scoped, out long kept)
    {
        using MemoryScope? scope = scoped ? MemoryScope.Begin() : null;
        RandomGenerator random = new(1);
        Tensor[] weights = [.. Enumerable.Range(0, 2 * Layers).Select(layer => layer % 2 == 0 ? Leaf(random, 512, 128) : Leaf(random, 128, 512))];
        Tensor input = Leaf(random, 1024, 128);
        RandomGenerator masks = new(2);
        long before = MemoryPool.LiveBytes;
        Tensor x = input;
        for (int layer = 0; layer < Layers; layer++)
        {
            (Tensor wide, Tensor narrow) = (weights[2 * layer], weights[(2 * layer) + 1]);
            x = recomputed ? x.Recompute(Apply, masks) : Apply(x);

            Tensor Apply(Tensor x)
            {
                Tensor hidden = x.Linear(wide);
                Tensor active = hidden.Relu();
                hidden.Release();
                Tensor dropped = active.Dropout(0.3f, masks);
                active.Release();
                Tensor result = dropped.Linear(narrow) + x;
                dropped.Release();
                return result;
            }
        }

        kept = MemoryPool.LiveBytes - before;
        Tensor loss = (x * x).Sum();
        loss.Backward();
        return [loss.Item(), masks.NextSingle(), .. input.Grad!.ToArray(), .. weights.SelectMany(weight => weight.Grad!.ToArray())];
    }

    private static Tensor Leaf(RandomGenerator random, params ReadOnlySpan<int> sizes)
    {
        Tensor x = Tensor.Randn(random, sizes);
        x.RequiresGrad = true;
        return x;
    }
}
