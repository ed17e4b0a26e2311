namespace Nabla.Language;

/// <summary>
/// One model in the cache folder that all programs share which fetch from Hugging Face: <c>refs/main</c> holds a commit,
/// <c>blobs</c> the files by their etag, and <c>snapshots/COMMIT</c> their names, as links to the blobs.
/// </summary>
internal sealed class HubCache(string root, HubModelName model)
{
    private const string Snapshots = "snapshots";
    private const string Blobs = "blobs";

    private readonly string _folder = Path.Combine(root, model.FolderName);

    private string RefPath => Path.Combine(_folder, "refs", model.Revision);

    /// <summary>Returns the commit that the revision stood for when it was last fetched, or null.</summary>
    public string? Commit => File.Exists(RefPath) ? File.ReadAllText(RefPath).Trim()
        : Directory.Exists(SnapshotFolder(model.Revision)) ? model.Revision
        : null;

    /// <summary>Returns the folder of a commit's files.</summary>
    public string SnapshotFolder(string commit) => Path.Combine(_folder, Snapshots, commit);

    /// <summary>Returns the path of a file of a commit.</summary>
    public string Snapshot(string commit, string name) => Path.Combine(SnapshotFolder(commit), name);

    /// <summary>Returns the path of a file's content.</summary>
    public string Blob(string etag) => Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, Blobs)).FullName, etag);

    /// <summary>Gives a file's content its name in a commit.</summary>
    public void Link(string commit, string name, string etag)
    {
        string path = Snapshot(commit, name);
        Directory.CreateDirectory(SnapshotFolder(commit));

        // A link that leads nowhere is there for this, and not for File.Exists.
        if (new FileInfo(path).LinkTarget is not null)
        {
            File.Delete(path);
        }

        try
        {
            File.CreateSymbolicLink(path, Path.Combine("..", "..", Blobs, etag));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && !File.Exists(path))
        {
            // Windows lets only some users make links.
            File.Copy(Blob(etag), path);
        }
    }

    /// <summary>Remembers which commit the revision stands for.</summary>
    public void SetCommit(string commit)
    {
        if (commit != model.Revision)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(RefPath)!);
            ModelFolder.WriteText(RefPath, commit);
        }
    }
}
