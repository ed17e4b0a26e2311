using Nabla.Language.Data;
using Nabla.Tests;

namespace Nabla.Language.Tests.Data;

public sealed class BatchSamplerTests
{
    [Fact]
    [Trait("Number", "L07-011")]
    [Trait("Number", "L07-012")]
    public void The_first_batch_of_seed_1337_is_that_of_the_lecture()
    {
        TextDataset dataset = RunningText.Create(TextFile.Read(TestFiles.Data("tinyshakespeare.txt")), "shakespeare");
        var sampler = new BatchSampler(dataset.TrainingIds, 4, 8, new RandomGenerator(1337));
        int[] x = new int[32];
        int[] y = new int[32];

        sampler.Next(x, y);

        Assert.Equal(
        [
            24, 43, 58, 5, 57, 1, 46, 43,
            44, 53, 56, 1, 58, 46, 39, 58,
            52, 58, 1, 58, 46, 39, 58, 1,
            25, 17, 27, 10, 0, 21, 1, 54,
        ], x);
        Assert.Equal(
        [
            43, 58, 5, 57, 1, 46, 43, 39,
            53, 56, 1, 58, 46, 39, 58, 1,
            58, 1, 58, 46, 39, 58, 1, 46,
            17, 27, 10, 0, 21, 1, 54, 39,
        ], y);
        Assert.Equal("Let's hea", dataset.Tokenizer.Decode([.. x.AsSpan(0, 8), y[7]]));
    }

    [Fact]
    [Trait("Number", "L07-014")]
    public void Every_window_with_a_token_after_it_is_drawn_and_no_other()
    {
        int[] ids = [.. Enumerable.Range(0, 12)];
        var sampler = new BatchSampler(ids, 5, 8, new RandomGenerator(1));
        int[] x = new int[40];
        int[] y = new int[40];
        var starts = new HashSet<int>();

        for (int batch = 0; batch < 50; batch++)
        {
            sampler.Next(x, y);
            for (int row = 0; row < 5; row++)
            {
                starts.Add(x[row * 8]);
                Assert.Equal(Enumerable.Range(x[row * 8], 8), x[(row * 8)..((row + 1) * 8)]);
                Assert.Equal(Enumerable.Range(x[row * 8] + 1, 8), y[(row * 8)..((row + 1) * 8)]);
            }
        }

        Assert.Equal([0, 1, 2, 3], starts.Order());
    }

    [Fact]
    public void The_batches_go_on_from_the_state_of_the_generator()
    {
        int[] ids = [.. Enumerable.Range(0, 1000)];
        var generator = new RandomGenerator(5);
        var sampler = new BatchSampler(ids, 3, 4, generator);
        int[] x = new int[12];
        int[] expected = new int[12];
        int[] y = new int[12];
        sampler.Next(x, y);
        RandomState state = generator.GetState();
        sampler.Next(expected, y);

        var resumed = new RandomGenerator(0);
        resumed.SetState(state);
        new BatchSampler(ids, 3, 4, resumed).Next(x, y);

        Assert.Equal(expected, x);
    }

    [Theory]
    [InlineData(8, 1, 8)]
    [InlineData(0, 1, 1)]
    [InlineData(9, 0, 8)]
    [InlineData(9, 1, 0)]
    public void A_stream_without_a_window_or_an_empty_batch_is_refused(int length, int batchSize, int contextLength) =>
        Assert.Throws<ArgumentException>(
            () => new BatchSampler(new int[length], batchSize, contextLength, new RandomGenerator(1)));

    [Fact]
    public void A_span_of_another_size_than_the_batch_is_refused()
    {
        var sampler = new BatchSampler(new int[9], 2, 4, new RandomGenerator(1));

        Assert.Throws<ArgumentException>(() => sampler.Next(new int[8], new int[7]));
        Assert.Throws<ArgumentException>(() => sampler.Next(new int[9], new int[8]));
    }

    [Fact]
    public void Drawing_allocates_nothing()
    {
        var sampler = new BatchSampler(new int[1000], 8, 16, new RandomGenerator(1));
        int[] x = new int[128];
        int[] y = new int[128];
        sampler.Next(x, y);

        long before = GC.GetAllocatedBytesForCurrentThread();
        sampler.Next(x, y);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
