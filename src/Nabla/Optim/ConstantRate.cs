namespace Nabla.Optim;

/// <summary>The same learning rate throughout.</summary>
/// <param name="learningRate">The learning rate.</param>
public sealed class ConstantRate(float learningRate) : LearningRateSchedule
{
    private readonly double _rate = CheckedRate(learningRate, nameof(learningRate));

    /// <inheritdoc/>
    protected override double RateAt(long step) => _rate;
}
