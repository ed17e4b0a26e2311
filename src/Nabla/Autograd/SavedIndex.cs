namespace Nabla.Autograd;

/// <summary>
/// An index tensor that an operation keeps for its backward, with the version it had when its values were checked: other values
/// would write outside the gradient.
/// </summary>
internal readonly struct SavedIndex(IndexTensor ids)
{
    private readonly int _version = ids.Version;

    /// <summary>Returns the ids, unchanged since they were saved.</summary>
    /// <exception cref="InvalidOperationException">The ids were written to in the meantime.</exception>
    public IndexTensor For(Op operation) => ids.Version == _version ? ids : throw new InvalidOperationException(
        $"Backward: the ids of shape {ids.Shape} that {operation.Name} needs for its gradient were overwritten after they were " +
        "used; overwrite a copy, or do it after Backward.");
}
