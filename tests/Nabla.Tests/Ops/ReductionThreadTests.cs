namespace Nabla.Tests.Ops;

/// <summary>Reductions, softmax and losses are the same bits on any number of threads, forward and backward.</summary>
[Collection(SetsThreadCount.Name)]
public class ReductionThreadTests
{
    private static readonly IndexTensor _targets
        = IndexTensor.From([.. Enumerable.Range(0, 60).Select(i => i % 11 == 0 ? -100 : i * 31 % 5003)]);

    public static TheoryData<string> Names => [.. Operations.Keys];

    private static Dictionary<string, Func<Tensor, Tensor>> Operations { get; } = new()
    {
        ["Mean"] = x => x.Mean(),
        ["Mean along dim 0"] = x => x.Mean(0),
        ["Var"] = x => x.Var(1),
        ["Std along dim 0"] = x => x.Std(0),
        ["Norm"] = x => x.Norm(1),
        ["Max"] = x => x.Max(),
        ["Min along dim 1"] = x => x.Min(1).Values,
        ["CumSum"] = x => x.CumSum(1),
        ["Softmax"] = x => x.Softmax(1),
        ["Softmax along dim 0"] = x => x.Softmax(0),
        ["LogSoftmax"] = x => x.LogSoftmax(1),
        ["LogSumExp"] = x => x.LogSumExp(1),
        ["CrossEntropy"] = x => x.CrossEntropy(_targets),
        ["CrossEntropy, smoothed"] = x => x.CrossEntropy(_targets, LossReduction.Sum, labelSmoothing: 0.1f),
        ["CrossEntropy of two rows"] = x => x.View(2, -1).CrossEntropy(IndexTensor.From([3, 150_000])),
        ["NllLoss"] = x => x.NllLoss(_targets),
        ["MseLoss"] = x => x.MseLoss(Tensor.Ones(60, 5003)),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void One_to_four_threads_give_the_same_bits(string name)
    {
        Random random = new(3);
        float[] values = new float[60 * 5003];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() * 8) - 4;
        }

        int threads = Compute.ThreadCount;
        try
        {
            Compute.ThreadCount = 1;
            (float[] output, float[] gradient) = Run(values, Operations[name]);
            for (int count = 2; count <= 4; count++)
            {
                Compute.ThreadCount = count;
                (float[] again, float[] gradientAgain) = Run(values, Operations[name]);
                Assert.True(output.AsSpan().SequenceEqual(again), $"{name} on {count} threads");
                Assert.True(gradient.AsSpan().SequenceEqual(gradientAgain), $"gradient of {name} on {count} threads");
            }
        }
        finally
        {
            Compute.ThreadCount = threads;
        }
    }

    private static (float[] Output, float[] Gradient) Run(float[] values, Func<Tensor, Tensor> operation)
    {
        Tensor x = Tensor.From(values, 60, 5003);
        x.RequiresGrad = true;
        Tensor y = operation(x);
        y.Backward(y.Detach());
        return (y.ToArray(), x.Grad!.ToArray());
    }
}
