namespace Nabla.Cli.Training;

/// <summary>A folder that a command is about to fill; it is taken away again unless the command comes to keep it.</summary>
internal sealed class NewFolder : IDisposable
{
    private readonly string _path;
    private readonly string? _outermost;
    private readonly bool _isOurs;
    private bool _isKept;

    /// <summary>Remembers what there is, so that only what is new is taken away.</summary>
    public NewFolder(string path)
    {
        _path = Path.GetFullPath(path);
        _isOurs = !Directory.Exists(_path) || !Directory.EnumerateFileSystemEntries(_path).Any();
        for (string? at = _path; at is not null && !Path.Exists(at); at = Path.GetDirectoryName(at))
        {
            _outermost = at;
        }
    }

    /// <summary>Lets the folder stay.</summary>
    public void Keep() => _isKept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isKept || !_isOurs)
        {
            return;
        }

        if (_outermost is not null)
        {
            if (Directory.Exists(_outermost))
            {
                Directory.Delete(_outermost, recursive: true);
            }

            return;
        }

        foreach (string file in Directory.EnumerateFiles(_path))
        {
            File.Delete(file);
        }
    }
}
