using System.Text.RegularExpressions;
using Nabla.Lessons.Tests;
using Nabla.Tests;

namespace Nabla.Plotting.Tests;

/// <summary>
/// The page about figures shows the code that drew them. To store what the code draws now, set NABLA_STORE_FIGURES=1, and look
/// at the pictures before they are committed.
/// </summary>
public sealed partial class PlottingPageTests
{
    private static readonly string _docs = Path.Combine(TestFiles.Root, "docs");

    private static string Page => File.ReadAllText(Path.Combine(_docs, "plotting.md"));

    [Fact]
    public void The_code_of_the_page_is_that_of_the_examples()
    {
        string source = File.ReadAllText(Path.Combine(TestFiles.Root, "tests", "Nabla.Plotting.Tests", "PlottingPage.cs"));
        string[] examples = [.. Methods().Matches(source)
            .Select(match => match.Groups[1].Value.Replace("\n        ", "\n", StringComparison.Ordinal).Trim())];
        string[] blocks = [.. CodeBlocks().Matches(Page).Select(match => match.Groups[1].Value.Trim())];

        Assert.True(examples.Length > 5);
        Assert.Equal(examples, blocks);
    }

    [Fact]
    public void The_pictures_of_the_page_are_what_its_code_draws()
    {
        string before = Environment.CurrentDirectory;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("nabla-plotting-");
        try
        {
            // Examples save to the folder where they are run, as a reader's do.
            Environment.CurrentDirectory = folder.FullName;
            PlottingPage.DrawAll();
            Environment.CurrentDirectory = before;

            string[] drawn = [.. folder.EnumerateFiles("*.svg").Select(file => file.Name).Order(StringComparer.Ordinal)];
            Assert.True(File.Exists(Path.Combine(folder.FullName, "report.html")));
            Assert.Equal(drawn, Pictures().Matches(Page).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
            foreach (string name in drawn)
            {
                CheckPicture(Path.Combine(_docs, "plotting", name), File.ReadAllText(Path.Combine(folder.FullName, name)));
            }
        }
        finally
        {
            Environment.CurrentDirectory = before;
            folder.Delete(recursive: true);
        }
    }

    private static void CheckPicture(string path, string drawn)
    {
        if (Environment.GetEnvironmentVariable("NABLA_STORE_FIGURES") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, drawn);
        }

        string? difference = FigureComparison.Difference(File.ReadAllText(path), drawn);
        Assert.True(difference is null, $"{Path.GetFileName(path)}: {difference}");
    }

    [GeneratedRegex(@"    private static void \w+\(\)\n    \{\n(.*?)\n    \}\n", RegexOptions.Singleline)]
    private static partial Regex Methods();

    [GeneratedRegex("```csharp\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();

    [GeneratedRegex(@"\]\(plotting/([^)]+)\)")]
    private static partial Regex Pictures();
}
