namespace Nabla.Nn;

/// <summary>The function that follows a weight, which its initial size makes up for.</summary>
public enum Nonlinearity
{
    /// <summary>None.</summary>
    Linear,

    /// <summary>The logistic sigmoid.</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x where positive, else a small multiple of it.</summary>
    LeakyRelu,

    /// <summary>The scaled exponential linear unit.</summary>
    Selu,
}
