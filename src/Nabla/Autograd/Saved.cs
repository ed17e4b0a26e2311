namespace Nabla.Autograd;

/// <summary>A tensor that an operation keeps for its backward, with the version it had then.</summary>
internal readonly struct Saved(Tensor tensor)
{
    private readonly Tensor _tensor = tensor;
    private readonly int _version = tensor.Version;

    /// <summary>Returns the tensor, unchanged since it was saved.</summary>
    /// <exception cref="InvalidOperationException">The tensor was written to in place in the meantime.</exception>
    public Tensor For(Op operation) => _tensor.Version == _version ? _tensor : throw new InvalidOperationException(
        $"Backward: a tensor of shape {_tensor.Shape} that {operation.Name} needs for its gradient was changed in place after it " +
        $"was used (version {_tensor.Version}, expected {_version}); change a copy, or change it after Backward.");
}
