namespace Nabla.Nn;

/// <summary>A linear layer on the last dimension: <c>y = x W^T + b</c>, with PyTorch's default initialisation.</summary>
public sealed class Linear : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="inputSize">The size of the input's last dimension.</param>
    /// <param name="outputSize">The size of the output's last dimension.</param>
    /// <param name="bias">Whether to add a bias.</param>
    /// <param name="random">Where the initial weights are drawn from, weight first, then bias; null for the default generator.</param>
    public Linear(int inputSize, int outputSize, bool bias = true, RandomGenerator? random = null)
    {
        Weight = AddParameter("weight", new Tensor(new Shape(outputSize, inputSize)));
        Bias = bias ? AddParameter("bias", new Tensor(new Shape(outputSize))) : null;
        Initialization.LinearDefault(Weight, Bias, random);
    }

    /// <summary>Creates a layer whose weight is another module's parameter: the two are one tensor, trained by both uses.</summary>
    /// <param name="tied">[out, in].</param>
    /// <remarks>Weight tying: Press and Wolf, "Using the Output Embedding to Improve Language Models", 2017.</remarks>
    public Linear(Tensor tied) => Weight = AddParameter("weight", tied);

    /// <summary>Gets the weight, [out, in].</summary>
    public Tensor Weight { get; }

    /// <summary>Gets the bias, [out], if there is one.</summary>
    public Tensor? Bias { get; }

    /// <inheritdoc/>
    protected override string Arguments
        => $"in_features={Weight.Shape[1]}, out_features={Weight.Shape[0]}, bias={Bias is not null}";

    /// <summary>Maps [..., in] to [..., out].</summary>
    public override Tensor Forward(Tensor x) => Observed(x.Linear(Weight, Bias));
}
