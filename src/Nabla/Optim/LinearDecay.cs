namespace Nabla.Optim;

/// <summary>A learning rate that falls in a line from a maximum to a minimum, after a warm-up if one is wanted.</summary>
/// <param name="maximum">The learning rate at the end of the warm-up.</param>
/// <param name="minimum">The learning rate from step <paramref name="totalSteps"/> on.</param>
/// <param name="warmupSteps">The number of steps of the warm-up.</param>
/// <param name="totalSteps">The number of steps, those of the warm-up included.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is negative, or the warm-up is longer than the whole.</exception>
public sealed class LinearDecay(float maximum, float minimum, long warmupSteps, long totalSteps)
    : WarmupSchedule(maximum, minimum, warmupSteps, totalSteps)
{
    /// <inheritdoc/>
    private protected override double Left(double part) => 1 - part;
}
