namespace Nabla.Optim;

/// <summary>A learning rate for every step, to be handed to <see cref="Optimizer.SetLearningRate"/> before it.</summary>
public abstract class LearningRateSchedule
{
    /// <summary>Returns the learning rate of a step.</summary>
    /// <param name="step">The number of steps taken before: the first step is 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public float At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return (float)RateAt(step);
    }

    /// <summary>Returns the learning rate of a step that is not negative.</summary>
    /// <param name="step">The number of steps taken before.</param>
    protected abstract double RateAt(long step);

    /// <summary>Returns a rate that is finite and not negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another.</exception>
    private protected static double CheckedRate(float rate, string name) => rate >= 0 && float.IsFinite(rate)
        ? rate
        : throw new ArgumentOutOfRangeException(name, rate, "A learning rate must be finite and not negative.");
}
