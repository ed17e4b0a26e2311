namespace Nabla.Cli;

/// <summary>Where a command writes: results to the output, progress and errors to the error stream.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool isInteractive = false)
{
    /// <summary>Gets where results go.</summary>
    public TextWriter Output { get; } = output;

    /// <summary>Gets where progress and errors go.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>Gets whether somebody looks at the error stream, so that it may be drawn over.</summary>
    public bool IsInteractive { get; } = isInteractive;
}
