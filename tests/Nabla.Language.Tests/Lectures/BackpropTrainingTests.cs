using Nabla.Autograd;
using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>Exercise 4 of lecture 5: training with nothing but gradients by hand.</summary>
public sealed class BackpropTrainingTests
{
    private const float Rate = 0.1f;

    [Fact]
    [Trait("Number", "L05-069")]
    [Trait("Number", "L05-070")]
    public void After_100_steps_by_hand_every_gradient_is_still_that_of_Backward()
    {
        BackpropNetwork network = new();
        Train(network, ByHand, steps: 100);

        Examples batch = network.Draw(BackpropData.Split.Train);
        Tensor[] gradients = ByHand(network, batch).Gradients;
        _ = Automatically(network, batch);
        Assert.Equal(network.Parameters.Select(parameter => parameter.Shape), gradients.Select(gradient => gradient.Shape));
        Assert.Equal(7, gradients.Length);

        // Sums of 32 products in two orders: where the terms nearly cancel, more than 1e-8 apart on some instruction sets.
        GradientComparison[] comparisons = [.. network.Parameters.Zip(gradients).Select(
            pair => GradientComparison.Compare($"{pair.First.Shape}", pair.Second, pair.First, atol: 5e-8f))];
        Assert.Contains(comparisons, comparison => !comparison.IsExact);
        Assert.All(comparisons, comparison =>
        {
            Assert.True(comparison.IsApproximate, comparison.ToString());
            Assert.InRange(comparison.LargestDifference, 0, 1e-7f);
        });
    }

    [Fact]
    [Trait("Number", "L05-071")]
    public void Trained_by_hand_the_network_is_as_good_as_trained_by_Backward()
    {
        (BackpropNetwork byHand, BackpropNetwork automatic) = (new(), new());
        Train(byHand, ByHand, steps: 200);
        Train(automatic, Automatically, steps: 200);

        Examples train = BackpropData.Split.Train[..20_000];
        foreach (Examples examples in (Examples[])[train, BackpropData.Split.Dev])
        {
            (float left, float right) = (Loss(byHand, train, examples), Loss(automatic, train, examples));
            Assert.Equal(left, right, 1e-4f);
            Assert.InRange(left, 2, 2.8f);
        }
    }

    [Fact]
    [Trait("Number", "L05-072")]
    public void Under_NoGrad_the_steps_are_the_same_and_nothing_is_recorded()
    {
        (BackpropNetwork inside, BackpropNetwork outside) = (new(), new());
        Train(inside, (network, batch) =>
        {
            using var noGrad = Tensor.NoGrad();
            (Tensor loss, Tensor[] gradients) = ByHand(network, batch);
            Assert.True(loss.IsLeaf);
            Assert.False(loss.RequiresGrad);
            return (loss, gradients);
        }, steps: 20);
        Train(outside, (network, batch) =>
        {
            (Tensor loss, Tensor[] gradients) = ByHand(network, batch);
            Assert.True(loss.RequiresGrad);
            return (loss, gradients);
        }, steps: 20);

        foreach ((Tensor left, Tensor right) in inside.Parameters.Zip(outside.Parameters))
        {
            Assert.Equal(left.ToArray(), right.ToArray());
        }
    }

    [Fact]
    [Trait("Number", "L05-073")]
    public void Statistics_of_the_training_set_let_a_single_example_through_the_norm()
    {
        BackpropNetwork network = new();
        Train(network, ByHand, steps: 20);
        Examples train = BackpropData.Split.Train;
        using var noGrad = Tensor.NoGrad();
        (Tensor mean, Tensor variance) = network.Calibrate(train);

        float[] column = (network.Table[train.Contexts].View(train.Count, -1).MatMul(network.W1) + network.B1)[.., 0].ToArray();
        double average = column.Average(x => (double)x);
        double unbiased = column.Sum(x => (x - average) * (x - average)) / (column.Length - 1);
        Assert.Equal(average, mean[0, 0].Item(), 5e-5); // 182,625 numbers one after the other in single precision
        Assert.Equal(unbiased, variance[0, 0].Item(), 1e-5 * unbiased);

        Tensor one = network.Logits(train.Contexts[..1], mean, variance);
        Assert.Equal(new Shape(1, 27), one.Shape);
        Assert.All(one.ToArray(), logit => Assert.True(float.IsFinite(logit)));
        Assert.True(one.AllClose(network.Logits(train.Contexts[..8], mean, variance)[..1], rtol: 1e-5f, atol: 1e-5f));
        Assert.True(float.IsNaN(one.Var(0)[0].Item())); // a batch of one has no variance of its own
        Assert.True(float.IsFinite(Loss(network, train, BackpropData.Split.Dev)));
    }

    /// <summary>The twenty lines of the lecture: forward, and the gradients in the order of the parameters.</summary>
    private static (Tensor Loss, Tensor[] Gradients) ByHand(BackpropNetwork network, Examples batch)
    {
        int n = batch.Count;
        Tensor emb = network.Table[batch.Contexts];
        Tensor embCat = emb.View(n, -1);
        Tensor hPreBn = embCat.MatMul(network.W1) + network.B1;
        Tensor inverse = (hPreBn.Var(0, keepDim: true) + BackpropNetwork.Epsilon).Pow(-0.5f);
        Tensor raw = (hPreBn - hPreBn.Mean(0, keepDim: true)) * inverse;
        Tensor h = ((network.Gain * raw) + network.Bias).Tanh();
        Tensor logits = h.MatMul(network.W2) + network.B2;
        Tensor loss = logits.CrossEntropy(batch.Labels);

        using var noGrad = Tensor.NoGrad();
        Tensor dLogits = BackpropLossTests.GradientOfCrossEntropy(logits, batch.Labels);
        Tensor dH = dLogits.MatMul(network.W2.Transpose(0, 1));
        Tensor dHPreAct = (1 - h.Pow(2)) * dH;
        Tensor dHPreBn = BackpropNormTests.GradientOfNorm(network.Gain, inverse, raw, dHPreAct, n / (n - 1f));
        Tensor dEmb = dHPreBn.MatMul(network.W1.Transpose(0, 1)).View(emb.Shape);
        return (loss,
        [
            Tensor.ZerosLike(network.Table).IndexAdd(0, batch.Contexts.View(-1), dEmb.View(-1, 10)),
            embCat.Transpose(0, 1).MatMul(dHPreBn),
            dHPreBn.Sum(0),
            h.Transpose(0, 1).MatMul(dLogits),
            dLogits.Sum(0),
            (raw * dHPreAct).Sum(0, keepDim: true),
            dHPreAct.Sum(0, keepDim: true),
        ]);
    }

    private static (Tensor Loss, Tensor[] Gradients) Automatically(BackpropNetwork network, Examples batch)
    {
        BackpropChain chain = new BackpropChain(network, batch).Backward();
        return (chain.Loss, [.. network.Parameters.Select(parameter => parameter.Grad!)]);
    }

    private static void Train(
        BackpropNetwork network, Func<BackpropNetwork, Examples, (Tensor Loss, Tensor[] Gradients)> gradients, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            using var scope = MemoryScope.Begin();
            network.Step(gradients(network, network.Draw(BackpropData.Split.Train)).Gradients, Rate);
        }
    }

    private static float Loss(BackpropNetwork network, Examples calibration, Examples examples)
    {
        using var noGrad = Tensor.NoGrad();
        (Tensor mean, Tensor variance) = network.Calibrate(calibration);
        return network.Logits(examples.Contexts, mean, variance).CrossEntropy(examples.Labels).Item();
    }
}
