namespace Nabla.Optim;

/// <summary>
/// A learning rate that rises in a line to a maximum, falls along a curve to a minimum, and stays there. The first step is not
/// idle: step i of the rise has <c>maximum (i + 1) / warmupSteps</c>.
/// </summary>
public abstract class WarmupSchedule : LearningRateSchedule
{
    private readonly double _maximum;
    private readonly double _minimum;
    private readonly long _warmupSteps;
    private readonly long _totalSteps;

    private protected WarmupSchedule(float maximum, float minimum, long warmupSteps, long totalSteps)
    {
        _maximum = CheckedRate(maximum, nameof(maximum));
        _minimum = CheckedRate(minimum, nameof(minimum));
        ArgumentOutOfRangeException.ThrowIfNegative(warmupSteps);
        _warmupSteps = warmupSteps;
        _totalSteps = totalSteps >= warmupSteps
            ? totalSteps
            : throw new ArgumentOutOfRangeException(
                nameof(totalSteps),
                totalSteps,
                $"{GetType().Name}: the total must be at least the {warmupSteps} of the warm-up.");
    }

    /// <summary>Returns what is left of the way from maximum to minimum, 1 to 0, after a part of the steps, 0 to 1.</summary>
    private protected abstract double Left(double part);

    /// <inheritdoc/>
    protected sealed override double RateAt(long step)
    {
        if (step < _warmupSteps)
        {
            return _maximum * (step + 1) / _warmupSteps;
        }

        if (step >= _totalSteps)
        {
            return _minimum;
        }

        double part = (double)(step - _warmupSteps) / (_totalSteps - _warmupSteps);
        return _minimum + (Left(part) * (_maximum - _minimum));
    }
}
