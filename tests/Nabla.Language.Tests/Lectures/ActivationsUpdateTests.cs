using static Nabla.Language.Tests.Lectures.ActivationsDeepNetwork;
using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The fourth lecture's network of six layers in its first thousand steps: the logarithm to base 10 of how large a step is beside
/// the weights it changes. Around -3 is right.
/// </summary>
public sealed class ActivationsUpdateTests
{
    private static Examples TrainingSet => BackpropData.Split.Train;

    [Fact]
    [Trait("Number", "L04-075")]
    [Trait("Number", "L04-076")]
    [Trait("Number", "L04-077")]
    public void With_gain_5_over_3_and_rate_a_tenth_updates_are_right()
    {
        ActivationsDeepNetwork network = new();
        List<float[]> ratios = network.Train(TrainingSet, 1000, 0.1f, step => step is < 20 or >= 800);
        (float[] first, float[] last) = (Mean(ratios[..20]), Mean(ratios[20..]));

        Assert.All(last[..5], ratio => Assert.Equal(-2.5f, ratio, 0.35f));
        Assert.True(first[5] > last[5], $"the last layer: {first[5]}, then {last[5]}");

        network.Backward(TrainingSet);
        float[] gradients = [.. network.Activations.Select(activations => Std(activations.Grad))];
        Assert.InRange(gradients.Max() / gradients.Min(), 1, 3);
        Assert.All(network.Activations, activations => Assert.InRange(Saturation(activations), 3, 30));
    }

    [Fact]
    [Trait("Number", "L04-078")]
    public void With_rate_a_thousandth_they_are_too_small()
    {
        List<float[]> ratios = new ActivationsDeepNetwork().Train(TrainingSet, 1000, 0.001f, step => step >= 800);
        Assert.All(Mean(ratios)[..5], ratio => Assert.InRange(ratio, -6, -3.8f));
    }

    [Fact]
    [Trait("Number", "L04-080")]
    [Trait("Number", "L04-081")]
    public void Without_the_division_by_the_root_of_the_inputs_they_are_far_apart()
    {
        ActivationsDeepNetwork network = new(gain: 1, divide: false);
        float[] ratios = Mean(network.Train(TrainingSet, 20, 0.1f, _ => true));

        Assert.InRange(ratios.Max() - ratios.Min(), 1.5f, float.MaxValue);
        Assert.Equal(-1.25f, ratios.Max(), 0.35f);
    }

    [Fact]
    [Trait("Number", "L04-082")]
    [Trait("Number", "L04-083")]
    [Trait("Number", "L04-084")]
    public void With_batch_norm_all_layers_are_alike_and_stay_so()
    {
        ActivationsDeepNetwork network = new(norm: true);
        network.Backward(TrainingSet);
        AssertAlike(network);

        float[] ratios = Mean(network.Train(TrainingSet, 1000, 0.1f, step => step >= 800));
        network.Backward(TrainingSet);
        AssertAlike(network);
        Assert.All(ratios, ratio => Assert.Equal(-2.5f, ratio, 0.35f));
    }

    [Fact]
    [Trait("Number", "L04-089")]
    [Trait("Number", "L04-090")]
    [Trait("Number", "L04-091")]
    public void With_batch_norm_and_no_division_activations_are_right_and_a_rate_of_1_is_too()
    {
        ActivationsDeepNetwork network = new(gain: 1, norm: true, divide: false);
        network.Backward(TrainingSet);
        Assert.All(network.Activations, activations => Assert.Equal(0.64f, Std(activations), 0.04f));

        float[] slow = Mean(network.Train(TrainingSet, 1000, 0.1f, step => step >= 800));
        Assert.All(slow[1..], ratio => Assert.InRange(ratio, -6, -3.3f));

        network = new(gain: 1, norm: true, divide: false);
        float[] right = Mean(network.Train(TrainingSet, 1000, 1, step => step >= 800));
        Assert.All(right[1..], ratio => Assert.Equal(-2.85f, ratio, 0.45f));
    }

    private static void AssertAlike(ActivationsDeepNetwork network)
        => Assert.All(network.Activations, activations =>
        {
            Assert.Equal(0.65f, Std(activations), 0.04f);
            Assert.Equal(2, Saturation(activations), 2.5f);
        });

    private static float[] Mean(List<float[]> ratios)
        => [.. Enumerable.Range(0, 6).Select(weight => ratios.Average(row => row[weight]))];
}
