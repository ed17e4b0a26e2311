namespace Nabla.Nn;

/// <summary>A module that turns one tensor into another, so that layers can be chained by <see cref="Sequential"/>.</summary>
public abstract class Layer : Module
{
    /// <summary>Applies the layer.</summary>
    public abstract Tensor Forward(Tensor x);
}
