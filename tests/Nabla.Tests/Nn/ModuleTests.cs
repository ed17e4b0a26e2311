using Nabla.Nn;

namespace Nabla.Tests.Nn;

public class ModuleTests
{
    [Fact]
    public void Parameters_are_found_by_their_paths_in_order_of_creation()
    {
        Sequential net = Net();
        Assert.Equal(
            ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight"], net.NamedParameters().Select(pair => pair.Key));
        Assert.Equal((3 * 5) + 5 + 5 + 5 + (5 * 2), net.ParameterCount);
        Assert.All(net.Parameters(), parameter => Assert.True(parameter.RequiresGrad));
    }

    [Fact]
    public void A_parameter_used_twice_is_listed_and_counted_once()
    {
        Linear first = new(4, 4, bias: false);
        Sequential net = new(first, new Linear(first.Weight));
        Assert.Single(net.NamedParameters());
        Assert.Equal(16, net.ParameterCount);
        Assert.Contains("shared", net.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_and_eval_mode_reach_the_whole_tree()
    {
        Sequential inner = new(new Dropout(0.5f, new RandomGenerator(1)));
        Sequential outer = new(new Sequential(inner));
        Tensor x = Tensor.Ones(1000);
        Assert.NotEqual(x.ToArray(), outer.Forward(x).ToArray());
        outer.Eval();
        Assert.False(inner.Children[0].Value.IsTraining);
        Assert.Equal(x.ToArray(), outer.Forward(x).ToArray());
        outer.Train();
        Assert.True(inner.Children[0].Value.IsTraining);
    }

    [Fact]
    public void Every_parameter_gets_a_gradient_and_ZeroGrad_forgets_it()
    {
        Sequential net = Net();
        net.Forward(Tensor.Randn(new RandomGenerator(2), 7, 3)).Sum().Backward();
        float largest = net.Parameters().Max(parameter => parameter.Grad!.Detach().Abs().Max().Item());
        Assert.All(net.Parameters(), parameter => Assert.True(parameter.Grad!.Abs().Max().Item() > 1e-6f * largest));
        net.ZeroGrad();
        Assert.All(net.Parameters(), parameter => Assert.Null(parameter.Grad));
    }

    [Fact]
    public void The_summary_shows_names_shapes_and_counts()
    {
        string expected = """
            Sequential
              0: Linear
                weight      [5, 3]  15
                bias        [5]      5
              1: Tanh
              2: LayerNorm
                weight      [5]      5
                bias        [5]      5
              3: Dropout
              4: Linear
                weight      [2, 5]  10
            parameters              40

            """;
        Assert.Equal(expected, Net().Summary());
    }

    [Fact]
    public void A_module_prints_what_it_is_made_of()
    {
        Sequential net = new(
            Net(), new LeakyRelu(), new Elu(0.5f), new Dropout(0.2f), new LayerNorm(3, bias: false), new Sequential());
        string expected = """
            Sequential(
              (0): Sequential(
                (0): Linear(in_features=3, out_features=5, bias=True)
                (1): Tanh()
                (2): LayerNorm(5, eps=1e-05, bias=True)
                (3): Dropout(p=0)
                (4): Linear(in_features=5, out_features=2, bias=False)
              )
              (1): LeakyRelu(negative_slope=0.01)
              (2): Elu(alpha=0.5)
              (3): Dropout(p=0.2)
              (4): LayerNorm(3, eps=1e-05, bias=False)
              (5): Sequential()
            )
            """;
        Assert.Equal(expected, net.ToString());
        Assert.Equal("ModuleList(\n  (0): Embedding(27, 10)\n)", new ModuleList<Embedding>([new(27, 10)]).ToString());
    }

    [Fact]
    public void A_module_with_arguments_and_children_prints_both()
        => Assert.Equal("Scaled(\n  factor=2\n  (tanh): Tanh()\n)", new Scaled().ToString());

    [Theory]
    [InlineData("", "dots separate")]
    [InlineData("a.b", "dots separate")]
    [InlineData("weight", "already")]
    public void A_name_that_is_taken_or_no_name_is_refused(string name, string expected)
        => Assert.Contains(expected, Assert.Throws<ArgumentException>(() => new Named(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void Modules_made_in_a_scope_outlive_it()
    {
        Linear layer;
        using (MemoryScope.Begin())
        {
            layer = new Linear(3, 2);
        }

        Assert.Equal(6, layer.Weight.ToArray().Length);
    }

    private static Sequential Net()
    {
        RandomGenerator random = new(1);
        return new(
            new Linear(3, 5, random: random),
            new Tanh(),
            new LayerNorm(5),
            new Dropout(0),
            new Linear(5, 2, bias: false, random: random));
    }

    private sealed class Named : Module
    {
        public Named(string name)
        {
            AddParameter("weight", Tensor.Ones(1));
            AddParameter(name, Tensor.Ones(1));
        }
    }

    private sealed class Scaled : Module
    {
        public Scaled() => AddModule("tanh", new Tanh());

        protected override string Arguments => "factor=2";
    }
}
