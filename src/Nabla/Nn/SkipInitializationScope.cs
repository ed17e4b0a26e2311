namespace Nabla.Nn;

/// <summary>
/// While one is open on a thread, <see cref="Initialization"/> fills nothing there, and draws nothing. Made by
/// <see cref="Initialization.Skip"/>.
/// </summary>
public readonly ref struct SkipInitializationScope
{
    [ThreadStatic]
    private static int _depth;

    private readonly bool _open;

    private SkipInitializationScope(bool open)
    {
        _open = open;
        _depth++;
    }

    /// <summary>Gets whether tensors on this thread are left as they are.</summary>
    internal static bool IsOpen => _depth > 0;

    /// <summary>Ends the scope.</summary>
    public void Dispose()
    {
        if (_open)
        {
            _depth--;
        }
    }

    /// <summary>Opens a scope on this thread.</summary>
    internal static SkipInitializationScope Begin() => new(open: true);
}
