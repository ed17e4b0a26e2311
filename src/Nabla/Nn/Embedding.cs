namespace Nabla.Nn;

/// <summary>A table of one vector for each token, class or position; initialised from N(0, 1) as PyTorch does.</summary>
public sealed class Embedding : Module
{
    /// <summary>Creates the table.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="width">The length of a row.</param>
    /// <param name="random">Where the initial weights are drawn from; null for the default generator.</param>
    public Embedding(int count, int width, RandomGenerator? random = null)
    {
        Weight = AddParameter("weight", new Tensor(new Shape(count, width)));
        Initialization.Normal(Weight, 0, 1, random);
    }

    /// <summary>Gets the table, [count, width].</summary>
    public Tensor Weight { get; }

    /// <inheritdoc/>
    protected override string Arguments => $"{Weight.Shape[0]}, {Weight.Shape[1]}";

    /// <summary>Looks up rows: ids of any shape [...] give [..., width].</summary>
    /// <exception cref="ShapeException">An id is not from 0 to count - 1.</exception>
    public Tensor Forward(IndexTensor ids) => Observed(Weight[ids]);
}
