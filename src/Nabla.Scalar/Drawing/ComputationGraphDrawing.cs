using System.Globalization;
using System.Text;

namespace Nabla.Scalar;

/// <summary>Draws a graph as SVG: for each value a box with label, data and gradient, before it what computed it.</summary>
internal sealed class ComputationGraphDrawing
{
    private const double Margin = 16;
    private const double BoxHeight = ComputationGraphLayout.NodeHeight;
    private const double OperationHeight = 26;
    private const double CharacterWidth = 7.25;
    private const double CellPadding = 7;
    private const double OperationGap = 18;
    private const double HeadLength = 7;

    private const string Style = """
        .computation-graph { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
        .computation-graph text { fill: #1f2328; dominant-baseline: central; }
        .computation-graph .middle { text-anchor: middle; }
        .computation-graph .label { font-weight: bold; text-anchor: middle; }
        .computation-graph .page { fill: #ffffff; }
        .computation-graph .given { fill: #ddf4ff; stroke: #0969da; }
        .computation-graph .computed { fill: #f6f8fa; stroke: #57606a; }
        .computation-graph .operation { fill: #fff8c5; stroke: #9a6700; }
        .computation-graph .divider { stroke: #57606a; stroke-opacity: 0.5; }
        .computation-graph .edge { fill: none; stroke: #57606a; stroke-width: 1.2; }
        .computation-graph .head { fill: #57606a; }
        @media (prefers-color-scheme: dark) {
          .computation-graph text { fill: #e6edf3; }
          .computation-graph .page { fill: #0d1117; }
          .computation-graph .given { fill: #0b2545; stroke: #58a6ff; }
          .computation-graph .computed { fill: #161b22; stroke: #8b949e; }
          .computation-graph .operation { fill: #3b2300; stroke: #d29922; }
          .computation-graph .divider, .computation-graph .edge { stroke: #8b949e; }
          .computation-graph .head { fill: #8b949e; }
        }
        """;

    private readonly ComputationGraph _graph;
    private readonly ComputationGraphLayout _layout;
    private readonly ILookup<int, int[]> _routesTo;
    private readonly Column[] _columns;
    private readonly StringBuilder _svg = new();

    /// <summary>Lays the graph out.</summary>
    public ComputationGraphDrawing(ComputationGraph graph)
    {
        _graph = graph;
        _layout = new(graph.Nodes.Count, graph.Links);
        _routesTo = _layout.Routes.ToLookup(route => route[^1]);
        _columns = new Column[_layout.Columns.Length];
        PlaceColumns();
    }

    /// <summary>Draws.</summary>
    public override string ToString()
    {
        double width = _columns[^1].Right + Margin;
        double height = _layout.Heights.Max() + (BoxHeight / 2) + (2 * Margin);
        _svg.Clear();
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"computation-graph\" width=\"{width:0.#}\"");
        Add($"  height=\"{height:0.#}\" viewBox=\"0 0 {width:0.#} {height:0.#}\">");
        Add($"<style>\n{Style}\n</style>");
        Add($"<marker id=\"computation-graph-head\" viewBox=\"0 0 8 8\" refY=\"4\" markerWidth=\"{HeadLength}\"");
        Add($"  markerHeight=\"{HeadLength}\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">");
        Add($"<path class=\"head\" d=\"M0 0.5 8 4 0 7.5z\"/></marker>");
        Add($"<rect class=\"page\" width=\"100%\" height=\"100%\"/>");
        foreach (int[] route in _layout.Routes)
        {
            DrawEdge(route);
        }

        for (int node = 0; node < _graph.Nodes.Count; node++)
        {
            DrawNode(node);
        }

        return _svg.Append("</svg>\n").ToString();
    }

    private void PlaceColumns()
    {
        var steepest = new double[_columns.Length];
        foreach (int[] route in _layout.Routes)
        {
            for (int i = 1; i < route.Length; i++)
            {
                double rise = Math.Abs(_layout.Heights[route[i]] - _layout.Heights[route[i - 1]]);
                int column = _layout.ColumnOf(route[i]);
                steepest[column] = Math.Max(steepest[column], rise);
            }
        }

        double x = Margin;
        for (int i = 0; i < _columns.Length; i++)
        {
            // The steeper an edge, the more room it needs to turn.
            x += i == 0 ? 0 : Math.Clamp(steepest[i] / 3, 32, 240);
            Value[] values = [.. _layout.Columns[i].Where(_layout.IsNode).Select(node => _graph.Nodes[node])];
            _columns[i] = new(
                x,
                Operation: values.Max(value => value.Inputs.Any() ? OperationWidth(value) : 0),
                Label: CellWidth(values.Max(value => value.Label.Length)),
                Numbers: CellWidth(values.Max(value => Math.Max(DataText(value).Length, GradText(value).Length))));
            x = _columns[i].Right;
        }
    }

    private void DrawEdge(int[] route)
    {
        // Two edges end side by side, in the order in which they come; two from the same node begin side by side, too.
        double startShift = 0;
        double endShift = 0;
        if (_routesTo[route[^1]].ToArray() is [int[] first, int[] second])
        {
            bool firstIsUpper = _layout.Heights[first[^2]] <= _layout.Heights[second[^2]];
            endShift = (route == first) == firstIsUpper ? -5 : 5;
            startShift = first[0] == second[0] ? endShift : 0;
        }

        double x = _columns[_layout.ColumnOf(route[0])].Right;
        double y = Y(route[0]) + startShift;
        var path = new StringBuilder(Text($"M{x:0.#} {y:0.#}"));
        foreach (int point in route.AsSpan(1))
        {
            Column column = _columns[_layout.ColumnOf(point)];
            bool bend = !_layout.IsNode(point);
            double endX = bend ? column.Right : OperationLeft(column, _graph.Nodes[point], endShift) - HeadLength;
            double endY = Y(point) + (bend ? 0 : endShift);

            // A curve through the space between the columns, then level.
            double turned = Math.Min(column.Left, endX);
            double middle = (x + turned) / 2;
            path.Append(Text($"C{middle:0.#} {y:0.#} {middle:0.#} {endY:0.#} {turned:0.#} {endY:0.#}H{endX:0.#}"));
            (x, y) = (endX, endY);
        }

        AddArrow(path.ToString());
    }

    private void DrawNode(int node)
    {
        Value value = _graph.Nodes[node];
        Column column = _columns[_layout.ColumnOf(node)];
        double y = Y(node);
        double left = column.BoxLeft;
        bool computed = value.Inputs.Any();
        if (computed)
        {
            double radius = OperationWidth(value) / 2;
            double x = left - OperationGap - radius;
            Add($"<ellipse class=\"operation\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" rx=\"{radius:0.#}\" ry=\"{OperationHeight / 2}\"/>");
            Add($"<text class=\"middle\" x=\"{x:0.#}\" y=\"{y:0.#}\">{Escape(value.Op)}</text>");
            AddArrow(Text($"M{x + radius:0.#} {y:0.#}H{left - HeadLength:0.#}"));
        }

        Add($"<rect class=\"{(computed ? "computed" : "given")}\" x=\"{left:0.#}\" y=\"{y - (BoxHeight / 2):0.#}\"");
        Add($"  width=\"{column.Right - left:0.#}\" height=\"{BoxHeight}\" rx=\"3\"/>");
        if (column.Label > 0)
        {
            Add($"<text class=\"label\" x=\"{left + (column.Label / 2):0.#}\" y=\"{y:0.#}\">{Escape(value.Label)}</text>");
            DrawDivider(Text($"M{left + column.Label:0.#} {y - (BoxHeight / 2):0.#}v{BoxHeight}"));
        }

        double numbers = left + column.Label;
        DrawDivider(Text($"M{numbers:0.#} {y:0.#}H{column.Right:0.#}"));
        foreach ((string text, double row) in ((string, double)[])[(DataText(value), -0.25), (GradText(value), 0.25)])
        {
            Add($"<text x=\"{numbers + CellPadding:0.#}\" y=\"{y + (row * BoxHeight):0.#}\">{text}</text>");
        }
    }

    private void AddArrow(string path) => Add($"<path class=\"edge\" marker-end=\"url(#computation-graph-head)\" d=\"{path}\"/>");

    private void DrawDivider(string path) => Add($"<path class=\"divider\" d=\"{path}\"/>");

    private double Y(int point) => _layout.Heights[point] + Margin;

    private void Add(FormattableString line) => _svg.Append(Text(line)).Append('\n');

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string DataText(Value value) => $"data {ComputationGraph.Text(value.Data)}";

    private static string GradText(Value value) => $"grad {ComputationGraph.Text(value.Grad)}";

    private static double CellWidth(int characters) => characters == 0 ? 0 : (characters * CharacterWidth) + (2 * CellPadding);

    private static double OperationWidth(Value value) => Math.Max(OperationHeight, (value.Op.Length * CharacterWidth) + 14);

    /// <summary>The left rim of an operation's ellipse, so far above or below its middle.</summary>
    private static double OperationLeft(Column column, Value value, double shift)
    {
        double radius = OperationWidth(value) / 2;
        return column.BoxLeft - OperationGap - (radius * (1 + Math.Sqrt(1 - Math.Pow(shift / OperationHeight * 2, 2))));
    }

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Where a column begins, and how wide its operations and the cells of its boxes are; 0 if it has none.</summary>
    private readonly record struct Column(double Left, double Operation, double Label, double Numbers)
    {
        public double BoxLeft => Left + (Operation > 0 ? Operation + OperationGap : 0);

        public double Right => BoxLeft + Label + Numbers;
    }
}
