using Nabla.Nn;
using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>What the fourth and the sixth lecture see of batch norm and of deep nets on names, before any training.</summary>
public sealed class BatchNormDataTests
{
    [Fact]
    [Trait("Number", "L04-037")]
    public void Normalised_by_hand_every_neuron_has_mean_0_and_deviation_1()
    {
        RandomGenerator random = new(1);
        Tensor embedded = Tensor.Randn(random, 27, 10)[Batch(random).Contexts].View(32, 30);
        Tensor hidden = embedded.MatMul(Tensor.Randn(random, 30, 200) * (5f / 3 / MathF.Sqrt(30)));
        Tensor mean = hidden.Mean(0, keepDim: true);
        Tensor gain = Tensor.Ones(1, 200);
        Tensor normal = gain * (hidden - mean) / hidden.Std(0, keepDim: true);
        Assert.Equal(new Shape(1, 200), mean.Shape);
        Assert.Equal(new Shape(32, 200), normal.Shape);
        Assert.All(normal.Mean(0).ToArray(), value => Assert.Equal(0, value, 1e-5f));
        Assert.All(normal.Std(0).ToArray(), value => Assert.Equal(1, value, 1e-5f));

        // The layer divides by the biased variance: the same up to the root of 31 / 32.
        Tensor layer = new BatchNorm1d(200).Forward(hidden) * MathF.Sqrt(31f / 32);
        Assert.InRange((normal - layer).Abs().Max().Item(), 0, 1e-3f);
    }

    [Fact]
    [Trait("Number", "L04-053")]
    public void A_deep_net_of_gain_five_thirds_settles_at_a_deviation_of_two_thirds()
    {
        RandomGenerator random = new(2);
        Tensor x = Tensor.Randn(random, 27, 10)[Batch(random).Contexts].View(32, 30);
        double[] expected = [0.759, 0.693, 0.669, 0.659, 0.654];
        for (int layer = 0; layer < 5; layer++)
        {
            Tensor weight = Tensor.Randn(random, x.Shape[1], 100) * (5f / 3 / MathF.Sqrt(x.Shape[1]));
            x = x.MatMul(weight).Tanh();
            Assert.InRange(x.Std().Item(), expected[layer] - 0.03, expected[layer] + 0.03);
        }
    }

    [Fact]
    [Trait("Number", "L06-025")]
    public void Left_in_training_mode_the_loss_is_another_without_any_error()
    {
        RandomGenerator random = new(3);
        Embedding embedding = new(27, 10, random);
        Sequential net = new(
            new Flatten(), new Linear(30, 200, bias: false, random), new BatchNorm1d(200), new Tanh(), new Linear(200, 27, random: random));
        for (int step = 0; step < 10; step++)
        {
            net.Forward(embedding.Forward(Batch(random).Contexts));
        }

        Examples batch = Batch(random);
        float training = Loss();
        net.Eval();
        float evaluation = Loss();
        Assert.True(float.IsFinite(training));
        Assert.NotEqual(training, evaluation, 1e-3f);

        float Loss() => net.Forward(embedding.Forward(batch.Contexts)).CrossEntropy(batch.Labels).Item();
    }

    [Fact]
    [Trait("Number", "L06-028")]
    [Trait("Number", "L06-030")]
    public void A_word_of_seven_letters_is_eight_examples()
    {
        Examples word = NameContexts.Of(["diondre"], contextLength: 8);
        Assert.Equal(new Shape(8, 8), word.Contexts.Shape);
        int[] ids = [4, 9, 15, 14, 4, 18, 5];
        Assert.Equal(new int[8], word.Contexts[0..1].ToArray());
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 4], word.Contexts[1..2].ToArray());
        Assert.Equal([0, .. ids], word.Contexts[7..8].ToArray());
        Assert.Equal([.. ids, 0], word.Labels.ToArray());

        Embedding embedding = new(27, 10);
        Sequential net = new(new Flatten(), new Linear(80, 27));
        Tensor logits = Tensor.Cat([.. Enumerable.Range(0, 8).Select(i => net.Forward(embedding.Forward(word.Contexts[i..(i + 1)])))]);
        Assert.Equal(new Shape(8, 27), logits.Shape);
    }

    private static Examples Batch(RandomGenerator random)
        => NameContexts.Split.Train[IndexTensor.Randint(random, 0, NameContexts.Split.Train.Count, 32)];
}
