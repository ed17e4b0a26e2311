using Nabla.Language;

namespace Nabla.Cli.Views;

/// <summary>Shows the download of a model's files, a line for each.</summary>
internal sealed class HubLine(Terminal terminal) : IProgress<HubProgress>
{
    private string? _file;
    private DownloadLine? _line;

    /// <inheritdoc/>
    public void Report(HubProgress value)
    {
        if (_line is null || _file != value.File)
        {
            (_file, _line) = (value.File, new DownloadLine(value.File, value.Total, terminal));
        }

        _line.Report(value.Done);
    }
}
