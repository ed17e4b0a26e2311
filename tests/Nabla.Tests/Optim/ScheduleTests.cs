using Nabla.Optim;

namespace Nabla.Tests.Optim;

public sealed class ScheduleTests
{
    [Fact]
    [Trait("Number", "L07-092")]
    public void The_cosine_has_the_maximum_after_the_warm_up_and_the_minimum_at_the_end_and_ever_after()
    {
        CosineWithWarmup schedule = new(6e-4f, 6e-5f, warmupSteps: 715, totalSteps: 19_073);

        Assert.Equal(8.3916e-7, schedule.At(0), 1e-11);
        Assert.Equal(6e-4f, schedule.At(714));
        Assert.Equal(6e-4f, schedule.At(715));
        Assert.Equal(3.3e-4f, schedule.At(9894), 1e-10f);
        Assert.Equal(6e-5f, schedule.At(19_073));
        Assert.Equal(6e-5f, schedule.At(19_074));
        Assert.Equal(6e-5f, schedule.At(long.MaxValue));
    }

    [Fact]
    public void A_schedule_that_is_all_warm_up_ends_at_the_minimum()
    {
        LinearDecay schedule = new(1, 0.25f, warmupSteps: 4, totalSteps: 4);

        Assert.Equal([0.25f, 0.5f, 0.75f, 1, 0.25f], Enumerable.Range(0, 5).Select(step => schedule.At(step)));
        Assert.Equal(0.25f, new CosineWithWarmup(1, 0.25f, 0, 0).At(0));
    }

    [Fact]
    public void A_constant_rate_stays()
    {
        ConstantRate schedule = new(3e-4f);

        Assert.Equal(3e-4f, schedule.At(0));
        Assert.Equal(3e-4f, schedule.At(1_000_000));
    }

    [Fact]
    public void Arguments_out_of_range_are_errors()
    {
        Assert.Throws<ArgumentOutOfRangeException>("step", () => new ConstantRate(1).At(-1));
        Assert.Throws<ArgumentOutOfRangeException>("totalSteps", () => new LinearDecay(1, 0, 5, 4));
        Assert.Throws<ArgumentOutOfRangeException>("warmupSteps", () => new LinearDecay(1, 0, -1, 4));
        Assert.Throws<ArgumentOutOfRangeException>("every", () => new StepDecay(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => new StepDecay(1, 1, double.NaN));
    }
}
