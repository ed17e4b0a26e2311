using Nabla.Language.Data;

namespace Nabla.Cli.Tokenizing;

/// <summary>Looks at a place before the work whose result is to be written there.</summary>
internal static class OutputFile
{
    /// <summary>Throws if a file cannot be there.</summary>
    /// <exception cref="DataFileException">The path is that of a folder, or the folder around it does not exist.</exception>
    public static void Require(string path)
    {
        if (Directory.Exists(path))
        {
            throw new DataFileException($"{path} is a folder: name a file in it.");
        }

        if (Path.GetDirectoryName(Path.GetFullPath(path)) is string folder && !Directory.Exists(folder))
        {
            throw new DataFileException($"The folder {folder} does not exist: make it, or name another.");
        }
    }
}
