namespace Nabla.Autograd;

/// <summary>While one is open on a thread, operations there record nothing. Made by <see cref="Tensor.NoGrad"/>.</summary>
public readonly ref struct NoGradScope
{
    [ThreadStatic]
    private static int _depth;

    private readonly bool _open;

    private NoGradScope(bool open) => _open = open;

    /// <summary>Gets whether operations on this thread record themselves.</summary>
    internal static bool IsRecording => _depth == 0;

    /// <summary>Ends the scope.</summary>
    public void Dispose()
    {
        if (_open)
        {
            _depth--;
        }
    }

    /// <summary>Opens a scope on this thread.</summary>
    internal static NoGradScope Begin()
    {
        _depth++;
        return new NoGradScope(open: true);
    }
}
