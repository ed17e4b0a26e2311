namespace Nabla.Nn;

/// <summary>Which side of a weight its initial size goes by.</summary>
public enum FanMode
{
    /// <summary>The number of inputs to an output, which keeps the size of what flows forward.</summary>
    FanIn,

    /// <summary>The number of outputs of an input, which keeps the size of the gradients that flow back.</summary>
    FanOut,
}
