using System.Globalization;
using System.Text;

namespace Nabla.Nn;

/// <content>How a module shows what it is made of.</content>
public abstract partial class Module
{
    /// <summary>
    /// Gets what the module was made with, for <see cref="ToString"/> to put in parentheses:
    /// <c>in_features=2, out_features=1, bias=True</c>. Empty where there is nothing to say.
    /// </summary>
    protected virtual string Arguments => string.Empty;

    /// <summary>
    /// Returns the module as PyTorch prints one: its type, what it was made with, and below it, line by line and indented, the
    /// modules that it owns, by name.
    /// </summary>
    public override string ToString()
    {
        List<string> lines = Arguments.Length > 0 ? [Arguments] : [];
        lines.AddRange(_children.Select(child => $"({child.Key}): {child.Value}"));
        string inside = string.Join('\n', lines);
        return _children.Count == 0
            ? $"{NameOf(this)}({inside})"
            : $"{NameOf(this)}(\n  {inside.Replace("\n", "\n  ", StringComparison.Ordinal)}\n)";
    }

    /// <summary>Returns a table of the modules below this one, their parameters' shapes and counts.</summary>
    public string Summary()
    {
        List<(string Name, string Shape, string Count)> rows = [(NameOf(this), string.Empty, string.Empty)];
        Describe(1, rows, new HashSet<Tensor>(ReferenceEqualityComparer.Instance));
        rows.Add(("parameters", string.Empty, Grouped(ParameterCount)));
        int nameWidth = rows.Max(row => row.Name.Length);
        int shapeWidth = rows.Max(row => row.Shape.Length);
        int countWidth = rows.Max(row => row.Count.Length);
        StringBuilder text = new();
        foreach ((string name, string shape, string count) in rows)
        {
            string line = $"{name.PadRight(nameWidth)}  {shape.PadRight(shapeWidth)}  {count.PadLeft(countWidth)}";
            text.Append(line.TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    // Without the number of type arguments that a generic type's name ends with.
    private static string NameOf(Module module) => module.GetType().Name.Split('`')[0];

    private void Describe(int depth, List<(string Name, string Shape, string Count)> rows, HashSet<Tensor> seen)
    {
        string indent = new(' ', 2 * depth);
        foreach ((string name, Tensor parameter) in _parameters)
        {
            string count = seen.Add(parameter) ? Grouped(parameter.Count) : "shared";
            rows.Add(($"{indent}{name}", parameter.Shape.ToString(), count));
        }

        foreach ((string name, Module child) in _children)
        {
            rows.Add(($"{indent}{name}: {NameOf(child)}", string.Empty, string.Empty));
            child.Describe(depth + 1, rows, seen);
        }
    }
}
