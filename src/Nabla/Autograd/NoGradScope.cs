namespace Nabla.Autograd;

/// <summary>While one is open on a thread, operations there record nothing. Made by <see cref="Tensor.NoGrad"/>.</summary>
public readonly ref struct NoGradScope
{
    [ThreadStatic]
    private static int _depth;

    private readonly int _outer;
    private readonly bool _open;

    private NoGradScope(int depth)
    {
        (_outer, _open) = (_depth, true);
        _depth = depth;
    }

    /// <summary>Gets whether operations on this thread record themselves.</summary>
    internal static bool IsRecording => _depth == 0;

    /// <summary>Ends the scope.</summary>
    public void Dispose()
    {
        if (_open)
        {
            _depth = _outer;
        }
    }

    /// <summary>Opens a scope on this thread.</summary>
    internal static NoGradScope Begin() => new(_depth + 1);

    /// <summary>Lets operations on this thread record themselves again until the result is disposed.</summary>
    internal static NoGradScope Lift() => new(0);
}
