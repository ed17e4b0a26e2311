namespace Nabla.Tests.Ops;

/// <summary>Normalisations are the same bits on any number of threads, forward and backward, running statistics included.</summary>
[Collection(SetsThreadCount.Name)]
public sealed class NormThreadTests
{
    private const int Width = 203;

    public static TheoryData<string> Names => [.. Operations.Keys];

    private static Dictionary<string, Func<Tensor, Tensor, Tensor, Tensor[], Tensor>> Operations { get; } = new()
    {
        ["BatchNorm"] = (x, weight, bias, running) => x.BatchNorm(weight, bias, running[0], running[1]),
        ["BatchNorm, evaluating"] = (x, weight, bias, running) => x.BatchNorm(weight, bias, running[0], running[1], training: false),
        ["GroupNorm"] = (x, weight, bias, _) => x.GroupNorm(7, weight, bias),
        ["LayerNorm"] = (x, weight, bias, _) => x.LayerNorm(weight, bias),
        ["RmsNorm"] = (x, weight, bias, _) => x.RmsNorm(weight) + bias,
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void One_to_four_threads_give_the_same_bits(string name)
    {
        int threads = Compute.ThreadCount;
        try
        {
            float[][] expected = Run(name, 1);
            for (int count = 2; count <= 4; count++)
            {
                foreach ((float[] one, float[] many) in expected.Zip(Run(name, count)))
                {
                    Assert.True(one.AsSpan().SequenceEqual(many), $"{name} on {count} threads");
                }
            }
        }
        finally
        {
            Compute.ThreadCount = threads;
        }
    }

    private static float[][] Run(string name, int threads)
    {
        Compute.ThreadCount = threads;
        RandomGenerator random = new(1);
        Tensor[] leaves = [Tensor.Randn(random, 40, 33, Width), Tensor.Randn(random, Width), Tensor.Randn(random, Width)];
        foreach (Tensor leaf in leaves)
        {
            leaf.RequiresGrad = true;
        }

        Tensor[] running = [Tensor.Randn(random, Width), Tensor.Rand(random, Width)];
        Tensor y = Operations[name](leaves[0], leaves[1], leaves[2], running);
        y.Backward(Tensor.Randn(random, 40, 33, Width));
        return [y.ToArray(), .. leaves.Select(leaf => leaf.Grad!.ToArray()), .. running.Select(statistic => statistic.ToArray())];
    }
}
