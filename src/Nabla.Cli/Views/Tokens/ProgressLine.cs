using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Nabla.Cli.Views.Tokens;

/// <summary>A line that says how far a work has come: drawn over on a terminal, else written every few seconds.</summary>
internal sealed class ProgressLine : IDisposable
{
    private const int BarLength = 24;
    private const string EraseLine = "\r\e[K";

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestSilence = TimeSpan.FromSeconds(5);

    private readonly Terminal _terminal;
    private readonly int _width;
    private long _begun;
    private long _shown;

    public ProgressLine(Terminal terminal)
    {
        _terminal = terminal;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        CanDrawOver = terminal.IsInteractive && console.Profile.Capabilities.Ansi;
        _width = Math.Max(20, console.Profile.Width - 1);
    }

    /// <summary>Gets whether the line is drawn over, so that it may hold what is only of the moment.</summary>
    public bool CanDrawOver { get; }

    /// <summary>Gets whether it is time for the line; drawing costs more than a merge, and the eye cannot follow.</summary>
    public bool IsDue => Stopwatch.GetElapsedTime(_shown) >= (CanDrawOver ? _pause : _longestSilence);

    /// <summary>Begins a part of the work, whose line is due at once.</summary>
    public void Begin() => (_begun, _shown) = (Stopwatch.GetTimestamp(), 0);

    /// <summary>Shows the line.</summary>
    public void Show(string line)
    {
        _shown = Stopwatch.GetTimestamp();
        if (CanDrawOver)
        {
            _terminal.Error.Write(EraseLine + (line.Length > _width ? line[.._width] : line));
        }
        else
        {
            _terminal.Error.WriteLine(line);
        }
    }

    /// <summary>Returns a bar and the time that is left, where the line is drawn over.</summary>
    public string Bar(int done, int total)
    {
        if (!CanDrawOver)
        {
            return string.Empty;
        }

        int full = total == 0 ? BarLength : (int)((long)done * BarLength / total);
        TimeSpan left = Stopwatch.GetElapsedTime(_begun) / Math.Max(1, done) * (total - done);
        return string.Create(CultureInfo.InvariantCulture,
            $"  {new string('━', full)}{new string('─', BarLength - full)}  {left:m\\:ss} left");
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose() => _terminal.Error.Write(CanDrawOver ? EraseLine : string.Empty);
}
