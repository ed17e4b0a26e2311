using Nabla.Optim;

namespace Nabla.Tests.Optim;

[Trait("Tier", "true")]
public sealed class OptimizerTests
{
    public static TheoryData<string> Kinds => [.. TrainingRun.Kinds.Keys];

    [Fact]
    [Trait("Number", "L07-094")]
    public void AdamW_starts_from_the_defaults_of_PyTorch()
    {
        AdamW optimizer = new([Tensor.Zeros(2)]);

        Assert.Equal(0.9, optimizer.Beta1);
        Assert.Equal(0.999, optimizer.Beta2);
        Assert.Equal(1e-8, optimizer.Epsilon);
        Assert.Equal(0.01f, optimizer.Groups[0].WeightDecay);
        Assert.Equal(1e-3f, optimizer.Groups[0].LearningRate);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Saved_and_continued_is_the_same_bits_as_uninterrupted(string kind)
    {
        TrainingRun whole = new(TrainingRun.Kinds[kind]);
        whole.Steps(7);
        TrainingRun first = new(TrainingRun.Kinds[kind]);
        first.Steps(4);
        TrainingRun second = new(TrainingRun.Kinds[kind]);
        second.Steps(2);
        second.ContinueFrom(first);
        second.Steps(3);

        Assert.Equal(7, second.Optimizer.StepCount);
        Assert.Equal(whole.Bits, second.Bits);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_step_allocates_nothing(string kind)
    {
        TrainingRun run = new(TrainingRun.Kinds[kind]);
        run.Steps(2);

        // Compiling a method may allocate, once and whenever a thread first comes by it. What a step allocates comes every time.
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            run.Steps(1);
            long before = GC.GetAllocatedBytesForCurrentThread();
            TenSteps();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);

        void TenSteps()
        {
            for (int i = 0; i < 10; i++)
            {
                GradientClipping.ClipNorm(run.Optimizer.Parameters, 1e-3f);
                run.Optimizer.SetLearningRate(0.01f);
                run.Optimizer.Step();
            }

            run.Optimizer.ZeroGrad();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_element_is_updated_alike_wherever_it_lies(string kind)
    {
        const int Count = 40_003;
        Tensor parameter = Tensor.Full(new Shape(Count), 0.7f);
        Optimizer optimizer = TrainingRun.Kinds[kind]([parameter, Tensor.Zeros(1), Tensor.Zeros(1)]);
        for (int step = 0; step < 3; step++)
        {
            optimizer.ZeroGrad();
            parameter.AddToGrad(Tensor.Full(new Shape(Count), 0.3f - (0.2f * step)));
            optimizer.Step();
        }

        Assert.NotEqual(0.7f, parameter.ToArray()[0]);
        Assert.Single(parameter.ToArray().Distinct());
    }

    [Fact]
    public void Nesterov_looks_ahead_by_the_momentum()
    {
        Tensor parameter = Tensor.Scalar(2);
        Sgd optimizer = new([parameter], learningRate: 0.1f, momentum: 0.9f, nesterov: true);
        (double p, double b) = (2, 0);
        foreach (float gradient in new[] { 1f, -0.5f, 3f })
        {
            optimizer.ZeroGrad();
            parameter.AddToGrad(Tensor.Scalar(gradient));
            optimizer.Step();
            b = (0.9 * b) + gradient;
            p -= 0.1 * (gradient + (0.9 * b));
            Assert.Equal(p, parameter.Item(), 1e-6);
        }
    }

    [Fact]
    public void A_parameter_without_a_gradient_stays_and_starts_anew_when_it_gets_one()
    {
        Tensor early = Tensor.Scalar(1);
        Tensor late = Tensor.Scalar(1);
        AdamW optimizer = new([early, late], learningRate: 0.1f);
        for (int step = 0; step < 50; step++)
        {
            optimizer.ZeroGrad();
            early.AddToGrad(Tensor.Scalar(4));
            optimizer.Step();
        }

        Assert.Equal(1, late.Item());
        optimizer.ZeroGrad();
        late.AddToGrad(Tensor.Scalar(4));
        optimizer.Step();

        // The first step of Adam is the learning rate, whatever the gradient; by the other's count it would be 0.7 of that.
        Assert.Equal(1 - (0.1 * 0.01) - 0.1, late.Item(), 1e-6);
    }

    [Fact]
    public void Each_group_has_its_own_rate_and_decay()
    {
        Tensor decayed = Tensor.Scalar(1);
        Tensor plain = Tensor.Scalar(1);
        AdamW optimizer = new(
            [new ParameterGroup([decayed], 0.5f, weightDecay: 0.1f), new ParameterGroup([plain], 0.25f, weightDecay: 0)]);
        decayed.AddToGrad(Tensor.Scalar(3));
        plain.AddToGrad(Tensor.Scalar(3));
        optimizer.Step();

        Assert.Equal(1 - 0.05 - 0.5, decayed.Item(), 1e-6);
        Assert.Equal(0.75, plain.Item(), 1e-6);

        optimizer.SetLearningRate(0);
        optimizer.Step();
        Assert.Equal(0.75, plain.Item(), 1e-6);
    }

    [Fact]
    public void The_state_outlives_the_scope_it_was_made_in()
    {
        Tensor parameter = Tensor.Scalar(1);
        AdamW optimizer;
        using (MemoryScope.Begin())
        {
            optimizer = new AdamW([parameter]);
            parameter.AddToGrad(Tensor.Scalar(1));
            optimizer.Step();
        }

        optimizer.Step();
        Assert.Equal(["m.0", "v.0", "step.0"], optimizer.State.Select(entry => entry.Key));
        Assert.Equal(2, optimizer.State.Single(entry => entry.Key == "step.0").Value.Item());
    }

    [Fact]
    public void A_backward_that_needs_the_old_values_notices_a_step()
    {
        Tensor weight = Tensor.From([2f, 3f]);
        weight.RequiresGrad = true;
        Sgd optimizer = new([weight], 0.1f);
        Tensor loss = (weight * weight).Sum();
        weight.AddToGrad(Tensor.Ones(2));
        optimizer.Step();

        Assert.Throws<InvalidOperationException>(() => loss.Backward());
    }
}
