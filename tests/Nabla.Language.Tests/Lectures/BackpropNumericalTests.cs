namespace Nabla.Language.Tests.Lectures;

/// <summary>The formulas of lecture 5 against numerical derivatives in double precision.</summary>
public sealed class BackpropNumericalTests
{
    private const int N = 32;
    private const double Epsilon = 1e-5;
    private const double Gamma = 1.3;
    private const double Beta = -0.2;

    // One column of a batch norm, and what comes back to it.
    private static readonly double[] _x = Draw(1);
    private static readonly double[] _dy = Draw(2);

    private static double Mean => _x.Average();

    private static double Variance => _x.Sum(x => (x - Mean) * (x - Mean)) / (N - 1);

    private static double[] Raw => [.. _x.Select(x => (x - Mean) / Math.Sqrt(Variance + Epsilon))];

    [Fact]
    [Trait("Number", "L05-063")]
    public void At_the_mean_the_variance_does_not_depend_on_the_mean()
    {
        double slope = Slope(mean => _x.Sum(x => (x - mean) * (x - mean)) / (N - 1), Mean);
        Assert.Equal(0, slope, 1e-6);
        Assert.Equal(0, -2.0 / (N - 1) * _x.Sum(x => x - Mean), 1e-6);
    }

    [Fact]
    [Trait("Number", "L05-064")]
    public void Each_step_of_the_derivation_of_batch_norm_holds()
    {
        // L is what a loss whose gradient by y is dy would add up to.
        double Loss(IEnumerable<double> raw) => raw.Zip(_dy, (r, d) => d * ((Gamma * r) + Beta)).Sum();
        double LossOf(double mean, double variance) => Loss(_x.Select(x => (x - mean) / Math.Sqrt(variance + Epsilon)));

        double[] dRaw = [.. _dy.Select(d => Gamma * d)];
        double dVariance = -0.5 * Gamma * Math.Pow(Variance + Epsilon, -1.5) * _dy.Zip(_x, (d, x) => d * (x - Mean)).Sum();
        double dMean = -Gamma / Math.Sqrt(Variance + Epsilon) * _dy.Sum();
        double[] closed = Closed();
        for (int i = 0; i < N; i++)
        {
            double[] raw = Raw;
            Assert.Equal(Slope(r => Loss([.. raw[..i], r, .. raw[(i + 1)..]]), raw[i]), dRaw[i], 1e-8);

            // Three ways to x: by its own normalised value, by the variance, by the mean.
            double dx = (dRaw[i] / Math.Sqrt(Variance + Epsilon)) + (dVariance * 2 / (N - 1) * (_x[i] - Mean)) + (dMean / N);
            Assert.Equal(closed[i], dx, 1e-8);
        }

        Assert.Equal(Slope(variance => LossOf(Mean, variance), Variance), dVariance, 1e-8);
        Assert.Equal(Slope(mean => LossOf(mean, Variance), Mean), dMean, 1e-8);
    }

    [Fact]
    [Trait("Number", "L05-065")]
    public void The_closed_formula_of_batch_norm_is_the_slope_of_the_whole()
    {
        double[] closed = Closed();
        for (int i = 0; i < N; i++)
        {
            double slope = Slope(moved =>
            {
                double[] x = [.. _x[..i], moved, .. _x[(i + 1)..]];
                double mean = x.Average();
                double deviation = Math.Sqrt((x.Sum(v => (v - mean) * (v - mean)) / (N - 1)) + Epsilon);
                return x.Zip(_dy, (v, d) => d * ((Gamma * (v - mean) / deviation) + Beta)).Sum();
            }, _x[i]);
            Assert.Equal(slope, closed[i], 1e-10);
        }
    }

    [Fact]
    [Trait("Number", "L05-065")]
    public void Softmax_less_one_hot_is_the_slope_of_the_cross_entropy()
    {
        const int label = 5;
        double sum = _x.Sum(Math.Exp);
        for (int i = 0; i < N; i++)
        {
            double others = sum - Math.Exp(_x[i]);
            double slope = Slope(moved => Math.Log(others + Math.Exp(moved)) - (i == label ? moved : _x[label]), _x[i]);
            Assert.Equal(slope, (Math.Exp(_x[i]) / sum) - (i == label ? 1 : 0), 1e-10);
        }
    }

    [Fact]
    [Trait("Number", "L05-075")]
    public void The_backward_pass_of_the_whole_network_is_the_slope_of_its_loss()
    {
        NameContexts.Examples batch = BackpropData.RandomCharacters(7);
        BackpropNetwork single = new();
        var network = BackpropDoubleNetwork.Of(single, batch);
        double[][] byHand = network.Gradients();
        BackpropChain chain = new BackpropChain(single, batch).Backward();
        Assert.Equal(network.Loss(), chain.Loss.Item(), 1e-6);

        for (int p = 0; p < byHand.Length; p++)
        {
            // Some elements of each: a slope takes four forward passes.
            for (int k = 0; k < byHand[p].Length; k += 1 + (byHand[p].Length / 23))
            {
                double[] parameter = network.Parameters[p];
                double value = parameter[k];
                double slope = Slope(moved =>
                {
                    parameter[k] = moved;
                    return network.Loss();
                }, value);
                parameter[k] = value;
                Assert.Equal(slope, byHand[p][k], 1e-7);
            }

            // And all of them are what Backward finds in single precision.
            float[] gradient = single.Parameters[p].Grad!.ToArray();
            Assert.Equal(byHand[p], gradient.Select(g => (double)g), (left, right) => Math.Abs(left - right) < 1e-7);
        }
    }

    private static double[] Closed()
    {
        double[] raw = Raw;
        double sum = _dy.Sum();
        double product = _dy.Zip(raw, (d, r) => d * r).Sum();
        return [.. _dy.Select((d, i) => Gamma / Math.Sqrt(Variance + Epsilon) / N
            * ((N * d) - sum - (N / (N - 1.0) * raw[i] * product)))];
    }

    /// <summary>The derivative by differences of the fourth order: four values around the place.</summary>
    private static double Slope(Func<double, double> function, double at)
    {
        const double h = 1e-3;
        return ((8 * (function(at + h) - function(at - h))) - (function(at + (2 * h)) - function(at - (2 * h)))) / (12 * h);
    }

    private static double[] Draw(ulong seed)
        => Array.ConvertAll(Tensor.Randn(new RandomGenerator(seed), N).ToArray(), value => (double)value);
}
