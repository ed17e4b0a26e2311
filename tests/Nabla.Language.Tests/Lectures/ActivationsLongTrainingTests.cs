using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The fourth lecture's trainings of 200,000 steps: what better first numbers, and batch norm, are worth.</summary>
public sealed class ActivationsLongTrainingTests
{
    private static Examples TrainingSet => BackpropData.Split.Train;

    private static Examples DevSet => BackpropData.Split.Dev;

    /// <remarks>bench/peers/makemore_activations.py trains the same, of the same random numbers, in PyTorch.</remarks>
    [Theory(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L04-002")]
    [Trait("Number", "L04-013")]
    [Trait("Number", "L04-022")]
    [Trait("Number", "L04-032")]
    [Trait("Number", "L04-038")]
    [Trait("Number", "L04-039")]
    [Trait("Number", "L04-040")]
    [Trait("Number", "L04-093")]
    [InlineData("naive", 2.17f, 0.05f, 2.1667f)]
    [InlineData("output", 2.13f, 0.03f, 2.1311f)]
    [InlineData("tanh", 2.10f, 0.03f, 2.1027f)]
    [InlineData("kaiming", 2.10f, 0.03f, 2.1070f)]
    [InlineData("norm", 2.10f, 0.03f, 2.1057f)]
    public void The_ladder_of_first_numbers(string rung, float expected, float tolerance, float byPyTorch)
    {
        ActivationsMlp model = Rung(rung);
        Train(model);
        (float train, float dev) = (model.Loss(TrainingSet), model.Loss(DevSet));
        TestContext.Current.SendDiagnosticMessage($"{rung}: train {train}, dev {dev}");

        Assert.Equal(expected, dev, tolerance);
        Assert.Equal(byPyTorch, dev, 0.02f);
        if (rung == "naive")
        {
            Assert.Equal(2.16f, train, tolerance);
        }

        if (model.Norm is { } norm)
        {
            CheckStatistics(model, norm, dev);
        }
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L04-092")]
    public void The_deep_network_with_batch_norm_is_as_good()
    {
        ActivationsDeepNetwork network = new(norm: true);
        network.Train(TrainingSet, 150_000, 0.1f);
        network.Train(TrainingSet, 50_000, 0.01f);
        (float train, float dev) = (network.Loss(TrainingSet), network.Loss(DevSet));
        TestContext.Current.SendDiagnosticMessage($"deep: train {train}, dev {dev}");

        Assert.Equal(2.10f, dev, 0.05f);
        Assert.InRange(dev, 0, 2.12f);
        Assert.Equal(2.0806f, dev, 0.02f); // by PyTorch
    }

    private static ActivationsMlp Rung(string name) => name switch
    {
        "naive" => new(),
        "output" => new(w2: 0.01f, b2: 0),
        "tanh" => new(w1: 0.2f, b1: 0.01f, w2: 0.01f, b2: 0),
        "kaiming" => new(w1: ActivationsMlp.Kaiming, b1: 0.01f, w2: 0.01f, b2: 0),
        _ => new(w1: ActivationsMlp.Kaiming, w2: 0.01f, b2: 0, norm: true),
    };

    private static void Train(ActivationsMlp model)
    {
        model.Train(TrainingSet, 100_000, 0.1f);
        model.Train(TrainingSet, 100_000, 0.01f);
    }

    /// <summary>The running statistics are close to those of the whole training set, and as good.</summary>
    private static void CheckStatistics(ActivationsMlp model, ActivationsNorm norm, float dev)
    {
        using var noGrad = Tensor.NoGrad();
        Tensor before = model.BeforeNorm(TrainingSet.Contexts);
        (Tensor mean, Tensor std) = (before.Mean(0, keepDim: true), before.Std(0, keepDim: true));
        (float means, float stds) = ((mean - norm.RunningMean).Abs().Max().Item(), (std - norm.RunningStd).Abs().Max().Item());
        norm.Calibrate(mean, std);
        float calibrated = model.Loss(DevSet);
        TestContext.Current.SendDiagnosticMessage($"means differ by {means}, stds by {stds}; calibrated {calibrated}");

        Assert.InRange(means, float.Epsilon, 0.2f);
        Assert.InRange(stds, float.Epsilon, 0.2f);
        Assert.Equal(dev, calibrated, 0.01f);
    }
}
