namespace Nabla.Scalar.Tests;

/// <summary>
/// What training does. The lecture's networks began with numbers that nobody wrote down, so this is shown for twenty beginnings
/// of our own. Rows L01-058 to L01-074.
/// </summary>
public sealed class TrainingTests
{
    private static readonly int[] Seeds = [.. Enumerable.Range(0, 20)];

    [Fact]
    [Trait("Number", "L01-058")]
    public void There_are_four_examples()
    {
        Assert.Equal(4, TrainingRun.Inputs.Length);
        Assert.Equal([1, -1, -1, 1], TrainingRun.Targets);
    }

    [Fact]
    [Trait("Number", "L01-061")]
    public void Small_steps_lower_the_loss_every_time()
    {
        foreach (int seed in Seeds)
        {
            List<double> losses = new TrainingRun(seed, steps: 5, learningRate: 0.01).Losses;
            Assert.Equal(losses.OrderDescending(), losses);
            Assert.Equal(6, losses.Distinct().Count());
        }
    }

    [Fact]
    [Trait("Number", "L01-062")]
    public void A_parameter_with_a_negative_gradient_grows_by_the_step()
    {
        var network = new TrainingRun(seed: 1, steps: 0, learningRate: 0).Network;
        double[] before = [.. network.Parameters.Select(parameter => parameter.Data)];
        network = new TrainingRun(seed: 1, steps: 1, learningRate: 0.01).Network;

        Value[] after = [.. network.Parameters];
        int[] negative = [.. Enumerable.Range(0, after.Length).Where(i => after[i].Grad < 0)];
        Assert.NotEmpty(negative);
        Assert.All(negative, i => Assert.Equal(0.01 * Math.Abs(after[i].Grad), after[i].Data - before[i], 1e-12));
        Assert.All(negative, i => Assert.True(after[i].Data > before[i]));
    }

    [Fact]
    [Trait("Number", "L01-063")]
    public void A_step_in_the_wrong_direction_raises_the_loss()
    {
        foreach (int seed in Seeds)
        {
            List<double> losses = new TrainingRun(seed, steps: 1, learningRate: -0.01).Losses;
            Assert.True(losses[1] > losses[0]);
        }
    }

    [Fact]
    [Trait("Number", "L01-064")]
    public void Larger_steps_and_more_of_them_bring_the_predictions_to_their_targets()
    {
        foreach (int seed in Seeds)
        {
            var run = new TrainingRun(seed, steps: 300, learningRate: 0.1);
            Assert.InRange(run.Losses[^1], 0, 0.01);
            Assert.All(
                TrainingRun.Predictions(run.Network).Zip(TrainingRun.Targets),
                pair => Assert.Equal(pair.Second, pair.First.Data, 0.1));
        }
    }

    [Fact]
    [Trait("Number", "L01-065")]
    [Trait("Number", "L01-066")]
    public void Forgetting_to_zero_gradients_makes_the_steps_so_large_that_this_easy_task_is_learned_faster()
    {
        double[] forgotten = [.. Seeds.Select(seed => new TrainingRun(seed, 20, 0.05, zeroGrad: false).Losses[^1])];
        double[] zeroed = [.. Seeds.Select(seed => new TrainingRun(seed, 20, 0.05).Losses[^1])];

        Assert.InRange(Median(forgotten), 0, 0.01);
        Assert.InRange(zeroed.Zip(forgotten).Count(pair => pair.First > pair.Second), 0.8 * Seeds.Length, Seeds.Length);
    }

    [Fact]
    [Trait("Number", "L01-067")]
    public void With_gradients_zeroed_a_hundred_steps_are_enough() =>
        Assert.InRange(Median([.. Seeds.Select(seed => new TrainingRun(seed, 100, 0.05).Losses[^1])]), 0, 0.02);

    [Fact]
    [Trait("Number", "L01-069")]
    public void Inputs_get_gradients_too_but_are_not_trained()
    {
        var network = new Mlp(3, [4, 4, 1], new Random(1));
        Value[] x = [2, 3, -1];
        (network.Output(x) - 1).Pow(2).Backward();
        foreach (Value parameter in network.Parameters)
        {
            parameter.Data -= 0.05 * parameter.Grad;
        }

        Assert.DoesNotContain(x, input => input.Grad == 0);
        Assert.Equal([2, 3, -1], x.Select(input => input.Data));
    }

    [Fact]
    [Trait("Number", "L01-074")]
    public void The_moons_are_told_apart()
    {
        const int steps = 100;
        var (points, labels) = Moons.Make(seed: 1);
        Mlp network = Moons.Network(seed: 1);
        Value[] Scores() => [.. points.Select(point => network.Output(point[0], point[1]))];
        for (int step = 0; step < steps; step++)
        {
            Value loss = Loss.MaxMargin(Scores(), labels) + Loss.L2(network.Parameters, 1e-4);
            network.ZeroGrad();
            loss.Backward();
            double learningRate = 1.0 - (0.9 * step / steps);
            foreach (Value parameter in network.Parameters)
            {
                parameter.Data -= learningRate * parameter.Grad;
            }
        }

        Assert.InRange(Scores().Zip(labels).Count(pair => pair.First.Data * pair.Second > 0), 98, 100);
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
