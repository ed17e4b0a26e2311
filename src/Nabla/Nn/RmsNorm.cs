using System.Globalization;

namespace Nabla.Nn;

/// <summary>
/// Root mean square normalisation of the last dimension, with a learned scale (from 1): layer norm without the mean and the
/// shift. Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019, arXiv:1910.07467.
/// </summary>
public sealed class RmsNorm : Layer
{
    private readonly float _epsilon;

    /// <summary>Creates the layer.</summary>
    /// <param name="width">The size of the last dimension.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    public RmsNorm(int width, float epsilon = 1e-5f)
    {
        _epsilon = epsilon;
        Weight = AddParameter("weight", Tensor.Ones(width));
    }

    /// <summary>Gets the scale, [width].</summary>
    public Tensor Weight { get; }

    /// <inheritdoc/>
    protected override string Arguments => string.Create(CultureInfo.InvariantCulture, $"{Weight.Count}, eps={_epsilon:0.###e-00}");

    /// <summary>Normalises each [width] of [..., width].</summary>
    public override Tensor Forward(Tensor x) => Observed(x.RmsNorm(Weight, _epsilon));
}
