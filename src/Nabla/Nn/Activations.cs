using System.Globalization;

namespace Nabla.Nn;

/// <summary>The hyperbolic tangent as a layer.</summary>
public sealed class Tanh : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Observed(x.Tanh());
}

/// <summary>The logistic function as a layer.</summary>
public sealed class Sigmoid : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Observed(x.Sigmoid());
}

/// <summary>The rectifier max(0, x) as a layer.</summary>
public sealed class Relu : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Observed(x.Relu());
}

/// <summary>The leaky rectifier as a layer: x where positive, else slope times x.</summary>
/// <param name="negativeSlope">The slope where x is negative.</param>
public sealed class LeakyRelu(float negativeSlope = 0.01f) : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Observed(x.LeakyRelu(negativeSlope));

    /// <inheritdoc/>
    protected override string Arguments => string.Create(CultureInfo.InvariantCulture, $"negative_slope={negativeSlope}");
}

/// <summary>The exponential linear unit as a layer: x where positive, else alpha (e^x - 1).</summary>
/// <param name="alpha">How far below zero the function reaches.</param>
public sealed class Elu(float alpha = 1) : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Observed(x.Elu(alpha));

    /// <inheritdoc/>
    protected override string Arguments => string.Create(CultureInfo.InvariantCulture, $"alpha={alpha}");
}

/// <summary>The Gaussian error linear unit in its tanh form as a layer.</summary>
public sealed class Gelu : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Observed(x.Gelu());
}

/// <summary>The Gaussian error linear unit by the error function as a layer.</summary>
public sealed class GeluExact : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Observed(x.GeluExact());
}

/// <summary>The sigmoid linear unit, x sigmoid(x), as a layer.</summary>
public sealed class Silu : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Observed(x.Silu());
}
