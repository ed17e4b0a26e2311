namespace Nabla.Tests.Ops;

/// <summary>What an operation returns: a tensor, several, or a tensor and where its elements were found.</summary>
internal sealed record OpResult(IReadOnlyList<Tensor> Outputs, IndexTensor? Indices = null)
{
    public static implicit operator OpResult(Tensor output) => new([output]);

    public static implicit operator OpResult(Tensor[] outputs) => new((IReadOnlyList<Tensor>)outputs);

    public static implicit operator OpResult((Tensor Values, IndexTensor Indices) pair) => new([pair.Values], pair.Indices);
}
