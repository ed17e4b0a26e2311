using System.Diagnostics;

namespace Nabla.Cli.Views;

/// <summary>Says how far a piece of work is: drawn over on a terminal, a line now and then in a pipe.</summary>
/// <param name="terminal">Where to write.</param>
/// <param name="describe">Says it in a few words.</param>
internal sealed class ProgressLine<T>(Terminal terminal, Func<T, string> describe) : IProgress<T>
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestSilence = TimeSpan.FromSeconds(10);

    private long _shown = Stopwatch.GetTimestamp();
    private int _width;

    /// <inheritdoc/>
    public void Report(T value)
    {
        if (Stopwatch.GetElapsedTime(_shown) >= (terminal.IsInteractive ? _pause : _longestSilence))
        {
            _shown = Stopwatch.GetTimestamp();
            Write(describe(value));
        }
    }

    /// <summary>Takes away what is drawn over.</summary>
    public void End()
    {
        if (_width > 0)
        {
            terminal.Error.Write($"\r{new string(' ', _width)}\r");
        }
    }

    private void Write(string text)
    {
        if (!terminal.IsInteractive)
        {
            terminal.Error.WriteLine(text);
            return;
        }

        _width = Math.Max(_width, text.Length);
        terminal.Error.Write($"\r{text.PadRight(_width)}");
    }
}
