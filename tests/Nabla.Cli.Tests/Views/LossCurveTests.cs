using Nabla.Cli.Views;

namespace Nabla.Cli.Tests.Views;

public sealed class LossCurveTests
{
    [Fact]
    public void A_falling_loss_is_a_falling_curve_over_all_lines()
    {
        LossCurve curve = new(width: 4, height: 2);
        for (int step = 0; step < 8; step++)
        {
            curve.Add(step, 8, 8 - step);
        }

        Assert.Equal(["█▃  ", "██▆▁"], curve.Draw());
        Assert.Equal((7.5, 1.5), (curve.High, curve.Low));
    }

    [Fact]
    public void Steps_that_are_still_to_come_and_those_before_a_resume_are_blank()
    {
        LossCurve curve = new(width: 4, height: 1);
        curve.Add(2, 8, 3);
        curve.Add(3, 8, 1);
        curve.Add(4, 8, 1);

        Assert.Equal([" █▁ "], curve.Draw());
    }

    [Fact]
    public void A_flat_loss_is_a_flat_line()
    {
        LossCurve curve = new(width: 3, height: 1);
        for (int step = 0; step < 3; step++)
        {
            curve.Add(step, 3, 2);
        }

        Assert.Equal(["▁▁▁"], curve.Draw());
    }
}
