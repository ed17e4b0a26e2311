using System.Globalization;
using Nabla.Language.Data;

namespace Nabla.Cli.Views;

/// <summary>Says once that a text is being downloaded, and on a terminal how far it is.</summary>
internal sealed class DownloadLine(string name, Terminal terminal) : IProgress<long>
{
    private readonly long _total = NamedDataset.Find(name)?.File?.Length ?? 0;
    private long _shown = -1;

    /// <inheritdoc/>
    public void Report(long value)
    {
        long percent = _total > 0 ? 100 * value / _total : 100;
        if (percent == _shown || (!terminal.IsInteractive && _shown >= 0))
        {
            return;
        }

        _shown = percent;
        terminal.Error.Write(!terminal.IsInteractive
            ? $"downloading {name}{Environment.NewLine}"
            : string.Create(CultureInfo.InvariantCulture, $"\rdownloading {name}: {percent,3}%{(percent == 100 ? "\n" : "")}"));
    }
}
