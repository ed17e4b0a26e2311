namespace Nabla.Cli;

/// <summary>Where a command reads and writes: results go to the output, progress and errors to the error stream.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool isInteractive = false)
{
    /// <summary>Gets where results go.</summary>
    public TextWriter Output { get; } = output;

    /// <summary>Gets where progress and errors go.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>Gets whether somebody looks at the error stream, so that it may be drawn over.</summary>
    public bool IsInteractive { get; } = isInteractive;

    /// <summary>Gets whether somebody looks at the output, so that it may have colours.</summary>
    public bool IsOutputInteractive { get; init; }

    /// <summary>Gets what opens the input, which a command names with <c>-</c>.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;
}
