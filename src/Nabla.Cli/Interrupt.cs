using System.Runtime.InteropServices;

namespace Nabla.Cli;

/// <summary>
/// Makes Ctrl-C and a request to terminate ask for a clean stop. The second one ends the process at once, which loses nothing
/// but the steps since the last checkpoint.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private const string ShowCursor = "\e[?25h";

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Terminal _terminal;

    /// <summary>Begins to listen.</summary>
    public Interrupt(Terminal terminal)
    {
        _terminal = terminal;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
        ];
    }

    /// <summary>Gets the token that asks for the stop.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
        {
            // A live display hides the cursor.
            _terminal.Error.Write(_terminal.IsInteractive ? ShowCursor : string.Empty);
            Environment.Exit(ExitCode.Interrupted);
        }

        _source.Cancel();
    }
}
