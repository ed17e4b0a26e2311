using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Nabla.Tests;

/// <summary>Finds the files that tests read: PyTorch's numbers in the repository, and data sets outside it.</summary>
internal static class TestFiles
{
    /// <summary>Gets the folder that holds Nabla.slnx.</summary>
    public static string Root { get; } = FindRoot();

    private static string DataFolder => Environment.GetEnvironmentVariable("NABLA_DATA") is { Length: > 0 } named
        ? named
        : Path.Combine(Root, "..", "shared", "data");

    /// <summary>Returns the path of a file of tests/Fixtures.</summary>
    public static string Fixture(string name) => Path.Combine(Root, "tests", "Fixtures", name);

    /// <summary>Reads a JSON file of tests/Fixtures.</summary>
    public static JsonDocument FixtureJson(string name) => JsonDocument.Parse(File.ReadAllBytes(Fixture(name)));

    /// <summary>
    /// Lets the code under test find data sets by name where the tests find them: it knows the variable, not the folder beside
    /// the repository.
    /// </summary>
    [ModuleInitializer]
    internal static void NameDataFolder()
    {
        if (Directory.Exists(DataFolder))
        {
            Environment.SetEnvironmentVariable("NABLA_DATA", DataFolder);
        }
    }

    /// <summary>
    /// Returns the path of a data set: in the folder that NABLA_DATA names, else in ../shared/data beside the repository. Where
    /// it is missing the test is skipped, or fails if NABLA_REQUIRE_DATA is 1.
    /// </summary>
    public static string Data(string name)
    {
        string path = Path.GetFullPath(Path.Combine(DataFolder, name));
        if (!File.Exists(path))
        {
            string message = $"The data file {path} is missing: set NABLA_DATA to the folder that holds {name}.";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("NABLA_REQUIRE_DATA") == "1", message);
            Assert.Fail(message);
        }

        return path;
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Nabla.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Nabla.slnx.");
    }
}
