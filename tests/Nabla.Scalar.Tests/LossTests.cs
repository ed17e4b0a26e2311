namespace Nabla.Scalar.Tests;

/// <summary>What is made small. Rows L01-059 and L01-060.</summary>
public sealed class LossTests
{
    [Fact]
    [Trait("Number", "L01-059")]
    public void The_loss_of_the_first_predictions_is_near_7() =>
        Assert.Equal(6.8225, Loss.SquaredError([0.91, 0.88, 0.8, 0.8], [1, -1, -1, 1]).Data, 1e-9);

    [Fact]
    [Trait("Number", "L01-060")]
    public void The_loss_is_a_sum_and_0_only_where_all_are_right()
    {
        Assert.Equal(0, Loss.SquaredError([1, -1, -1, 1], [1, -1, -1, 1]).Data, 1e-12);
        Assert.Equal(0.25, Loss.SquaredError([1, -0.5, -1, 1], [1, -1, -1, 1]).Data, 1e-12);
    }

    [Fact]
    public void A_score_beyond_the_margin_costs_nothing()
    {
        Value right = 1.5, near = 0.25, wrong = -2;
        Value loss = Loss.MaxMargin([right, near, wrong], [1, 1, 1]);
        loss.Backward();

        Assert.Equal((0 + 0.75 + 3) / 3, loss.Data, 1e-12);
        Assert.Equal(0, right.Grad);
        Assert.Equal(-1.0 / 3, near.Grad, 1e-12);
        Assert.Equal(-1.0 / 3, wrong.Grad, 1e-12);
        Assert.Equal(0, Loss.MaxMargin([-1.5], [-1]).Data);
    }

    [Fact]
    public void The_penalty_of_weights_is_the_sum_of_their_squares()
    {
        Value a = 3, b = -4;
        Value penalty = Loss.L2([a, b], 0.1);
        penalty.Backward();

        Assert.Equal(2.5, penalty.Data, 1e-12);
        Assert.Equal(0.6, a.Grad, 1e-12);
        Assert.Equal(-0.8, b.Grad, 1e-12);
    }

    [Fact]
    public void Each_prediction_needs_its_target()
    {
        var error = Assert.Throws<ArgumentException>(() => Loss.SquaredError([1, 2], [1]));
        Assert.Equal("SquaredError: 2 predictions and 1 targets: give one target for each.", error.Message);
        Assert.Throws<ArgumentException>(() => Loss.MaxMargin([], []));
    }
}
