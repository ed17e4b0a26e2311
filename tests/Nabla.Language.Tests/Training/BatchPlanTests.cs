using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Language.Tests.Training;

public sealed class BatchPlanTests
{
    [Theory]
    [InlineData(16, 1, 32)]
    [InlineData(16, 8, 4)]
    [InlineData(64, 8, 1)]
    [Trait("Number", "L10-073")]
    public void Half_a_million_tokens_are_cut_into_batches_of_each_process(int batchSize, int worldSize, int accumulationSteps)
    {
        BatchPlan plan = BatchPlan.Of(524_288, batchSize, rowTokens: 1024, worldSize);

        Assert.Equal(new BatchPlan(batchSize, accumulationSteps), plan);
        Assert.Equal(524_288, plan.Tokens(1024, worldSize));
    }

    [Fact]
    [Trait("Number", "L10-095")]
    [Trait("Number", "L10-101")]
    public void The_equality_check_of_the_lecture_and_the_setting_of_gpt3_are_such_cuts()
    {
        Assert.Equal(131_072, new BatchPlan(16, 1).Tokens(1024, worldSize: 8));
        Assert.Equal(32_768, new BatchPlan(4, 1).Tokens(1024, worldSize: 8));
        Assert.Equal(new BatchPlan(4, 8), BatchPlan.Of(32_768, 4, 1024));
        Assert.Equal(new BatchPlan(4, 1), BatchPlan.Of(32_768, 4, 1024, worldSize: 8));
        Assert.Equal(new BatchPlan(32, 1), BatchPlan.Of(524_288, 32, rowTokens: 2048, worldSize: 8));
    }

    [Theory]
    [InlineData(1000, 16_384)]
    [InlineData(96, 170_667)]
    [InlineData(93, 176_172)]
    [InlineData(90, 182_044)]
    [Trait("Number", "L10-078")]
    public void Tokens_a_second_are_those_of_the_step_over_its_time(double milliseconds, double expected)
        => Assert.Equal(expected, new BatchPlan(16, 1).Tokens(1024) / (milliseconds / 1000), 1.0);

    [Theory]
    [InlineData(524_288, 17, 1024, 1, "A step of 524288 tokens is 512 rows of 1024, which batches of 17 do not divide: take 16 or 32 rows in a batch.")]
    [InlineData(524_288, 0, 1024, 1, "A step of 524288 tokens is 512 rows of 1024, which batches of 0 do not divide: take 1 rows in a batch.")]
    [InlineData(4096, 8, 1024, 1, "A step of 4096 tokens is 4 rows of 1024, which batches of 8 do not divide: take 4 rows in a batch.")]
    [InlineData(8192, 4, 1024, 4, "A step of 8192 tokens is 2 rows of 1024 for each of 4 processes, which batches of 4 do not divide: take 2 rows in a batch.")]
    [InlineData(524_288, 16, 1000, 1, "A step of 524288 tokens is not a whole number of rows of 1000: take 524000 or 525000 tokens.")]
    [InlineData(500, 1, 1000, 1, "A step of 500 tokens is not a whole number of rows of 1000: take 1000 tokens.")]
    [InlineData(-5, 1, 1000, 2, "A step of -5 tokens is not a whole number of rows of 1000 for each of 2 processes: take 2000 tokens.")]
    [Trait("Number", "L10-074")]
    public void A_step_that_batches_do_not_divide_is_refused_with_what_does(
        int stepTokens, int batchSize, int rowTokens, int worldSize, string message)
        => Assert.Equal(message, Assert.Throws<ArgumentException>(() => BatchPlan.Of(stepTokens, batchSize, rowTokens, worldSize)).Message);

    [Theory]
    [InlineData(524_288, 1024, 16.5, 16)] // the most that fit, of those that divide
    [InlineData(524_288, 1024, 1e9, 64)] // no more than this, whatever fits
    [InlineData(6 * 1024, 1024, 5.5, 3)]
    [InlineData(524_288, 1024, 0.5, 1)] // nothing fits: as little as can be
    public void The_largest_batch_that_fits_is_taken(int stepTokens, int rowTokens, double memoryInRows, int expected)
    {
        BatchPlan plan = BatchPlan.Fit(stepTokens, rowTokens, batch => batch * 1000L, (long)(memoryInRows * 1000));

        Assert.Equal(expected, plan.BatchSize);
        Assert.Equal(stepTokens, plan.Tokens(rowTokens));
    }

    [Fact]
    public void A_cut_has_the_tokens_of_the_step()
        => Prop.ForAll(
            Gen.Choose(1, 200).Three().ToArbitrary(),
            ((int Batch, int Batches, int Row) size)
                => BatchPlan.Of(size.Batch * size.Batches * size.Row, size.Batch, size.Row) == new BatchPlan(size.Batch, size.Batches))
            .QuickCheckThrowOnFailure();
}
