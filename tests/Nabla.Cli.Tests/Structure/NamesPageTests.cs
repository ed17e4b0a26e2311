using System.Reflection;
using System.Text.RegularExpressions;

namespace Nabla.Cli.Tests.Structure;

/// <summary>The page that leads from PyTorch's names to ours names what there is, all of it, and nothing else.</summary>
public sealed partial class NamesPageTests
{
    private const BindingFlags PublicMembers = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What every object has, and what only C# needs; neither is looked for under a name of PyTorch's.
    private static readonly string[] _withoutCounterpart =
        ["Equals", "GetHashCode", "GetType", "ToString", "Keep"];

    private static string Page => File.ReadAllText(Path.Combine(Repository.Root, "docs", "pytorch-names.md"));

    [Fact]
    public void Every_name_of_ours_exists()
    {
        HashSet<string> names = [.. PublicNames(typeof(Tensor).Assembly)];
        IEnumerable<string> unknown = Page.Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(line => CodeSpan().Matches(line.Split(" | ")[1]))
            .SelectMany(span => Name().Matches(span.Value))
            .Select(match => match.Value)
            .Except(names);

        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_public_method_of_a_tensor_is_on_the_page()
    {
        HashSet<string> onPage = [.. Name().Matches(Page).Select(match => match.Value)];
        IEnumerable<string> missing = typeof(Tensor).GetMethods(PublicMembers)
            .Where(method => !method.IsSpecialName)
            .Select(method => method.Name)
            .Except([.. _withoutCounterpart, .. onPage]);

        Assert.Empty(missing);
    }

    private static IEnumerable<string> PublicNames(Assembly assembly)
    {
        foreach (Type type in assembly.GetExportedTypes())
        {
            yield return type.Name.Split('`')[0];
            foreach (MemberInfo member in type.GetMembers(PublicMembers | BindingFlags.NonPublic))
            {
                yield return member.Name;
            }

            foreach (string part in type.Namespace?.Split('.') ?? [])
            {
                yield return part;
            }
        }
    }

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\b[A-Z]\w*[a-z]\w*\b")]
    private static partial Regex Name();
}
