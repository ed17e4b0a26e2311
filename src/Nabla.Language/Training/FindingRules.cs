using static System.FormattableString;

namespace Nabla.Language;

/// <summary>From numbers to what is wrong, if anything is.</summary>
public static class FindingRules
{
    /// <summary>The lesson on learning rates.</summary>
    public const string RateLesson = "lessons/03-mlp";

    /// <summary>The lesson on how activations, gradients and updates should look.</summary>
    public const string ActivationLesson = "lessons/04-activations";

    /// <summary>A model that has not learned anything should be this close to a guess, in nats.</summary>
    private const double FirstLossTolerance = 1;

    // About 5 % is healthy, and 20 % in a first layer; twice too wide a start makes 40 %.
    private const double SaturationBound = 0.4;
    private const double DeadBound = 0.1;
    private const double SmallestUpdate = 1e-5;
    private const double LargestUpdate = 1e-1;
    private const int FirstSteps = 100;

    /// <summary>Compares the first loss with that of a guess.</summary>
    /// <param name="loss">The loss of the first step, in nats per token.</param>
    /// <param name="vocabularySize">The number of tokens to guess from.</param>
    public static Finding? FirstLoss(double loss, int vocabularySize)
    {
        double expected = Math.Log(vocabularySize);
        return Math.Abs(loss - expected) <= FirstLossTolerance ? null : new Finding(
            FindingKind.FirstLoss,
            Invariant($"The first loss is {loss:F2}, far from ln({vocabularySize}) = {expected:F2}, the loss of a guess; look at the initialisation."),
            ActivationLesson);
    }

    /// <summary>Returns what a step showed to be wrong.</summary>
    /// <param name="watch">What the step showed.</param>
    /// <param name="step">Which it was, from 0.</param>
    /// <param name="options">How the training goes.</param>
    public static IEnumerable<Finding> Of(StepWatch watch, int step, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(watch);
        ArgumentNullException.ThrowIfNull(options);
        return ((Finding?[])
        [
            Worst(watch.Saturation, SaturationBound) is (string saturated, float share, var others)
                ? new(FindingKind.SaturatedLayer, Invariant(
                    $"{share:P0} of what {saturated}{others} puts out is saturated, where hardly any gradient comes through; start with smaller weights, or normalise before it."),
                    ActivationLesson)
                : null,
            Worst(watch.DeadUnits, DeadBound) is (string dying, float dead, var more)
                ? new(FindingKind.DeadUnits, Invariant(
                    $"{dead:P0} of the units of {dying}{more} are dead, off or saturated in every example; lower the learning rate, or start with smaller weights."),
                    ActivationLesson)
                : null,
            step < options.WarmupSteps ? null : Smallest(watch.Updates),
            Worst(watch.Updates, LargestUpdate) is (string large, float ratio, var rest) && IsTooLarge(watch.Updates, step)
                ? new(FindingKind.LargeUpdates, Invariant(
                    $"A step changes {large}{rest} by {ratio:0.0#} of its size, a healthy one by about 0.001; lower the learning rate."),
                    ActivationLesson)
                : null,
        ]).OfType<Finding>();
    }

    /// <summary>Says that the loss rises.</summary>
    /// <param name="loss">The loss as it is, over some steps.</param>
    /// <param name="lowest">The lowest it has been.</param>
    public static Finding RisingLoss(double loss, double lowest) => new(
        FindingKind.RisingLoss,
        Invariant($"The loss rises: it is {loss:F2} after {lowest:F2}; lower the learning rate, or raise the warm-up."),
        RateLesson);

    // A head begins small on purpose, and grows fast at first; that is no fault where it is alone.
    private static bool IsTooLarge(IReadOnlyDictionary<string, float> updates, int step)
        => step >= FirstSteps || updates.Values.Count(ratio => ratio > LargestUpdate) > updates.Count / 2;

    private static Finding? Smallest(IReadOnlyDictionary<string, float> updates)
    {
        KeyValuePair<string, float>[] small = [.. updates.Where(pair => pair.Value < SmallestUpdate).OrderBy(pair => pair.Value)];
        return small.Length == 0 ? null : new Finding(
            FindingKind.SmallUpdates,
            Invariant($"A step changes {small[0].Key}{Others(small.Length)} by {small[0].Value:0.0e+0} of its size, a healthy one by about 0.001; raise the learning rate."),
            ActivationLesson);
    }

    private static (string Name, float Value, string Others)? Worst(IReadOnlyDictionary<string, float> values, double bound)
    {
        KeyValuePair<string, float>[] above = [.. values.Where(pair => pair.Value > bound).OrderByDescending(pair => pair.Value)];
        return above.Length == 0 ? null : (above[0].Key, above[0].Value, Others(above.Length));
    }

    private static string Others(int count) => count > 1 ? $" (and {count - 1} more)" : string.Empty;
}
