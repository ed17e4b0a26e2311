using System.Diagnostics;
using System.Globalization;
using Nabla.Language.Data;

namespace Nabla.Cli.Views;

/// <summary>Says how far a preparation is: drawn over on a terminal, a line now and then in a pipe.</summary>
internal sealed class ShardLine(Terminal terminal) : IProgress<ShardProgress>
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestSilence = TimeSpan.FromSeconds(10);

    private readonly long _begun = Stopwatch.GetTimestamp();
    private long _shown = Stopwatch.GetTimestamp();
    private ShardProgress? _last;

    /// <inheritdoc/>
    public void Report(ShardProgress value)
    {
        _last = value;
        if (Stopwatch.GetElapsedTime(_shown) >= (terminal.IsInteractive ? _pause : _longestSilence))
        {
            _shown = Stopwatch.GetTimestamp();
            Write(value, terminal.IsInteractive ? "" : Environment.NewLine);
        }
    }

    /// <summary>Says how it ended.</summary>
    /// <param name="isWhole">Whether the whole corpus is done, the space between documents included.</param>
    public void End(bool isWhole)
    {
        if (_last is not null)
        {
            Write(isWhole ? _last with { Bytes = _last.TotalBytes } : _last, Environment.NewLine);
        }
    }

    private void Write(ShardProgress value, string end)
    {
        double seconds = Math.Max(Stopwatch.GetElapsedTime(_begun).TotalSeconds, 1e-3);
        long percent = value.TotalBytes > 0 ? Math.Min(100 * value.Bytes / value.TotalBytes, 100) : 100;
        terminal.Error.Write(string.Create(CultureInfo.InvariantCulture,
            $"{(terminal.IsInteractive ? "\r" : "")}{percent,3}%  {value.Documents:N0} documents, {value.Tokens:N0} tokens, "
            + $"{value.Bytes / seconds / 1e6:F1} MB/s{end}"));
    }
}
