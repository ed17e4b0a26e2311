using Nabla.Tests;

namespace Nabla.Cli.Tests.Structure;

/// <summary>Finds the files that the tests about the structure read: the sources themselves.</summary>
internal static class Repository
{
    /// <summary>Gets the folder that holds Nabla.slnx.</summary>
    public static string Root => TestFiles.Root;

    /// <summary>Gets the project files under src.</summary>
    public static IEnumerable<string> SourceProjects => Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories);

    /// <summary>Returns the C# files that people wrote under one of the repository's folders.</summary>
    public static IEnumerable<string> CSharpFiles(string folder)
        => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !IsBuildOutput(Relative(path)));

    /// <summary>Returns a path as seen from the root, with forward slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsBuildOutput(string path) => path.Split('/').Any(part => part is "obj" or "bin" or "artifacts");
}
