namespace Nabla.Tests.Ops;

/// <summary>What the operation cases cannot say of losses: sizes, targets that do not fit, rows without loss.</summary>
[Trait("Tier", "true")]
public class LossTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    public void Cross_entropy_over_GPT2s_vocabulary_is_that_of_a_loop_in_double(float smoothing)
    {
        const int Rows = 3;
        const int Classes = 50257;
        Random random = new(1);
        float[] values = new float[Rows * Classes];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() * 10) - 5;
        }

        // The first class, the last, and the first of the second block of columns that backward works in.
        int[] targets = [0, Classes - 1, 8192];
        Tensor x = Tensor.From(values, Rows, Classes);
        x.RequiresGrad = true;
        Tensor loss = x.CrossEntropy(IndexTensor.From(targets), labelSmoothing: smoothing);
        loss.Backward();
        float[] gradient = x.Grad!.ToArray();

        double expectedLoss = 0;
        for (int row = 0; row < Rows; row++)
        {
            float[] logits = values[(row * Classes)..((row + 1) * Classes)];
            double logSum = Math.Log(logits.Sum(value => Math.Exp(value)));
            for (int i = 0; i < Classes; i++)
            {
                double wanted = (i == targets[row] ? 1 - (double)smoothing : 0) + ((double)smoothing / Classes);
                expectedLoss += wanted * (logSum - logits[i]) / Rows;
                double expected = (Math.Exp(logits[i] - logSum) - wanted) / Rows;
                Assert.InRange(gradient[(row * Classes) + i] - expected, -1e-6 * (Math.Abs(expected) + 1e-5), 1e-6 * (Math.Abs(expected) + 1e-5));
            }
        }

        Assert.Equal(expectedLoss, loss.Item(), 3e-6 * expectedLoss);
    }

    [Fact]
    public void Logits_of_any_leading_dimensions_are_rows()
    {
        float[] values = [.. Enumerable.Range(0, 24).Select(i => MathF.Sin(i))];
        IndexTensor targets = IndexTensor.From([0, 1, 2, 3, 1, 2], 2, 3);
        Tensor cube = Tensor.From(values, 2, 3, 4);
        Tensor table = Tensor.From(values, 6, 4);
        Assert.Equal(table.CrossEntropy(targets.View(6)).Item(), cube.CrossEntropy(targets).Item());
        Tensor losses = cube.CrossEntropy(targets, LossReduction.None);
        Assert.Equal(new Shape(2, 3), losses.Shape);
        Assert.Equal(table.CrossEntropy(targets.View(6), LossReduction.None).ToArray(), losses.ToArray());
        Assert.Equal(losses.ToArray()[2], Tensor.From(values.AsSpan(8, 4)).CrossEntropy(IndexTensor.From([2], [1]).View()).Item());
    }

    [Fact]
    public void Cross_entropy_is_the_likelihood_of_the_log_softmax()
    {
        Tensor x = Tensor.From([.. Enumerable.Range(0, 40).Select(i => 3 * MathF.Cos(i))], 8, 5);
        x.RequiresGrad = true;
        IndexTensor targets = IndexTensor.From([0, 1, -1, 2, 3, 4, -1, 0]);
        foreach (LossReduction reduction in Enum.GetValues<LossReduction>())
        {
            Tensor fused = x.CrossEntropy(targets, reduction, ignoreIndex: -1);
            Tensor unfused = x.LogSoftmax(-1).NllLoss(targets, reduction, ignoreIndex: -1);
            Assert.True(fused.AllClose(unfused, 1e-6f, 1e-6f), $"{reduction}");
            fused.Backward(Tensor.Full(fused.Shape, 2));
            Tensor gradient = x.Grad!.Clone();
            x.ZeroGrad();
            unfused.Backward(Tensor.Full(fused.Shape, 2));
            Assert.True(gradient.AllClose(x.Grad!, 1e-5f, 1e-6f), $"gradient of {reduction}");
            x.ZeroGrad();
        }
    }

    [Fact]
    public void The_mean_of_no_rows_is_nan_and_asks_for_nothing()
    {
        Tensor x = Tensor.Ones(2, 3);
        x.RequiresGrad = true;
        IndexTensor ignored = IndexTensor.From([-100, -100]);
        foreach (Tensor loss in (Tensor[])[x.CrossEntropy(ignored), x.NllLoss(ignored), x.CrossEntropy(ignored, labelSmoothing: 0.1f)])
        {
            Assert.Equal(float.NaN, loss.Item());
            x.ZeroGrad();
            loss.Backward();
            Assert.Equal([0, 0, 0, 0, 0, 0], x.Grad!.ToArray());
        }

        Assert.Equal(0, x.CrossEntropy(ignored, LossReduction.Sum).Item());
        Assert.Equal(float.NaN, Tensor.Zeros(0, 3).CrossEntropy(IndexTensor.From([])).Item());
    }

    [Fact]
    public void A_class_ruled_out_gets_no_gradient_and_as_the_target_an_infinite_loss()
    {
        Tensor x = Tensor.From([1, float.NegativeInfinity, 2], 1, 3);
        x.RequiresGrad = true;
        x.CrossEntropy(IndexTensor.From([0])).Backward();
        Assert.True(x.Grad!.AllClose(Tensor.From([-0.7310586f, 0, 0.7310586f], 1, 3), 1e-6f));
        Assert.Equal(float.PositiveInfinity, x.CrossEntropy(IndexTensor.From([1])).Item());
    }

    [Fact]
    public void Nothing_is_lost_when_logits_are_far_from_zero()
    {
        // Next to ten thousand a float has three decimals; the differences between these logits are exact.
        Tensor logits = Tensor.From([10_000, 10_000, 9999], 1, 3);
        logits.RequiresGrad = true;
        Tensor loss = logits.CrossEntropy(IndexTensor.From([0]));
        loss.Backward();
        Assert.Equal(0.8619948f, loss.Item(), 1e-6f);
        Assert.True(logits.Grad!.AllClose(Tensor.From([-0.5776812f, 0.4223188f, 0.1553624f], 1, 3), 1e-6f, 1e-6f));

        Tensor x = Tensor.From([-20, 20]);
        Tensor losses = x.BinaryCrossEntropyWithLogits(Tensor.From([0, 1]), LossReduction.None);
        Assert.True(losses.AllClose(Tensor.Full(new Shape(2), 2.0611537e-9f), 1e-6f, 0));
    }

    [Fact]
    public void Gradients_reach_the_target_of_every_loss_that_has_a_tensor_for_one()
    {
        Tensor x = Tensor.From([0.5f, -2]);
        foreach ((Func<Tensor, Tensor> loss, float[] expected) in new (Func<Tensor, Tensor>, float[])[]
        {
            (t => x.MseLoss(t, LossReduction.Sum), [1, 6]),
            (t => x.BinaryCrossEntropyWithLogits(t, LossReduction.Sum), [-0.5f, 2]),
            (t => x.HingeLoss(t, LossReduction.Sum), [-0.5f, 2]),
        })
        {
            Tensor target = Tensor.From([1, 1]);
            target.RequiresGrad = true;
            loss(target).Backward();
            Assert.Equal(expected, target.Grad!.ToArray());
        }
    }

    [Fact]
    public void Targets_overwritten_before_backward_are_noticed()
    {
        Tensor x = Tensor.Zeros(2, 3);
        x.RequiresGrad = true;
        foreach (Func<IndexTensor, Tensor> call in (Func<IndexTensor, Tensor>[])[t => x.CrossEntropy(t), t => x.NllLoss(t)])
        {
            IndexTensor targets = IndexTensor.From([0, 1]);
            Tensor loss = call(targets);
            targets.CopyFrom([0, 1_000_000_000]);
            Assert.Contains(
                "were overwritten after they were used",
                Assert.Throws<InvalidOperationException>(() => loss.Backward()).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Errors_name_the_operation_and_both_shapes()
    {
        Tensor x = Tensor.Zeros(4, 8, 65);
        Says(
            "CrossEntropy: the tensor is [4, 8, 65], the targets [32]; the targets must have the tensor's shape without the last " +
            "dimension, which is the classes.",
            () => x.CrossEntropy(IndexTensor.From(new int[32])));
        Says(
            "NllLoss: the tensor is [], the targets [1]; the targets must have the tensor's shape without the last dimension, " +
            "which is the classes.",
            () => Tensor.Scalar(1).NllLoss(IndexTensor.From([0])));
        Tensor row = Tensor.Zeros(3, 7);
        Says("CrossEntropy: index 7 (element 1 of [3]) is not from 0 to 6.", () => row.CrossEntropy(IndexTensor.From([0, 7, 2])));
        Says("NllLoss: index -1 (element 2 of [3]) is not from 0 to 6.", () => row.NllLoss(IndexTensor.From([0, -100, -1])));
        Says("MseLoss: the tensor is [3, 7], the target [7]; they must be equal.", () => row.MseLoss(Tensor.Zeros(7)));
        Says("HingeLoss: the tensor is [3, 7], the target []; they must be equal.", () => row.HingeLoss(Tensor.Scalar(1)));
        Says(
            "BinaryCrossEntropyWithLogits: the tensor is [3, 7], the target [3, 1]; they must be equal.",
            () => row.BinaryCrossEntropyWithLogits(Tensor.Zeros(3, 1)));
        ArgumentOutOfRangeException smoothing = Assert.Throws<ArgumentOutOfRangeException>(
            () => row.CrossEntropy(IndexTensor.From([0, 1, 2]), labelSmoothing: 1.5f));
        Assert.StartsWith("CrossEntropy: the label smoothing must be from 0 to 1.", smoothing.Message, StringComparison.Ordinal);
    }

    private static void Says(string message, Func<Tensor> call) => Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);
}
