using Nabla.Optim;

namespace Nabla.Tests.Optim;

[Collection(SetsThreadCount.Name)]
public sealed class OptimizerThreadTests
{
    public static TheoryData<string> Kinds => [.. TrainingRun.Kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Steps_are_the_same_bits_on_any_number_of_threads(string kind)
        => AssertSameOnAnyThreads(() =>
        {
            TrainingRun run = new(TrainingRun.Kinds[kind]);
            run.Steps(4);
            return run.Bits;
        });

    [Fact]
    public void Clipping_is_the_same_bits_on_any_number_of_threads()
        => AssertSameOnAnyThreads(() =>
        {
            // Many norms, because a sum in another order is often the same float.
            TrainingRun run = new(TrainingRun.Kinds["Sgd"]);
            float[] norms = new float[20];
            for (int i = 0; i < norms.Length; i++)
            {
                run.Steps(1);
                norms[i] = GradientClipping.ClipNorm(run.Parameters, 0.5f);
            }

            Assert.All(norms, norm => Assert.True(norm > 0.5f));
            IEnumerable<float> clipped = run.Parameters.SelectMany(parameter => parameter.Grad!.ToArray());
            return [.. norms.Concat(clipped).Select(BitConverter.SingleToInt32Bits)];
        });

    private static void AssertSameOnAnyThreads(Func<int[]> result)
    {
        int before = Compute.ThreadCount;
        try
        {
            Compute.ThreadCount = 1;
            int[] expected = result();
            foreach (int threads in new[] { 2, 3, 4 })
            {
                Compute.ThreadCount = threads;
                Assert.Equal(expected, result());
            }
        }
        finally
        {
            Compute.ThreadCount = before;
        }
    }
}
