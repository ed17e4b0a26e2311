using System.Globalization;
using System.Text;
using Nabla.Files;

namespace Nabla.Scalar;

/// <summary>All the values that a result was computed from and how they depend on each other, to count and to draw.</summary>
/// <remarks>Data and gradients are read when it is drawn: to see gradients, call <see cref="Value.Backward"/> first.</remarks>
public sealed class ComputationGraph
{
    private ComputationGraph(Value root)
    {
        Nodes = root.TopologicalOrder();
        var indices = new Dictionary<Value, int>(Nodes.Count);
        for (int i = 0; i < Nodes.Count; i++)
        {
            indices.Add(Nodes[i], i);
        }

        Links = [.. Nodes.SelectMany((node, to) => node.Inputs.Select(input => (indices[input.Value], to)))];
        Edges = [.. Links.Select(link => (Nodes[link.From], Nodes[link.To]))];
    }

    /// <summary>Gets the values, each after those that it was computed from; the last is the result.</summary>
    public IReadOnlyList<Value> Nodes { get; }

    /// <summary>Gets every use of a value by an operation. In <c>a + a</c> there are two, both from <c>a</c>.</summary>
    public IReadOnlyList<(Value Input, Value Output)> Edges { get; }

    /// <summary>Gets the edges as places in <see cref="Nodes"/>.</summary>
    internal (int From, int To)[] Links { get; }

    /// <summary>Collects the graph of a result.</summary>
    /// <param name="root">The result.</param>
    public static ComputationGraph Of(Value root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return new(root);
    }

    /// <summary>
    /// Writes the graph in the language of Graphviz: a box with label, data and gradient for each value, and before the computed
    /// ones a round node with the operation.
    /// </summary>
    public string ToDot()
    {
        var dot = new StringBuilder("digraph {\n  rankdir=LR;\n  node [shape=record];\n");
        for (int i = 0; i < Nodes.Count; i++)
        {
            Value node = Nodes[i];
            string record = $"{{ {EscapeRecord(node.Label)} | data {Text(node.Data)} | grad {Text(node.Grad)} }}";
            dot.Append(Invariant($"  v{i} [label=\"{record}\"];\n"));
            if (node.Inputs.Any())
            {
                dot.Append(Invariant($"  o{i} [shape=ellipse, label=\"{Escape(node.Op)}\"];\n  o{i} -> v{i};\n"));
            }
        }

        foreach (var (from, to) in Links)
        {
            dot.Append(Invariant($"  v{from} -> o{to};\n"));
        }

        return dot.Append("}\n").ToString();
    }

    /// <summary>Draws the graph, left to right, as an SVG picture for light and dark pages.</summary>
    public string ToSvg() => new ComputationGraphDrawing(this).ToString();

    /// <summary>Draws the graph into an SVG file, whole or not at all; makes the folder if there is none.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using AtomicFile file = AtomicFile.Create(path);
        file.Stream.Write(Encoding.UTF8.GetBytes(ToSvg()));
        file.Commit();
    }

    /// <summary>A number as it is drawn, with four decimals.</summary>
    internal static string Text(double number) => number.ToString("F4", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    /// <summary>Braces, bars and angles divide a record: in a label they are only characters.</summary>
    private static string EscapeRecord(string text) =>
        string.Concat(text.Select(c => "\\\"{}|<>".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : $"{c}"));
}
