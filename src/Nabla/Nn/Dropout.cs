using System.Globalization;

namespace Nabla.Nn;

/// <summary>Drops a random share of the elements in training mode; does nothing in evaluation mode.</summary>
public sealed class Dropout : Layer
{
    private readonly RandomGenerator? _random;

    /// <summary>Creates the layer.</summary>
    /// <param name="share">The probability that an element is dropped, from 0 to below 1.</param>
    /// <param name="random">Where masks are drawn from; null for the default generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to below 1.</exception>
    public Dropout(float share, RandomGenerator? random = null)
    {
        DropoutKernel.Check(share, nameof(Dropout));
        Share = share;
        _random = random;
    }

    /// <summary>Gets the probability that an element is dropped.</summary>
    public float Share { get; }

    /// <inheritdoc/>
    protected override string Arguments => string.Create(CultureInfo.InvariantCulture, $"p={Share}");

    /// <summary>Applies dropout in training mode.</summary>
    public override Tensor Forward(Tensor x) => Observed(IsTraining ? x.Dropout(Share, _random) : x);
}
