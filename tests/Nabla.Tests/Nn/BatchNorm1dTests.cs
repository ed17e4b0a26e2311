using System.Text.Json;
using Nabla.Nn;

namespace Nabla.Tests.Nn;

/// <summary>Batch norm as a layer: its state, its two modes, and what the lectures say of it.</summary>
[Trait("Tier", "true")]
public sealed class BatchNorm1dTests
{
    public static TheoryData<string> Cases => LayerCases.Names("batchNorm");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Batches_and_then_an_evaluation_give_the_numbers_of_PyTorch(string name)
    {
        JsonElement found = LayerCases.Find("batchNorm", name);
        int channels = found.GetProperty("params").GetProperty("weight").GetProperty("data").GetArrayLength();
        BatchNorm1d norm = new(channels, momentum: (float)found.GetProperty("momentum").GetDouble());
        LayerCases.SetParameters(norm, found);
        foreach (JsonElement step in found.GetProperty("steps").EnumerateArray())
        {
            norm.Train(step.GetProperty("training").GetBoolean());
            Tensor y = norm.Forward(LayerCases.Read(step, "x").ToTensor());
            LayerCases.Read(step, "y").AssertClose(y, $"{name}: y", absolute: 2e-6);
            LayerCases.Read(step, "runningMean").AssertClose(norm.RunningMean, $"{name}: running mean");
            LayerCases.Read(step, "runningVariance").AssertClose(norm.RunningVariance, $"{name}: running variance");
        }
    }

    [Fact]
    [Trait("Number", "L04-046")]
    public void A_new_layer_has_the_settings_of_PyTorch()
    {
        BatchNorm1d norm = new(200);
        Assert.Equal("BatchNorm1d(200, eps=1e-05, momentum=0.1, affine=True)", norm.ToString());
        Assert.Equal(400, norm.ParameterCount);
        Assert.Equal(["weight", "bias"], norm.NamedParameters().Select(pair => pair.Key));
        Assert.Equal(["running_mean", "running_var"], norm.NamedBuffers().Select(pair => pair.Key));
        Assert.All(norm.RunningMean.ToArray(), value => Assert.Equal(0, value));
        Assert.All(norm.RunningVariance.ToArray(), value => Assert.Equal(1, value));
        Assert.True(norm.IsTraining);
        Assert.Empty(new BatchNorm1d(3, affine: false).Parameters());
    }

    [Fact]
    [Trait("Number", "L04-047")]
    [Trait("Number", "L06-014")]
    [Trait("Number", "L05-068")]
    public void Training_moves_the_running_statistics_a_tenth_of_the_way_and_evaluation_leaves_them()
    {
        BatchNorm1d norm = new(3);
        Tensor x = (Tensor.Randn(new RandomGenerator(1), 32, 3) * 3) + 5;
        Tensor y = norm.Forward(x);
        TensorAssert.Close(x.Mean(0) * 0.1f, norm.RunningMean, 1e-6f);
        TensorAssert.Close((x.Var(0) * 0.1f) + 0.9f, norm.RunningVariance, 1e-5f);
        TensorAssert.Close(y, (x - x.Mean(0)) / (x.Var(0, unbiased: false) + 1e-5f).Sqrt(), 1e-5f);

        (float[] mean, float[] variance) = (norm.RunningMean.ToArray(), norm.RunningVariance.ToArray());
        norm.Eval();
        norm.Forward(x).Sum().Backward();
        Assert.Equal(mean, norm.RunningMean.ToArray());
        Assert.Equal(variance, norm.RunningVariance.ToArray());
        Assert.All(norm.NamedBuffers(), pair => Assert.False(pair.Value.RequiresGrad));
        Assert.All(norm.NamedBuffers(), pair => Assert.Null(pair.Value.Grad));
        Assert.Equal(2, norm.Parameters().Count);
    }

    [Fact]
    [Trait("Number", "L04-041")]
    public void A_thousandth_of_the_way_from_0_to_1_is_a_thousandth()
    {
        BatchNorm1d norm = new(1, momentum: 0.001f);
        norm.Forward(Tensor.From([0, 1, 2], 3, 1)); // mean 1, variance 1
        Assert.Equal(0.001f, norm.RunningMean.Item(), 1e-7f);
        Assert.Equal(1f, norm.RunningVariance.Sqrt().Item(), 1e-7f);
    }

    [Fact]
    [Trait("Number", "L04-048")]
    public void Only_in_training_does_an_example_depend_on_the_others()
    {
        BatchNorm1d norm = new(5);
        Tensor x = Tensor.Randn(new RandomGenerator(2), 8, 5);
        Assert.NotEqual(norm.Forward(x)[..4].ToArray(), norm.Forward(x[..4]).ToArray());
        norm.Eval();
        Assert.Equal(norm.Forward(x)[..4].ToArray(), norm.Forward(x[..4]).ToArray());
    }

    [Fact]
    [Trait("Number", "L04-044")]
    [Trait("Number", "L06-024")]
    public void One_example_can_be_evaluated_but_not_trained_on()
    {
        BatchNorm1d norm = new(5);
        Tensor x = Tensor.Randn(new RandomGenerator(3), 1, 5);
        Assert.Equal(
            "BatchNorm: [1, 5] has 1 number to a channel, and a single number has no variance; train with a batch of two or " +
            "more, or call Eval() first.",
            Assert.Throws<ShapeException>(() => norm.Forward(x)).Message);
        Assert.All(norm.RunningMean.ToArray(), value => Assert.Equal(0, value));

        // The lecture's own, by the unbiased variance, divides nothing by nothing.
        Tensor byHand = (x - x.Mean(0, keepDim: true)) / (x.Var(0, unbiased: true, keepDim: true) + 1e-5f).Sqrt();
        Assert.All(byHand.ToArray(), value => Assert.True(float.IsNaN(value)));
        norm.Eval();
        Assert.All(norm.Forward(x).ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    [Trait("Number", "L06-043")]
    [Trait("Number", "L06-044")]
    [Trait("Number", "L06-045")]
    public void Three_dimensions_are_a_batch_of_all_places()
    {
        Tensor x = Tensor.Randn(new RandomGenerator(4), 32, 4, 68);
        Assert.Equal(new Shape(1, 4, 68), x.Mean(0, keepDim: true).Shape); // the mistake: each place for itself
        Assert.Equal(new Shape(1, 4, 68), x.Var(0, keepDim: true).Shape);

        Tensor rows = x.View(128, 68);
        Assert.Equal(new Shape(1, 1, 68), x.Mean([0, 1], keepDim: true).Shape);
        TensorAssert.Close(rows.Mean(0), x.Mean([0, 1], keepDim: true).View(68), 1e-6f);
        TensorAssert.Close(rows.Var(0), x.Var([0, 1], keepDim: true).View(68), 1e-6f);

        (BatchNorm1d flat, BatchNorm1d deep) = (new(68), new(68));
        Assert.Equal(flat.Forward(rows).ToArray(), deep.Forward(x).ToArray());
        Assert.Equal(flat.RunningVariance.ToArray(), deep.RunningVariance.ToArray());
        Assert.Equal(new Shape(68), deep.RunningMean.Shape);
    }

    [Fact]
    [Trait("Number", "L06-047")]
    public void PyTorchs_layout_is_the_transposed_one()
    {
        Tensor x = Tensor.Randn(new RandomGenerator(5), 6, 7, 4); // [N, C, L]
        Tensor mean = x.Mean([0, 2], keepDim: true);
        Tensor expected = (x - mean) / (x.Var([0, 2], unbiased: false, keepDim: true) + 1e-5f).Sqrt();
        TensorAssert.Close(expected, new BatchNorm1d(7).Forward(x.Transpose(1, 2)).Transpose(1, 2), 1e-5f);
    }

    [Fact]
    [Trait("Number", "L06-046")]
    public void Other_shapes_are_refused()
    {
        BatchNorm1d norm = new(3);
        foreach (Tensor x in (Tensor[])[Tensor.Ones(3), Tensor.Ones(2, 2, 2, 3)])
        {
            Assert.Equal(
                $"BatchNorm1d: the input is {x.Shape}; it must be [N, 3] or [N, L, 3], channels last.",
                Assert.Throws<ShapeException>(() => norm.Forward(x)).Message);
        }

        Assert.Equal(
            "BatchNorm: a parameter is [3]; for an input of [2, 4] it must be [4].",
            Assert.Throws<ShapeException>(() => norm.Forward(Tensor.Ones(2, 4))).Message);
        Assert.Throws<ArgumentException>(() => Tensor.Ones(2, 3).BatchNorm(training: false));
        Assert.Throws<ArgumentException>(() => Tensor.Ones(2, 3).BatchNorm(runningMean: Tensor.Ones(3)));
        Assert.Throws<ShapeException>(() => Tensor.Ones(2).BatchNorm());
    }

    [Fact]
    public void What_cancels_in_the_batch_has_no_gradient_before_it()
    {
        Linear linear = new(6, 5, random: new RandomGenerator(6));
        BatchNorm1d norm = new(5);
        Tensor y = norm.Forward(linear.Forward(Tensor.Randn(new RandomGenerator(7), 16, 6))).Tanh();
        (y * Tensor.Randn(new RandomGenerator(8), 16, 5)).Sum().Backward();
        float largest = linear.Weight.Grad!.Abs().Max().Item();
        Assert.True(linear.Bias!.Grad!.Abs().Max().Item() < 1e-6f * largest);
        Assert.True(norm.Weight!.Grad!.Abs().Max().Item() > 1e-3f);
        Assert.True(norm.Bias!.Grad!.Abs().Max().Item() > 1e-3f);
    }

    [Fact]
    public void Many_rows_keep_their_precision()
    {
        // A plain sum in single precision of so many numbers near 3 is wrong in the fourth digit.
        const int Rows = 200_000;
        Tensor x = (Tensor.Randn(new RandomGenerator(9), Rows, 3) * 0.01f) + 3;
        float[] values = x.ToArray();
        BatchNorm1d norm = new(3, momentum: 1);
        Tensor y = norm.Forward(x);
        for (int column = 0; column < 3; column++)
        {
            double[] one = [.. Enumerable.Range(0, Rows).Select(row => (double)values[(row * 3) + column])];
            double mean = one.Average();
            Assert.Equal(mean, norm.RunningMean.ToArray()[column], 3e-7);
            double variance = one.Sum(value => (value - mean) * (value - mean)) / (Rows - 1);
            Assert.Equal(1, norm.RunningVariance.ToArray()[column] / variance, 1e-5);
        }

        Assert.True(float.IsFinite(y.Sum().Item()));
    }

    [Fact]
    public void Evaluation_can_be_differentiated_after_more_training()
    {
        BatchNorm1d norm = new(3);
        Tensor x = Tensor.Randn(new RandomGenerator(10), 4, 3);
        x.RequiresGrad = true;
        norm.Eval();
        Tensor y = norm.Forward(x);
        norm.Train();
        norm.Forward(x.Detach() + 9);
        y.Sum().Backward();
        Assert.All(x.Grad!.ToArray(), value => Assert.Equal(1 / MathF.Sqrt(1 + 1e-5f), value, 1e-6f));
    }
}
