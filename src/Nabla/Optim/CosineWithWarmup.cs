namespace Nabla.Optim;

/// <summary>
/// A learning rate that rises in a line, then falls along half a cosine from a maximum to a minimum: what GPT-2 and GPT-3 were
/// trained with. The cosine is of I. Loshchilov and F. Hutter, "SGDR" (2016), arXiv:1608.03983, equation 5.
/// </summary>
/// <param name="maximum">The learning rate at the end of the warm-up.</param>
/// <param name="minimum">The learning rate from step <paramref name="totalSteps"/> on.</param>
/// <param name="warmupSteps">The number of steps of the warm-up.</param>
/// <param name="totalSteps">The number of steps, those of the warm-up included.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is negative, or the warm-up is longer than the whole.</exception>
public sealed class CosineWithWarmup(float maximum, float minimum, long warmupSteps, long totalSteps)
    : WarmupSchedule(maximum, minimum, warmupSteps, totalSteps)
{
    /// <inheritdoc/>
    private protected override double Left(double part) => 0.5 * (1 + Math.Cos(Math.PI * part));
}
