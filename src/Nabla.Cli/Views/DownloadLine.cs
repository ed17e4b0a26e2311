using System.Globalization;
using Nabla.Language.Data;

namespace Nabla.Cli.Views;

/// <summary>Says once that a file is being downloaded, and on a terminal how far it is.</summary>
internal sealed class DownloadLine(string name, long length, Terminal terminal) : IProgress<long>
{
    private long _shown = -1;

    /// <summary>Makes the line of a text that is known by name.</summary>
    public DownloadLine(string name, Terminal terminal)
        : this(name, NamedDataset.Find(name)?.File?.Length ?? 0, terminal)
    {
    }

    /// <inheritdoc/>
    public void Report(long value)
    {
        long percent = length > 0 ? 100 * value / length : 100;
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
