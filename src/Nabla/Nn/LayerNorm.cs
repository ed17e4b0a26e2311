using System.Globalization;

namespace Nabla.Nn;

/// <summary>Layer normalisation of the last dimension, with a learned scale (from 1) and shift (from 0).</summary>
public sealed class LayerNorm : Layer
{
    private readonly float _epsilon;

    /// <summary>Creates the layer.</summary>
    /// <param name="width">The size of the last dimension.</param>
    /// <param name="bias">Whether to shift.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public LayerNorm(int width, bool bias = true, float epsilon = 1e-5f)
    {
        _epsilon = epsilon;
        Weight = AddParameter("weight", Tensor.Ones(width));
        Bias = bias ? AddParameter("bias", Tensor.Zeros(width)) : null;
    }

    /// <summary>Gets the scale, [width].</summary>
    public Tensor Weight { get; }

    /// <summary>Gets the shift, [width], if there is one.</summary>
    public Tensor? Bias { get; }

    /// <inheritdoc/>
    protected override string Arguments
        => string.Create(CultureInfo.InvariantCulture, $"{Weight.Count}, eps={_epsilon:0.###e-00}, bias={Bias is not null}");

    /// <summary>Normalises each [width] of [..., width].</summary>
    public override Tensor Forward(Tensor x) => Observed(x.LayerNorm(Weight, Bias, _epsilon));
}
