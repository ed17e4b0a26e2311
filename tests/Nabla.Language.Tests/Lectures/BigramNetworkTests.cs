using Nabla.Optim;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The bigram lecture's network of one layer on the five pairs of "emma".</summary>
public sealed class BigramNetworkTests
{
    private static readonly (IndexTensor First, IndexTensor Second) _emma = NameBigrams.Ids("emma");

    [Fact]
    [Trait("Number", "L02-061")]
    [Trait("Number", "L02-062")]
    public void Five_examples_give_five_rows_of_27_probabilities()
    {
        Tensor weights = Weights();
        Assert.Equal(new Shape(27, 27), weights.Shape);
        Assert.Equal(729, weights.Count);

        Tensor probabilities = Probabilities(weights);
        Assert.Equal(new Shape(5, 27), probabilities.Shape);
        Assert.All(probabilities.Sum(1).ToArray(), sum => Assert.Equal(1, sum, 1e-5f));
    }

    [Theory]
    [Trait("Number", "L02-063")]
    [Trait("Number", "L02-066")]
    [Trait("Number", "L02-067")]
    [InlineData(2147483647, 3.7693)]
    [InlineData(2147483648, 3.3771)]
    [InlineData(2147483649, 3.5753)]
    [InlineData(2147483650, 4.2260)]
    public void The_loss_before_training_is_the_lectures(ulong seed, double expected)
        => Assert.Equal(expected, Loss(Weights(seed)).Item(), 1e-4);

    [Fact]
    [Trait("Number", "L02-064")]
    [Trait("Number", "L02-065")]
    public void The_loss_is_the_mean_of_what_each_pair_costs()
    {
        Tensor weights = Weights();
        Tensor probabilities = Probabilities(weights);
        float[] right = new float[5];
        float sum = 0;
        for (int i = 0; i < 5; i++)
        {
            right[i] = probabilities[i, _emma.Second.ToArray()[i]].Item();
            sum -= MathF.Log(right[i]);
        }

        Assert.Equal([0.0123f, 0.0181f, 0.0267f, 0.0737f, 0.0150f], right, (lecture, ours) => Math.Abs(lecture - ours) < 1e-4);
        Assert.Equal(4.3993f, -MathF.Log(right[0]), 1e-4f);
        Assert.Equal(3.7693f, sum / 5, 1e-4f);
        Assert.Equal(sum / 5, Loss(weights).Item(), 1e-5f);
        Assert.Equal(sum / 5, weights[_emma.First].CrossEntropy(_emma.Second).Item(), 1e-5f);
    }

    [Fact]
    [Trait("Number", "L02-068")]
    [Trait("Number", "L02-069")]
    [Trait("Number", "L02-070")]
    public void Steps_against_the_gradient_lower_the_loss_as_in_the_lecture()
    {
        Tensor weights = Weights();
        List<float> losses = [];
        for (int step = 0; step <= 10; step++)
        {
            Tensor loss = Loss(weights);
            losses.Add(loss.Item());
            weights.ZeroGrad();
            loss.Backward();
            Assert.Equal(weights.Shape, weights.Grad!.Shape);
            using (Tensor.NoGrad())
            {
                weights.SubInPlace(weights.Grad * 0.1f);
            }
        }

        Assert.Equal([3.7693f, 3.7492f, 3.7292f], losses[..3], (lecture, ours) => Math.Abs(lecture - ours) < 1e-4);
        Assert.Equal(3.5703f, losses[10], 1e-4f);
    }

    [Fact]
    [Trait("Number", "L02-070")]
    public void A_gradient_dropped_and_a_gradient_of_zeros_gather_the_same()
    {
        Tensor weights = Weights();
        Loss(weights).Backward();
        weights.ZeroGrad();
        Assert.Null(weights.Grad);
        Loss(weights).Backward();
        float[] dropped = weights.Grad!.ToArray();

        weights.Grad!.ZeroInPlace();
        Loss(weights).Backward();

        Assert.Equal(dropped, weights.Grad!.ToArray());
        Sgd optimizer = new([weights], 0.1f);
        float[] expected = [.. weights.ToArray().Zip(dropped, (weight, slope) => weight - (0.1f * slope))];
        optimizer.Step();
        Assert.Equal(expected, weights.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    [Trait("Number", "L02-079")]
    public void Weights_of_zero_find_every_character_equally_likely()
        => Assert.All(
            Probabilities(Tensor.Zeros(27, 27)).ToArray(), probability => Assert.Equal(0.0370370f, probability, 1e-7f));

    private static Tensor Weights(ulong seed = NameBigrams.Seed)
    {
        Tensor weights = Tensor.Randn(new RandomGenerator(seed), 27, 27);
        weights.RequiresGrad = true;
        return weights;
    }

    private static Tensor Probabilities(Tensor weights)
    {
        Tensor logits = Tensor.OneHot(_emma.First, 27).MatMul(weights);
        Tensor counts = logits.Exp();
        return counts / counts.Sum(1, keepDim: true);
    }

    private static Tensor Loss(Tensor weights)
        => -Probabilities(weights)[IndexTensor.Arange(5), _emma.Second].Log().Mean();
}
