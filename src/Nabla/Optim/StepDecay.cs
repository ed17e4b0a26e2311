namespace Nabla.Optim;

/// <summary>A learning rate that is multiplied by a factor every so many steps: PyTorch's <c>StepLR</c>.</summary>
public sealed class StepDecay : LearningRateSchedule
{
    private readonly double _rate;
    private readonly long _every;
    private readonly double _factor;

    /// <summary>Makes a schedule.</summary>
    /// <param name="learningRate">The learning rate of the first steps.</param>
    /// <param name="every">The number of steps between two changes.</param>
    /// <param name="factor">What a change multiplies by.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public StepDecay(float learningRate, long every, double factor = 0.1)
    {
        _rate = CheckedRate(learningRate, nameof(learningRate));
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        _every = every;
        _factor = factor is >= 0 and <= 1
            ? factor
            : throw new ArgumentOutOfRangeException(nameof(factor), factor, "StepDecay: the factor must be from 0 to 1.");
    }

    /// <inheritdoc/>
    protected override double RateAt(long step) => _rate * Math.Pow(_factor, step / _every);
}
