using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The sixth lecture's trainings: 200,000 steps of 32 examples each, the last quarter at a tenth of the rate.</summary>
public sealed class WaveNetLongTrainingTests
{
    private const int Steps = 200_000;

    private static readonly Lazy<(float Train, float Dev, float[] Curve)> _flatOfThree = new(() => Trained(WaveNetNetwork.Flat(3), 3));
    private static readonly Lazy<(float Train, float Dev, float[] Curve)> _flatOfEight = new(() => Trained(WaveNetNetwork.Flat(8), 8));
    private static readonly Lazy<(float Train, float Dev, float[] Curve)> _mistaken = new(
        () => Trained(WaveNetNetwork.Tree(norm: channels => new PositionNorm(channels)), 8));

    private static readonly Lazy<(float Train, float Dev, float[] Curve)> _tree = new(() => Trained(WaveNetNetwork.Tree(), 8));
    private static readonly Lazy<(float Train, float Dev, float[] Curve)> _largerTree = new(
        () => Trained(WaveNetNetwork.Tree(embeddingWidth: 24, width: 128), 8));

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L06-003")]
    [Trait("Number", "L06-017")]
    public void Three_characters_at_once_reach_2_10()
    {
        (float train, float dev, float[] curve) = _flatOfThree.Value;
        Assert.Equal(2.05f, train, 0.02f);
        Assert.Equal(2.10f, dev, 0.02f);

        // The ten points behind the fall of the rate, and the ten before it.
        Assert.InRange(curve[150..160].Average() - curve[140..150].Average(), -1, 0);
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L06-005")]
    public void Eight_characters_at_once_reach_2_027()
    {
        Assert.Equal(2.027f, _flatOfEight.Value.Dev, 0.02f);
        Assert.InRange(_flatOfEight.Value.Dev, 0, 2.04f);
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L06-007")]
    [Trait("Number", "L06-011")]
    public void The_tree_with_the_mistaken_batch_norm_reaches_2_029_no_better_than_the_flat_network()
    {
        Assert.Equal(2.029f, _mistaken.Value.Dev, 0.02f);
        Assert.Equal(_flatOfEight.Value.Dev, _mistaken.Value.Dev, 0.02f);
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L06-008")]
    public void The_tree_reaches_2_022()
    {
        Assert.Equal(2.022f, _tree.Value.Dev, 0.02f);
        Assert.InRange(_tree.Value.Dev, 0, 2.04f);
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L06-010")]
    [Trait("Number", "L06-012")]
    public void The_larger_tree_reaches_1_993_a_tenth_less_than_three_characters()
    {
        Assert.Equal(1.993f, _largerTree.Value.Dev, 0.02f);
        Assert.InRange(_largerTree.Value.Dev, 0, 2.00f);
        Assert.True(_flatOfThree.Value.Dev - _largerTree.Value.Dev >= 0.08f);
    }

    private static (float Train, float Dev, float[] Curve) Trained(WaveNetNetwork model, int contextLength)
    {
        (Examples train, Examples dev) = WaveNetData.Split(contextLength);
        float[] curve = Tensor.From(model.Train(train, Steps)).View(-1, 1000).Mean(1).ToArray();
        model.Eval();
        (float Train, float Dev, float[] Curve) result = (model.Loss(train), model.Loss(dev), curve);
        TestContext.Current.TestOutputHelper!.WriteLine($"train {result.Train:F4}, dev {result.Dev:F4}");
        return result;
    }
}
