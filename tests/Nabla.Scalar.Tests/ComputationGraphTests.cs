using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Nabla.Scalar.Tests;

/// <summary>The graph of a result: what it holds, and how it is drawn.</summary>
public sealed partial class ComputationGraphTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    [Trait("Number", "L01-051")]
    public void The_first_graph_has_seven_values_and_nine_arrows()
    {
        var graph = ComputationGraph.Of(FirstExpression());

        Assert.Equal(7, graph.Nodes.Count);
        Assert.Equal(6, graph.Edges.Count);
        Assert.Equal(3, graph.Nodes.Count(node => node.Op.Length > 0));
        Assert.Equal(9, ArrowOfDot().Count(graph.ToDot()));
        Assert.Equal(9, Elements(graph, "path", "edge").Count());
    }

    [Fact]
    [Trait("Number", "L01-050")]
    public void A_record_holds_label_data_and_gradient_to_four_decimals()
    {
        var graph = ComputationGraph.Of(FirstExpression());

        Assert.Contains("{ L | data -8.0000 | grad 1.0000 }", graph.ToDot(), StringComparison.Ordinal);
        Assert.Equal(["L", "data -8.0000", "grad 1.0000"], Elements(graph, "text").TakeLast(3).Select(text => text.Value));
    }

    [Fact]
    public void Each_value_comes_after_its_inputs_and_the_result_last()
    {
        Value root = FirstExpression();
        var graph = ComputationGraph.Of(root);

        Assert.Same(root, graph.Nodes[^1]);
        List<Value> nodes = [.. graph.Nodes];
        Assert.All(graph.Edges, edge => Assert.True(nodes.IndexOf(edge.Input) < nodes.IndexOf(edge.Output)));
    }

    [Fact]
    public void A_value_used_twice_by_one_operation_has_two_arrows_apart_from_each_other()
    {
        Value a = new(3, "a");
        var graph = ComputationGraph.Of(a + a);

        Assert.Equal(2, graph.Nodes.Count);
        Assert.Equal([(a, graph.Nodes[1]), (a, graph.Nodes[1])], graph.Edges);
        Assert.Equal(3, Elements(graph, "path", "edge").Select(path => path.Attribute("d")!.Value).Distinct().Count());
    }

    [Fact]
    public void A_leaf_alone_can_be_drawn()
    {
        var graph = ComputationGraph.Of(new Value(1, "one"));

        Assert.Empty(graph.Edges);
        Assert.Equal(["one", "data 1.0000", "grad 0.0000"], Elements(graph, "text").Select(text => text.Value));
    }

    [Fact]
    public void Labels_keep_the_characters_that_mean_something_to_the_formats()
    {
        Value value = new Value(1, "a{b}|<\"c\"> & \\d").Apply("\"<&\\", x => x, _ => 1);
        value.Label = value.Inputs.First().Value.Label;
        var graph = ComputationGraph.Of(value);

        Assert.Contains(@"{ a\{b\}\|\<\""c\""\> & \\d | data", graph.ToDot(), StringComparison.Ordinal);
        Assert.Contains(@"label=""\""<&\\""", graph.ToDot(), StringComparison.Ordinal);
        Assert.Contains(Elements(graph, "text"), text => text.Value == value.Label);
        Assert.Contains(Elements(graph, "text"), text => text.Value == value.Op);
    }

    [Fact]
    public void The_picture_is_the_same_every_time_and_in_every_culture()
    {
        string first = ComputationGraph.Of(LossOfFourExamples()).ToSvg();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            Assert.Equal(first, ComputationGraph.Of(LossOfFourExamples()).ToSvg());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void No_two_boxes_or_operations_overlap_even_in_a_large_graph()
    {
        var graph = ComputationGraph.Of(LossOfFourExamples());
        double Number(XElement shape, string name) => double.Parse(shape.Attribute(name)!.Value, CultureInfo.InvariantCulture);
        var boxes = Elements(graph, "rect", "given").Concat(Elements(graph, "rect", "computed")).Select(box => (
            Left: Number(box, "x"),
            Top: Number(box, "y"),
            Width: Number(box, "width"),
            Height: Number(box, "height")));
        var operations = Elements(graph, "ellipse").Select(ellipse => (
            Left: Number(ellipse, "cx") - Number(ellipse, "rx"),
            Top: Number(ellipse, "cy") - Number(ellipse, "ry"),
            Width: 2 * Number(ellipse, "rx"),
            Height: 2 * Number(ellipse, "ry")));
        var all = boxes.Concat(operations).ToArray();

        Assert.Equal(graph.Nodes.Count + graph.Nodes.Count(node => node.Op.Length > 0), all.Length);
        for (int i = 0; i < all.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Assert.False(
                    all[i].Left < all[j].Left + all[j].Width && all[j].Left < all[i].Left + all[i].Width
                    && all[i].Top < all[j].Top + all[j].Height && all[j].Top < all[i].Top + all[i].Height,
                    $"{all[i]} and {all[j]} overlap");
            }
        }
    }

    [Fact]
    public void Edges_of_a_tree_do_not_cross_and_a_bend_in_each_column_leads_long_ones()
    {
        // ((a * b) + c) * d: links as (from, to), values in topological order; c and d move next to where they are used.
        var layout = new ComputationGraphLayout(7, [(0, 2), (1, 2), (2, 4), (3, 4), (4, 6), (5, 6)]);
        Assert.Equal([[0, 1], [2, 3], [4, 5], [6]], layout.Columns);

        // a is used at once and once more in the last column, which takes one bend.
        layout = new ComputationGraphLayout(3, [(0, 1), (0, 2), (1, 2)]);
        Assert.Equal([0, 3, 2], layout.Routes[1]);
        Assert.False(layout.IsNode(3));
        Assert.Equal(1, layout.ColumnOf(3));
    }

    [Fact]
    public void Crossed_edges_are_uncrossed()
    {
        // The first walk finds the leaves 0, 1 and 2 in the other order than the nodes 3, 4 and 5 that use them.
        var layout = new ComputationGraphLayout(8, [(2, 3), (1, 4), (0, 5), (3, 6), (4, 6), (6, 7), (5, 7)]);
        Assert.Equal(0, Crossings(layout));
    }

    [Fact]
    public void Operations_stand_at_the_middle_of_their_inputs()
    {
        var neuron = new LectureNeuron();
        var graph = ComputationGraph.Of(neuron.O);
        var layout = new ComputationGraphLayout(graph.Nodes.Count, graph.Links);
        double Height(Value value) => layout.Heights[graph.Nodes.ToList().IndexOf(value)];
        Value[] operations = [neuron.X1W1, neuron.X2W2, neuron.Sum, neuron.N, neuron.O];

        Assert.All(operations, operation => Assert.Equal(
            operation.Inputs.Average(input => Height(input.Value)),
            Height(operation),
            tolerance: ComputationGraphLayout.NodeHeight / 5));
    }

    [Fact]
    public void Long_edges_run_level_past_other_nodes()
    {
        var graph = ComputationGraph.Of(new Mlp(2, [3, 1], new Random(1)).Output(2, 3));
        var layout = new ComputationGraphLayout(graph.Nodes.Count, graph.Links);
        int[][] bends = [.. layout.Routes.Select(route => route[1..^1]).Where(bends => bends.Length > 1)];

        Assert.NotEmpty(bends);
        Assert.All(bends, bends => Assert.Single(bends.Select(bend => layout.Heights[bend]).Distinct()));
    }

    [Fact]
    public void Saving_makes_the_folder_and_replaces_the_old_picture()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            string path = Path.Combine(folder, "figures", "graph.svg");
            ComputationGraph.Of(new Value(1)).Save(path);
            var graph = ComputationGraph.Of(FirstExpression());
            graph.Save(path);

            Assert.Equal(graph.ToSvg(), File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Value FirstExpression()
    {
        Value root = new LectureExpression().L;
        root.Backward();
        return root;
    }

    private static Value LossOfFourExamples()
    {
        var network = new Mlp(3, [4, 4, 1], new Random(1));
        Value[] scores =
        [
            network.Output(2, 3, -1),
            network.Output(3, -1, 0.5),
            network.Output(0.5, 1, 1),
            network.Output(1, 1, -1),
        ];
        Value loss = Loss.SquaredError(scores, [1, -1, -1, 1]);
        loss.Backward();
        return loss;
    }

    private static IEnumerable<XElement> Elements(ComputationGraph graph, string name, string? kind = null) =>
        XDocument.Parse(graph.ToSvg()).Root!.Elements(Svg + name)
            .Where(element => kind is null || element.Attribute("class")?.Value == kind);

    private static int Crossings(ComputationGraphLayout layout)
    {
        var steps = layout.Routes.SelectMany(route => route.Zip(route.Skip(1))).ToArray();
        return steps.Sum(one => steps.Count(other =>
            layout.ColumnOf(one.First) == layout.ColumnOf(other.First)
            && layout.Heights[one.First] < layout.Heights[other.First]
            && layout.Heights[one.Second] > layout.Heights[other.Second]));
    }

    [GeneratedRegex(" -> ")]
    private static partial Regex ArrowOfDot();
}
