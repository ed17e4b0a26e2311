using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Nabla.Cli.Tests.Structure;

/// <summary>What every source file and every project keeps to.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 400;

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        IEnumerable<string> tooLong = Repository.CSharpFiles("src")
            .Select(path => (Path: Repository.Relative(path), Lines: File.ReadLines(path).Count()))
            .Where(file => file.Lines > MaxLines)
            .Select(file => $"{file.Path} has {file.Lines} lines");

        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_file_or_type_has_a_name_that_says_nothing()
    {
        IEnumerable<string> files = Repository.CSharpFiles("src")
            .Where(path => EmptyName().IsMatch(Path.GetFileName(path).Split('.')[0]))
            .Select(Repository.Relative);
        IEnumerable<string> types = Repository.CSharpFiles("src")
            .SelectMany(path => TypeDeclaration().Matches(File.ReadAllText(path)))
            .Select(match => match.Groups["name"].Value)
            .Where(name => EmptyName().IsMatch(name));

        Assert.Empty(files);
        Assert.Empty(types);
    }

    [Fact]
    public void Every_source_project_documents_its_public_members()
    {
        // On for everything in the one file, and switched off, or without warnings, nowhere.
        XDocument common = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props"));
        string[] projects = [Path.Combine(Repository.Root, "src", "Directory.Build.props"), .. Repository.SourceProjects];

        Assert.Equal("true", common.Descendants("GenerateDocumentationFile").Single().Value);
        Assert.NotEmpty(Repository.SourceProjects);
        Assert.All(projects, path => Assert.Empty(XDocument.Load(path).Descendants("GenerateDocumentationFile")));
        Assert.All(projects, path => Assert.DoesNotContain("CS1591", File.ReadAllText(path), StringComparison.Ordinal));
        Assert.DoesNotContain("CS1591", File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_long_test_runs_only_when_asked_for()
    {
        // A test marked Long but not explicit would run in every build, one explicit but not marked in none.
        IEnumerable<string> halfMarked = Repository.CSharpFiles("tests")
            .SelectMany(path => AttributesOfOneMember().Matches(File.ReadAllText(path)), (path, match) => (path, match.Value))
            .Where(found => found.Value.Contains("Trait(\"Long\"", StringComparison.Ordinal)
                != found.Value.Contains("Explicit = true", StringComparison.Ordinal))
            .Select(found => $"{Repository.Relative(found.path)}: {found.Value.Trim()}");

        Assert.Empty(halfMarked);
    }

    [GeneratedRegex("(Utils?|Utilit(y|ies)|Helpers?|Manager|Base)$")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"^[ \t]*(?:[a-z]+ )*(?:class|record class|record struct|struct|record|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"(?:^[ \t]*\[[^\r\n]*\]\r?\n)+", RegexOptions.Multiline)]
    private static partial Regex AttributesOfOneMember();
}
