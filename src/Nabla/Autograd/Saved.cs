namespace Nabla.Autograd;

/// <summary>
/// A tensor that an operation keeps for its backward, with the version it had then. Who holds one in his code may say by
/// <see cref="Tensor.Release"/> that he is done with it; it is there for the backward all the same.
/// </summary>
internal readonly struct Saved
{
    private readonly Tensor _tensor;
    private readonly int _version;

    /// <summary>Keeps a tensor.</summary>
    public Saved(Tensor tensor)
    {
        (_tensor, _version) = (tensor, tensor.Version);
        tensor.Storage.IsSaved = true;
    }

    /// <summary>Returns the tensor, unchanged since it was saved.</summary>
    /// <exception cref="InvalidOperationException">The tensor was written to in place in the meantime.</exception>
    public Tensor For(Op operation)
    {
        if (_tensor.Version != _version)
        {
            throw new InvalidOperationException(
                $"Backward: a tensor of shape {_tensor.Shape} that {operation.Name} needs for its gradient was changed in place after it " +
                $"was used (version {_tensor.Version}, expected {_version}); change a copy, or change it after Backward.");
        }

        if (_tensor.Storage.Maker is Tensor maker)
        {
            _tensor.Storage.Restore();
            maker.Node!.Operation!.Recompute(maker);
        }

        return _tensor;
    }
}
