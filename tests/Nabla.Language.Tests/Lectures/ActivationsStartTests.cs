using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The fourth lecture's network before its first step: the loss it begins with, and a tanh pressed against its ends.</summary>
public sealed class ActivationsStartTests
{
    private static Examples TrainingSet => BackpropData.Split.Train;

    [Fact]
    [Trait("Number", "L04-001")]
    public void The_network_has_30_inputs_and_11897_parameters()
    {
        ActivationsMlp model = new();
        Assert.Equal(30, model.W1.Shape[0]);
        Assert.Equal(11_897, model.Parameters.Sum(parameter => parameter.Count));
    }

    [Fact]
    [Trait("Number", "L04-003")]
    [Trait("Number", "L04-004")]
    public void Unscaled_it_begins_at_27_and_a_thousand_steps_bring_it_down()
    {
        List<float> losses = new ActivationsMlp().Train(TrainingSet, 1000, 0.1f);

        Assert.Equal(27, losses[0], 8f);
        Assert.Equal(27.8817f, losses[0], 1e-3f); // the lecture's seed
        Assert.InRange(losses[900..].Average(), 0, 6);
    }

    [Theory]
    [Trait("Number", "L04-010")]
    [Trait("Number", "L04-011")]
    [Trait("Number", "L04-012")]
    [Trait("Number", "L04-014")]
    [InlineData(0.1f, 4.2f, 0.8f)]
    [InlineData(0.01f, 3.32f, 0.08f)]
    [InlineData(0, 3.2958f, 1e-4f)]
    public void The_smaller_the_output_layer_the_nearer_the_first_loss_to_knowing_nothing(float scale, float loss, float tolerance)
    {
        float first = new ActivationsMlp(w2: scale, b2: 0).Train(TrainingSet, 1, 0.1f)[0];

        Assert.Equal(loss, first, tolerance);
        Assert.True(scale > 0.01f || first <= 3.4f);
    }

    [Fact]
    [Trait("Number", "L04-015")]
    [Trait("Number", "L04-016")]
    [Trait("Number", "L04-017")]
    [Trait("Number", "L04-018")]
    public void Unscaled_most_of_the_hidden_layer_is_at_its_ends_but_no_neuron_is_always_there()
    {
        ActivationsMlp model = new();
        Tensor h = model.Hidden(model.Draw(TrainingSet).Contexts);
        Tensor saturated = h.Abs() > 0.99f;

        Assert.Equal(new Shape(32, 200), h.Shape);
        Assert.InRange(saturated.Mean().Item(), 0.5f, 1);
        Assert.Equal(0.63f, saturated.Mean().Item(), 0.08f);
        Assert.InRange((h > 0.99f).Mean().Item(), 0.2f, 0.4f); // at both ends
        Assert.DoesNotContain(32, saturated.Sum(0).ToArray());
    }

    [Fact]
    [Trait("Number", "L04-019")]
    [Trait("Number", "L04-020")]
    public void With_a_tenth_of_the_weights_nothing_is_at_the_ends()
    {
        ActivationsMlp model = new(w1: 0.1f, b1: 0.01f);
        Tensor before = model.PreActivation(model.Draw(TrainingSet).Contexts);

        Assert.InRange((before.Abs() < 1.5f).Mean().Item(), 0.97f, 1);
        Assert.InRange((before.Tanh().Abs() > 0.99f).Mean().Item(), 0, 0.001f);
    }

    [Fact]
    [Trait("Number", "L04-021")]
    public void With_a_fifth_of_the_weights_a_few_are()
    {
        ActivationsMlp model = new(w1: 0.2f, b1: 0.01f);
        Tensor h = model.Hidden(model.Draw(TrainingSet).Contexts);

        Assert.Equal(0.016f, (h.Abs() > 0.99f).Mean().Item(), 0.012f);
    }

    [Fact]
    [Trait("Number", "L04-035")]
    public void A_unit_that_no_example_of_the_training_set_wakes_is_found()
    {
        RandomGenerator random = new(NameBigrams.Seed);
        Tensor table = Tensor.Randn(random, 27, 10);
        Tensor w = Tensor.Randn(random, 30, 20);
        Tensor b = Tensor.Zeros(20);
        b[7].FillInPlace(-1e6f);

        Tensor h = (table[TrainingSet.Contexts].View(-1, 30).MatMul(w) + b).Relu();
        float[] woken = (h > 0).Sum(0).ToArray();
        Assert.Equal([7], Enumerable.Range(0, 20).Where(unit => woken[unit] == 0));
    }

    [Fact]
    [Trait("Number", "L04-037")]
    public void Batch_norm_gives_each_neuron_mean_0_and_standard_deviation_1()
    {
        ActivationsMlp model = new(w1: ActivationsMlp.Kaiming, w2: 0.01f, b2: 0, norm: true);
        Examples batch = model.Draw(TrainingSet);
        Tensor mean = model.BeforeNorm(batch.Contexts).Mean(0, keepDim: true);
        Tensor after = model.PreActivation(batch.Contexts);

        Assert.Equal(new Shape(32, 200), after.Shape);
        Assert.Equal(new Shape(1, 200), mean.Shape);
        Assert.Equal(new Shape(1, 200), model.Norm!.Gain.Shape);
        Assert.All(after.Mean(0).ToArray(), value => Assert.Equal(0, value, 1e-5f));
        Assert.All(after.Std(0).ToArray(), value => Assert.Equal(1, value, 1e-5f));
    }

    [Fact]
    [Trait("Number", "L04-042")]
    public void A_bias_in_front_of_batch_norm_gets_no_gradient()
    {
        ActivationsMlp model = new(w1: ActivationsMlp.Kaiming, norm: true);
        Tensor bias = Tensor.Randn(new RandomGenerator(1), 200);
        bias.RequiresGrad = true;
        Examples batch = model.Draw(TrainingSet);
        Tensor h = model.Norm!.Forward(model.BeforeNorm(batch.Contexts) + bias).Tanh();
        (h.MatMul(model.W2) + model.B2).CrossEntropy(batch.Labels).Backward();

        Assert.InRange(bias.Grad!.Abs().Max().Item(), 0, 1e-6f);
        Assert.InRange(model.Norm.Bias.Grad!.Abs().Max().Item(), 1e-3f, float.MaxValue);
    }
}
