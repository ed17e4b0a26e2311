using Nabla.Diagnostics;

namespace Nabla.Nn;

/// <content>How a module lets itself be looked at.</content>
public abstract partial class Module
{
    /// <summary>
    /// Gets whether a <see cref="LayerObserver"/> is open on this thread: then a module does in parts, to be seen, what it would else
    /// do in one.
    /// </summary>
    protected internal static bool IsObserving => LayerObserver.Current is not null;

    /// <summary>
    /// Shows what the module puts out to the <see cref="LayerObserver"/> of this thread, if one is open; else does nothing.
    /// </summary>
    /// <param name="output">The output.</param>
    /// <returns>The output.</returns>
    protected internal Tensor Observed(Tensor output)
    {
        LayerObserver.Current?.See(this, output);
        return output;
    }
}
