namespace Nabla.Files;

/// <summary>
/// A file that appears whole or not at all: written under a temporary name in the same folder, then renamed over the old one.
/// Without <see cref="Commit"/>, disposing leaves everything as it was.
/// </summary>
/// <remarks>Compiled into each project that saves files, so that none depends on another for it.</remarks>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _temporaryPath;
    private bool _committed;

    private AtomicFile(string path)
    {
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
        {
            // Else only the renaming would fail, when all is written.
            throw new IOException($"{path} is a folder: name a file.");
        }

        _temporaryPath = $"{_path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            Stream = new FileStream(_temporaryPath, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new UnauthorizedAccessException($"Access to the path '{_path}' is denied.", error);
        }
    }

    public FileStream Stream { get; }

    public static AtomicFile Create(string path) => new(path);

    public void Commit()
    {
        // On the disk before the rename, else a power cut could leave the new name with no content.
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_temporaryPath, _path, overwrite: true);
        _committed = true;
    }

    public void Dispose()
    {
        try
        {
            // On a full disk this fails once more, for the bytes still buffered; the file must go all the same.
            Stream.Dispose();
        }
        finally
        {
            if (!_committed)
            {
                File.Delete(_temporaryPath);
            }
        }
    }
}
