using Nabla.Language.Data;
using Nabla.Optim;

namespace Nabla.Language.Tests.Lectures;

/// <summary>AdamW, clipping and the learning rate with the settings of the GPT-2 lecture.</summary>
public sealed class Gpt2OptimizerTests
{
    private static readonly float[][] _gradients = [[0.5f, -0.1f], [0.2f, 0.3f], [-0.4f, 0.1f]];

    [Theory]
    [InlineData(0.95, 0.1f, new[] { 0.890000002, -1.88000001, 0.7904128932, -1.9101295845, 0.7647944453, -1.9467380461 })]
    [InlineData(0.95, 0f, new[] { 0.900000002, -1.90000001, 0.8093128932, -1.9489295846, 0.7915985742, -2.004639342 })]
    [InlineData(0.999, 0.01f, new[] { 0.899000002, -1.89800001, 0.8082434839, -1.9455209911, 0.7898073547, -1.9992674768 })]
    [Trait("Number", "L10-057")]
    [Trait("Number", "L10-058")]
    [Trait("Number", "L10-059")]
    public void Three_steps_of_AdamW_are_PyTorchs(double beta2, float weightDecay, double[] expected)
    {
        Tensor p = Leaf(1, -2);
        AdamW optimizer = new([p], learningRate: 0.1f, beta1: 0.9, beta2: beta2, epsilon: 1e-8, weightDecay: weightDecay);
        List<double> steps = [];
        foreach (float[] gradient in _gradients)
        {
            TakeGradient(p, gradient);
            optimizer.Step();
            optimizer.ZeroGrad();
            steps.AddRange(p.ToArray().Select(value => (double)value));
        }

        // The numbers are those of doubles; ours are as near as float32 is.
        Assert.All(expected.Zip(steps), pair => Assert.Equal(pair.First, pair.Second, 3e-7));
    }

    [Fact]
    [Trait("Number", "L10-071")]
    public void AdamW_in_one_pass_equals_its_formula_operation_by_operation()
    {
        RandomGenerator random = new(3);
        Tensor p = Tensor.Randn(random, 7, 37);
        Tensor q = p.Clone();
        p.RequiresGrad = true;
        AdamW optimizer = new([p], learningRate: 6e-4f, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1f);
        (Tensor m, Tensor v) = (Tensor.Zeros(7, 37), Tensor.Zeros(7, 37));
        for (int step = 1; step <= 10; step++)
        {
            Tensor gradient = Tensor.Randn(random, 7, 37);
            (p * gradient).Sum().Backward();
            optimizer.Step();
            optimizer.ZeroGrad();

            m = (0.9f * m) + (0.1f * gradient);
            v = (0.95f * v) + (0.05f * gradient * gradient);
            Tensor mean = m / (float)(1 - Math.Pow(0.9, step));
            Tensor square = v / (float)(1 - Math.Pow(0.95, step));
            q = (q * (1 - (6e-4f * 0.1f))) - (6e-4f * (mean / (square.Sqrt() + 1e-8f)));
        }

        Assert.True(p.AllClose(q, rtol: 0, atol: 1e-6f));
    }

    [Fact]
    [Trait("Number", "L10-060")]
    [Trait("Number", "L10-061")]
    public void Gradients_are_clipped_by_their_common_norm()
    {
        Tensor p = Leaf(0, 0);
        TakeGradient(p, [3, 4]);
        Assert.Equal(5, GradientClipping.ClipNorm([p], 1), 1e-6f);
        Assert.Equal([0.6f, 0.8f], p.Grad!.ToArray(), (a, b) => Math.Abs(a - b) <= 1e-6f);

        Tensor small = Leaf(0, 0);
        TakeGradient(small, [0.3f, 0.4f]);
        GradientClipping.ClipNorm([small], 1);
        Assert.Equal([0.3f, 0.4f], small.Grad!.ToArray());
        Assert.Equal(0.5f, GradientClipping.Measure([small], 1, out float factor), 1e-6f);
        Assert.Equal(1, factor); // what the trainer scales a step by

        (Tensor first, Tensor second) = (Leaf(0), Leaf(0));
        TakeGradient(first, [3]);
        TakeGradient(second, [4]);
        Assert.Equal(5, GradientClipping.ClipNorm([first, second], 10), 1e-6f);
    }

    [Fact]
    [Trait("Number", "L10-056")]
    public void Two_backward_passes_double_the_gradient_unless_it_is_cleared_between()
    {
        Gpt model = new(Config(context: 4), new RandomGenerator(1));
        IndexTensor x = IndexTensor.From([1, 2, 3, 0], 1, 4);
        IndexTensor y = IndexTensor.From([2, 3, 0, 1], 1, 4);
        float once = Pass();
        Assert.Equal(2 * once, Pass(), 1e-5f * once);

        model.ZeroGrad();
        Assert.Equal(once, Pass());

        float Pass()
        {
            model.Loss(x, y).Backward();
            return GradientClipping.Measure(model.Parameters(), float.PositiveInfinity, out _);
        }
    }

    [Theory]
    [InlineData(6e-4f, 6e-5f, 715, 19_073, new long[] { 0, 100, 714, 715, 9894, 19_072, 19_073, 30_000 },
        new[] { 8.391608e-7, 8.475524e-5, 6e-4, 6e-4, 3.3e-4, 6.000000e-5, 6e-5, 6e-5 })]
    [InlineData(6e-4f, 6e-5f, 10, 50, new long[] { 0, 9, 10, 30, 49, 50, 51 }, new[] { 6e-5, 6e-4, 6e-4, 3.3e-4, 6.083232e-5, 6e-5, 6e-5 })]
    [InlineData(3e-4f, 3e-5f, 10, 50, new long[] { 0, 9, 30, 49, 51 }, new[] { 3e-5, 3e-4, 1.65e-4, 3.041616e-5, 3e-5 })]
    [Trait("Number", "L10-063")]
    [Trait("Number", "L10-064")]
    [Trait("Number", "L10-065")]
    public void The_learning_rate_rises_in_a_line_and_falls_along_a_cosine(
        float maximum, float minimum, int warmup, int total, long[] steps, double[] expected)
    {
        CosineWithWarmup schedule = new(maximum, minimum, warmup, total);

        Assert.All(steps.Zip(expected), pair => Assert.Equal(pair.Second, schedule.At(pair.First), 1e-9));
    }

    [Fact]
    [Trait("Number", "L10-066")]
    public void The_rate_of_a_ten_thousandth_comes_at_step_119_and_not_at_the_start()
    {
        CosineWithWarmup schedule = new(6e-4f, 6e-5f, 715, 19_073);

        Assert.Equal(119, Enumerable.Range(0, 715).First(step => schedule.At(step) >= 1e-4f));
        Assert.Equal(8.391608e-7, schedule.At(0), 1e-9);
    }

    [Fact]
    [Trait("Number", "L10-067")]
    public void Every_step_sets_the_rate_of_both_groups_and_reports_it()
    {
        TextDataset data = RunningText.Create(string.Concat(Enumerable.Repeat("abc ", 20)), "abc");
        TrainingOptions options = new() { Steps = 6, BatchSize = 2, LearningRate = 6e-4f, MinimumLearningRate = 6e-5f, WarmupSteps = 2 };
        Trainer trainer = new(Config(context: 4), data, options);
        CosineWithWarmup schedule = new(6e-4f, 6e-5f, 2, 6);
        List<TrainingProgress> reports = [];

        trainer.Run(new Reports(report =>
        {
            Assert.All(trainer.Optimizer.Groups, group => Assert.Equal(report.LearningRate, group.LearningRate));
            reports.Add(report);
        }));

        Assert.Equal(Enumerable.Range(0, 6).Select(step => schedule.At(step)), reports.Select(report => report.LearningRate));
        Assert.All(reports, report => Assert.True(report.GradientNorm > 0 && report.StepTime > TimeSpan.Zero));
    }

    private static GptConfig Config(int context)
        => new() { LayerCount = 1, HeadCount = 1, Width = 4, VocabularySize = 4, ContextLength = context };

    private static Tensor Leaf(params float[] values)
    {
        Tensor leaf = Tensor.From(values, values.Length);
        leaf.RequiresGrad = true;
        return leaf;
    }

    private static void TakeGradient(Tensor leaf, float[] gradient) => (leaf * Tensor.From(gradient, gradient.Length)).Sum().Backward();

    private sealed class Reports(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
