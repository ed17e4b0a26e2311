namespace Nabla.Language.Tests.Planning;

public class StepCalibrationTests
{
    private static readonly GptConfig _small = new() { VocabularySize = 65, LayerCount = 4, HeadCount = 4, Width = 64, ContextLength = 32 };

    [Fact]
    public void A_small_batch_is_timed_as_it_is()
    {
        List<(int Layers, int Rows)> taken = [];

        StepTime time = StepCalibration.From(_small, 12, accumulates: false, Machine(taken));

        Assert.Equal([(4, 12)], taken);
        Assert.Null(time.TimedInstead);
        Assert.Equal(12 * StepCalibration.Work(_small, accumulates: false) * 1e-12, time.Batch, 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_deep_model_is_timed_by_a_shallow_one_and_fewer_rows(bool accumulates)
    {
        List<(int Layers, int Rows)> taken = [];

        StepTime time = StepCalibration.From(new GptConfig(), 32, accumulates, Machine(taken, accumulates));

        Assert.Equal([(3, 1)], taken);
        Assert.Equal("batches of 1 row, with 3 layers", time.TimedInstead);
        Assert.Equal(32 * StepCalibration.Work(new GptConfig(), accumulates) * 1e-12, time.Batch, 1e-9);
        Assert.Equal(124_439_808 * 1e-9, time.Update, 1e-9);
    }

    [Fact]
    public void A_large_batch_of_a_model_of_middle_size_is_timed_by_fewer_rows()
    {
        List<(int Layers, int Rows)> taken = [];

        GptConfig config = _small with { Width = 384, LayerCount = 6, HeadCount = 6, ContextLength = 256 };
        StepTime time = StepCalibration.From(config, 640, accumulates: false, Machine(taken));

        (int layers, int rows) = Assert.Single(taken);
        Assert.Equal(6, layers);
        Assert.InRange(rows, 2, 639);
        Assert.Equal($"batches of {rows} rows", time.TimedInstead);
        Assert.Equal(640 * StepCalibration.Work(config, accumulates: false) * 1e-12, time.Batch, 1e-9);
    }

    [Fact]
    public void The_work_of_a_batch_is_that_of_its_products()
    {
        // 6 operations for a token and each of 12 L C^2 + V C weights, and attention's 6 L C T of a token.
        double expected = 6.0 * 32 * ((12 * 4 * 64 * 64) + (65 * 64) + (4 * 64 * 32));
        Assert.Equal(expected, StepCalibration.Work(_small, accumulates: false));

        // Logits that are made twice: 2 more for each of the head's weights.
        Assert.Equal(expected + (2.0 * 32 * 65 * 64), StepCalibration.Work(_small, accumulates: true), 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Steps_are_really_taken(int accumulation)
    {
        GptConfig config = _small with { LayerCount = 1, Width = 8, HeadCount = 2, ContextLength = 4, Dropout = 0.1f };

        StepTime time = StepCalibration.Measure(
            config, new TrainingOptions { BatchSize = 2, AccumulationSteps = accumulation }, TestContext.Current.CancellationToken);

        Assert.True(time.Batch > 0);
        Assert.True(time.Update > 0);
    }

    [Fact]
    public void A_stop_is_heeded()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => StepCalibration.Measure(_small, new TrainingOptions(), stop.Token));
    }

    [Fact]
    public void A_step_is_its_batches_and_an_update()
        => Assert.Equal(8.5, new StepTime(2, 0.5).Step(new TrainingOptions { AccumulationSteps = 4 }), 1e-12);

    [Theory]
    [InlineData(10, 4, 3)] // after steps 4, 8 and the last
    [InlineData(12, 4, 3)]
    [InlineData(12, 0, 1)] // the last alone
    [InlineData(0, 4, 0)]
    public void All_of_a_run_is_its_steps_and_its_estimates_at_a_third_of_a_batch(int steps, int interval, int estimates)
    {
        TrainingOptions options = new() { Steps = steps, EvaluationInterval = interval, EvaluationBatches = 6 };
        Assert.Equal((steps * 3.5) + (estimates * 6), new StepTime(3, 0.5).All(options), 1e-12);
    }

    // A machine of a teraflop, on which a parameter's update takes 1 ns.
    private static Func<LanguageModelConfig, int, StepTime> Machine(List<(int Layers, int Rows)> taken, bool accumulates = false)
        => (model, rows) =>
        {
            GptConfig gpt = (GptConfig)model;
            taken.Add((gpt.LayerCount, rows));
            return new StepTime(rows * StepCalibration.Work(gpt, accumulates) * 1e-12, GptParameters.Of(gpt).Total * 1e-9);
        };
}
