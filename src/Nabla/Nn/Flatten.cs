namespace Nabla.Nn;

/// <summary>Makes a row of every example: [B, ...] becomes [B, all the rest], a view of the same memory where possible.</summary>
public sealed class Flatten : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Flatten(1);
}
