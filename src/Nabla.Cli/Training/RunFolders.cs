using System.Globalization;
using Nabla.Language;

namespace Nabla.Cli.Training;

/// <summary>Where runs are put: <c>runs/20260131-175959-name</c>, with <c>runs/latest</c> for the last one begun.</summary>
internal static class RunFolders
{
    private const string Root = "runs";
    private const string Latest = "latest";

    /// <summary>Returns a folder for a new run that does not exist yet.</summary>
    /// <param name="source">The text that the run learns.</param>
    public static string New(string source)
    {
        string stem = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(source));
        string name = string.Concat(stem.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));
        string time = DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        string first = Path.Combine(Root, $"{time}-{name}");
        string path = first;
        for (int number = 2; Path.Exists(path); number++)
        {
            path = string.Create(CultureInfo.InvariantCulture, $"{first}-{number}");
        }

        return path;
    }

    /// <summary>Lets <c>runs/latest</c> stand for a run, if the run is in <c>runs</c>.</summary>
    /// <exception cref="IOException">The pointer cannot be written.</exception>
    public static void PointLatestAt(string run)
    {
        string full = Path.GetFullPath(run);
        if (Path.GetDirectoryName(full) != Path.GetFullPath(Root))
        {
            return;
        }

        string pointer = Path.Combine(Root, Latest);
        string name = Path.GetFileName(full);
        if (File.Exists(pointer) || new FileInfo(pointer).LinkTarget is not null)
        {
            File.Delete(pointer);
        }

        try
        {
            File.CreateSymbolicLink(pointer, name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && !Path.Exists(pointer))
        {
            // Windows lets only some users make links; a file with the name in it does as well.
            File.WriteAllText(pointer, name + "\n");
        }
    }

    /// <summary>
    /// Returns the runs that a path with <c>*</c> or <c>?</c> in its last part stands for, in order of their names; any other path
    /// stands for itself. Not every shell does this.
    /// </summary>
    /// <exception cref="InvalidRunException">There is none.</exception>
    public static IReadOnlyList<string> Expand(string path)
    {
        string pattern = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        string folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path)) is string parent and not "" ? parent : ".";
        if (pattern.AsSpan().IndexOfAny('*', '?') < 0 || Path.Exists(path))
        {
            return [path];
        }

        string[] runs = Directory.Exists(folder)
            ? [.. Directory.EnumerateDirectories(folder, pattern).Where(RunDirectory.IsRun).Order(StringComparer.Ordinal)]
            : [];
        return runs.Length > 0 ? runs : throw new InvalidRunException(
            $"No run is called {path}: look into {folder}, or begin a run with `nabla train`.");
    }

    /// <summary>
    /// Returns the folder that a user means: where it is <c>latest</c>, the one that this stands for now, so that a run begun
    /// meanwhile does not come in between.
    /// </summary>
    public static string Resolve(string path)
    {
        string pointer = Path.TrimEndingDirectorySeparator(path);
        if (Path.GetFileName(pointer) != Latest)
        {
            return path;
        }

        string? name = new FileInfo(pointer).LinkTarget ?? (File.Exists(pointer) ? File.ReadAllText(pointer).Trim() : null);
        return name is null ? path : Path.Combine(Path.GetDirectoryName(pointer) ?? string.Empty, name);
    }
}
