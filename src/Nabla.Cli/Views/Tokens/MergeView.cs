using System.Diagnostics;
using System.Globalization;
using Nabla.Cli.Tokenizing;
using Nabla.Tokenizers;
using Spectre.Console;

namespace Nabla.Cli.Views.Tokens;

/// <summary>
/// Shows how far a byte-pair training has come, and the last merge as text: a line that is drawn over on a terminal, else a
/// line every few seconds.
/// </summary>
internal sealed class MergeView : IProgress<BytePairTrainingProgress>, IDisposable
{
    private const int BarLength = 24;
    private const string EraseLine = "\r\e[K";

    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestSilence = TimeSpan.FromSeconds(5);

    private readonly Terminal _terminal;
    private readonly bool _canDrawOver;
    private readonly int _width;
    private readonly List<byte[]> _tokens = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];
    private BytePairTrainingPhase? _phase;
    private long _begun;
    private long _shown;

    public MergeView(Terminal terminal)
    {
        _terminal = terminal;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        _canDrawOver = terminal.IsInteractive && console.Profile.Capabilities.Ansi;
        _width = Math.Max(20, console.Profile.Width - 1);
    }

    /// <inheritdoc/>
    public void Report(BytePairTrainingProgress value)
    {
        if (value.LastMerge is TrainedMerge merge && merge.Id == _tokens.Count)
        {
            _tokens.Add([.. _tokens[merge.Pair.Left], .. _tokens[merge.Pair.Right]]);
        }

        bool isNew = _phase != value.Phase;
        if (isNew)
        {
            (_phase, _begun) = (value.Phase, Stopwatch.GetTimestamp());
        }

        // Drawing costs more than a merge, so what the eye cannot follow is not drawn.
        if (isNew || Stopwatch.GetElapsedTime(_shown) >= (_canDrawOver ? _pause : _longestSilence))
        {
            _shown = Stopwatch.GetTimestamp();
            string line = value.Phase == BytePairTrainingPhase.Counting ? Reading(value) : Merging(value);
            if (_canDrawOver)
            {
                _terminal.Error.Write(EraseLine + (line.Length > _width ? line[.._width] : line));
            }
            else
            {
                _terminal.Error.WriteLine(line);
            }
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose() => _terminal.Error.Write(_canDrawOver ? EraseLine : string.Empty);

    private static string Reading(BytePairTrainingProgress value) => value.TotalBytes is long total and > 0
        ? string.Create(_culture, $"reading {100 * value.BytesRead / total,3}% of {total / 1e6:N1} MB")
        : string.Create(_culture, $"reading {value.BytesRead / 1e6:N1} MB");

    private string Merging(BytePairTrainingProgress value)
    {
        string last = value.LastMerge is TrainedMerge merge && merge.Id < _tokens.Count
            ? string.Create(_culture, $"  {TokenText.Quote(_tokens[merge.Id])} {merge.Count:N0} times")
            : string.Empty;
        string count = string.Create(_culture, $"merge {value.MergesDone:N0} of {value.TotalMerges:N0}");
        if (!_canDrawOver)
        {
            return count + last;
        }

        int full = value.TotalMerges == 0 ? BarLength : (int)((long)value.MergesDone * BarLength / value.TotalMerges);
        TimeSpan left = Stopwatch.GetElapsedTime(_begun) / Math.Max(1, value.MergesDone) * (value.TotalMerges - value.MergesDone);
        return string.Create(_culture,
            $"{count}  {new string('━', full)}{new string('─', BarLength - full)}  {left:m\\:ss} left{last}");
    }
}
