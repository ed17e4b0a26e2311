using static Nabla.Language.Tests.Lectures.ActivationsDeepNetwork;
using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The fourth lecture's network of six layers before its first step: how the gain decides what becomes of activations and
/// gradients on their way through the layers.
/// </summary>
public sealed class ActivationsDeepTests
{
    private static Examples TrainingSet => BackpropData.Split.Train;

    [Fact]
    [Trait("Number", "L04-053")]
    [Trait("Number", "L04-054")]
    [Trait("Number", "L04-064")]
    public void With_gain_5_over_3_activations_settle_and_gradients_are_alike()
    {
        ActivationsDeepNetwork network = After(gain: 5 / 3f);

        AssertClose([0.759f, 0.693f, 0.669f, 0.659f, 0.654f], network.Activations.Select(Std), 0.03f);
        AssertClose([20.9f, 9.8f, 7.0f, 6.0f, 5.7f], network.Activations.Select(Saturation), 3);
        float[] gradients = Gradients(network.Activations);
        Assert.InRange(gradients.Max() / gradients.Min(), 1, 2);
    }

    [Fact]
    [Trait("Number", "L04-055")]
    [Trait("Number", "L04-056")]
    public void With_gain_1_activations_shrink()
    {
        ActivationsDeepNetwork network = After(gain: 1);

        AssertClose([0.628f, 0.486f, 0.408f, 0.358f, 0.322f], network.Activations.Select(Std), 0.03f);
        AssertClose([3.6f, 0, 0, 0, 0], network.Activations.Select(Saturation), 1.5f);
    }

    [Theory]
    [Trait("Number", "L04-057")]
    [Trait("Number", "L04-058")]
    [Trait("Number", "L04-059")]
    [Trait("Number", "L04-060")]
    [Trait("Number", "L04-063")]
    [InlineData(2, 0.729f, 15.1f)]
    [InlineData(3, 0.837f, 40.5f)]
    public void With_a_larger_gain_activations_saturate(float gain, float std, float saturation)
    {
        ActivationsDeepNetwork network = After(gain);

        Assert.Equal(std, Std(network.Activations[4]), 0.03f);
        Assert.Equal(saturation, Saturation(network.Activations[4]), 4f);
        if (gain == 3)
        {
            Assert.Equal(0.863f, Std(network.Activations[0]), 0.03f);
            Assert.Equal(48.6f, Saturation(network.Activations[0]), 4f);
            float[] gradients = Gradients(network.Activations);
            Assert.InRange(gradients[0] / gradients[4], 2, float.MaxValue);
        }
    }

    [Fact]
    [Trait("Number", "L04-061")]
    [Trait("Number", "L04-062")]
    public void With_gain_half_activations_vanish_forward_and_gradients_backward()
    {
        ActivationsDeepNetwork network = After(gain: 0.5f);

        AssertClose([0.417f, 0.200f, 0.099f, 0.049f, 0.025f], network.Activations.Select(Std), 0.02f);
        float[] gradients = Gradients(network.Activations);
        Assert.InRange(gradients[4] / gradients[0], 5, float.MaxValue);
    }

    [Fact]
    [Trait("Number", "L04-065")]
    [Trait("Number", "L04-066")]
    public void Without_tanh_gain_5_over_3_grows_from_layer_to_layer_both_ways()
    {
        ActivationsDeepNetwork network = After(gain: 5 / 3f, tanh: false);

        Assert.Equal(7.7f, Std(network.Sums[4]) / Std(network.Sums[0]), 2f);
        float[] gradients = Gradients(network.Sums);
        Assert.Equal(gradients.OrderDescending(), gradients);
        Assert.InRange(gradients[0] / gradients[4], 4, float.MaxValue);
    }

    [Fact]
    [Trait("Number", "L04-067")]
    public void Without_tanh_gain_half_shrinks_from_layer_to_layer_both_ways()
    {
        ActivationsDeepNetwork network = After(gain: 0.5f, tanh: false);

        Assert.InRange(Std(network.Sums[0]) / Std(network.Sums[4]), 8, float.MaxValue);
        float[] gradients = Gradients(network.Sums);
        Assert.InRange(gradients[4] / gradients[0], 8, float.MaxValue);
    }

    [Fact]
    [Trait("Number", "L04-068")]
    [Trait("Number", "L04-069")]
    public void Without_tanh_gain_1_keeps_all_sizes()
    {
        ActivationsDeepNetwork network = After(gain: 1, tanh: false);

        AssertClose([1, 1, 1, 1, 1], network.Sums.Select(Std), 0.1f);
        float[] gradients = Gradients(network.Sums);
        Assert.InRange(gradients.Max() / gradients.Min(), 1, 1.3f);
    }

    [Fact]
    [Trait("Number", "L04-071")]
    [Trait("Number", "L04-072")]
    [Trait("Number", "L04-073")]
    [Trait("Number", "L04-074")]
    public void At_the_first_step_the_last_layer_has_the_largest_gradient()
    {
        ActivationsDeepNetwork network = After(gain: 5 / 3f);
        float[] gradients = Gradients(network.Weights);

        AssertClose([0.001f, 0.001f, 0.001f, 0.001f, 0.001f], gradients[..5], 0.0007f);
        Assert.InRange(gradients[5], 0.01f, float.MaxValue);
        Assert.InRange(gradients[5] / gradients[..5].Average(), 5, float.MaxValue);
        Assert.All(network.Weights[..5], weight => Assert.InRange(Std(weight.Grad) / Std(weight), 0, 0.01f));
    }

    [Fact]
    [Trait("Number", "L04-079")]
    public void Without_the_division_by_the_root_of_the_inputs_every_layer_is_saturated()
        => Assert.All(After(gain: 1, divide: false).Activations, activations => Assert.InRange(Saturation(activations), 50, 100));

    [Fact]
    [Trait("Number", "L04-086")]
    [Trait("Number", "L04-087")]
    [Trait("Number", "L04-088")]
    public void Behind_batch_norm_a_gain_changes_no_activation_but_every_ratio_of_gradient_to_weight()
    {
        ActivationsDeepNetwork small = After(gain: 0.2f, norm: true);
        ActivationsDeepNetwork middle = After(gain: 5 / 3f, norm: true);
        ActivationsDeepNetwork large = After(gain: 2, norm: true);
        for (int i = 0; i < 5; i++)
        {
            Tensor activations = middle.Activations[i].Detach();
            Assert.InRange((small.Activations[i].Detach() - activations).Abs().Max().Item(), 0, 0.02f);
            Assert.InRange((large.Activations[i].Detach() - activations).Abs().Max().Item(), 0, 0.02f);
        }

        for (int i = 1; i < 5; i++)
        {
            float ratio = Ratio(middle.Weights[i]);
            Assert.Equal(69.44f, Ratio(small.Weights[i]) / ratio, 2f);
            Assert.Equal(0.694f, Ratio(large.Weights[i]) / ratio, 0.03f);
        }

        static float Ratio(Tensor weight) => Std(weight.Grad) / Std(weight);
    }

    /// <summary>A network that has been forward and backward once, on the lecture's first minibatch.</summary>
    private static ActivationsDeepNetwork After(float gain, bool tanh = true, bool norm = false, bool divide = true)
    {
        ActivationsDeepNetwork network = new(gain, tanh, norm, divide);
        network.Backward(TrainingSet);
        return network;
    }

    private static float[] Gradients(IEnumerable<Tensor> tensors) => [.. tensors.Select(tensor => Std(tensor.Grad))];

    private static void AssertClose(float[] expected, IEnumerable<float> actual, float tolerance)
        => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
}
