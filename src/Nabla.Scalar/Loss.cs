namespace Nabla.Scalar;

/// <summary>One number that says how wrong a network is: what training makes small.</summary>
public static class Loss
{
    /// <summary>The sum of the squared differences. It is 0 only where every prediction is its target.</summary>
    /// <param name="predictions">What the network says.</param>
    /// <param name="targets">What it should say, one for each prediction.</param>
    /// <exception cref="ArgumentException">There are not as many targets as predictions, or none.</exception>
    public static Value SquaredError(ReadOnlySpan<Value> predictions, ReadOnlySpan<double> targets)
    {
        CheckLengths(nameof(SquaredError), predictions.Length, targets.Length);
        Value sum = (predictions[0] - targets[0]).Pow(2);
        for (int i = 1; i < predictions.Length; i++)
        {
            sum += (predictions[i] - targets[i]).Pow(2);
        }

        return sum;
    }

    /// <summary>
    /// The mean of <c>max(0, 1 - label * score)</c>, the loss of a support vector machine: a score is good enough once it lies on
    /// the right side of 0 by a margin of 1.
    /// </summary>
    /// <param name="scores">What the network says: positive for one class, negative for the other.</param>
    /// <param name="labels">The right classes, 1 or -1.</param>
    /// <exception cref="ArgumentException">There are not as many labels as scores, or none.</exception>
    public static Value MaxMargin(ReadOnlySpan<Value> scores, ReadOnlySpan<double> labels)
    {
        CheckLengths(nameof(MaxMargin), scores.Length, labels.Length);
        Value sum = (1 - (labels[0] * scores[0])).Relu();
        for (int i = 1; i < scores.Length; i++)
        {
            sum += (1 - (labels[i] * scores[i])).Relu();
        }

        return sum / scores.Length;
    }

    /// <summary>The sum of the squares of all parameters, times a strength: added to a loss, it keeps weights small.</summary>
    /// <param name="parameters">The parameters, at least one.</param>
    /// <param name="strength">How much it counts.</param>
    public static Value L2(IEnumerable<Value> parameters, double strength) =>
        strength * parameters.Select(parameter => parameter * parameter).Aggregate((sum, square) => sum + square);

    private static void CheckLengths(string loss, int predictions, int targets)
    {
        if (predictions != targets || predictions == 0)
        {
            throw new ArgumentException($"{loss}: {predictions} predictions and {targets} targets: give one target for each.");
        }
    }
}
