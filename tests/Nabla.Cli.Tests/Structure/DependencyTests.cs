using System.Reflection;
using System.Xml.Linq;

namespace Nabla.Cli.Tests.Structure;

/// <summary>What may depend on what. An arrow that is not in this list is a decision: change the list and say why.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> _projectsOf = new()
    {
        ["Nabla.Scalar"] = [],
        ["Nabla"] = [],
        ["Nabla.Tokenizers"] = ["Google.Protobuf"],
        ["Nabla.Language"] = ["Nabla", "Nabla.Tokenizers"],
        ["Nabla.Plotting"] = [],
        ["Nabla.Cli"] = ["Nabla", "Nabla.Language", "Nabla.Plotting", "Nabla.Tokenizers"],
    };

    private static readonly Dictionary<string, string[]> _packagesOf = new()
    {
        ["Nabla.Scalar"] = [],
        ["Nabla"] = ["System.Numerics.Tensors"],
        ["Nabla.Tokenizers"] = ["Google.Protobuf"],
        ["Nabla.Language"] = ["System.Numerics.Tensors"], // comes with Nabla, whose tensors lend themselves as its spans
        ["Nabla.Plotting"] = [],
        ["Nabla.Cli"] = ["Spectre.Console", "System.CommandLine"],
    };

    public static TheoryData<string> Projects => [.. Repository.SourceProjects.Select(path => Path.GetFileNameWithoutExtension(path)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_refers_only_to_what_it_may(string project)
    {
        XDocument file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
        string[] projects = [.. Included(file, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)!)];

        Assert.Empty(projects.Except(Allowed(_projectsOf, project)));
        Assert.Empty(Included(file, "PackageReference").Except(Allowed(_packagesOf, project)));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_assembly_refers_only_to_what_it_may(string project)
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        IEnumerable<string> references = Compiled(project).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => !File.Exists(Path.Combine(framework, name + ".dll")));

        Assert.Empty(references.Except([.. Allowed(_projectsOf, project), .. Allowed(_packagesOf, project)]));
    }

    [Theory]
    [InlineData("Nabla.Scalar", "System.Console")]
    [InlineData("Nabla.Plotting", "System.Console")]
    [InlineData("Nabla", "System.Console")]
    [InlineData("Nabla", "System.Net.Http")]
    [InlineData("Nabla.Tokenizers", "System.Console")]
    [InlineData("Nabla.Tokenizers", "System.Net.Http")]
    [InlineData("Nabla.Language", "System.Console")] // it downloads data sets, so it may know HTTP
    public void A_library_knows_nothing_of(string project, string assembly)
        => Assert.DoesNotContain(assembly, Compiled(project).GetReferencedAssemblies().Select(reference => reference.Name));

    private static Assembly Compiled(string project)
        => Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, project + ".dll"));

    private static string[] Allowed(Dictionary<string, string[]> list, string project) => list.TryGetValue(project, out string[]? allowed)
        ? allowed
        : throw new InvalidOperationException($"{project} is new under src: say in {nameof(DependencyTests)} what it may depend on.");

    private static IEnumerable<string> Included(XDocument file, string item)
        => file.Descendants(item).Select(element => element.Attribute("Include")!.Value.Replace('\\', '/'));
}
