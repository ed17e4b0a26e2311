namespace Nabla.Scalar.Tests;

/// <summary>Neurons, layers and networks. Rows L01-052 to L01-057, L01-068, L01-073.</summary>
public sealed class NetworkTests
{
    [Fact]
    [Trait("Number", "L01-052")]
    public void A_neuron_has_a_weight_for_each_input_and_a_bias()
    {
        var random = new Random(1);
        for (int i = 0; i < 100; i++)
        {
            var neuron = new Neuron(2, random);

            Assert.Equal([.. neuron.Weights, neuron.Bias], neuron.Parameters);
            Assert.Equal(3, neuron.Parameters.Count());
            Assert.All(neuron.Parameters, parameter => Assert.InRange(parameter.Data, -1, 1));
            Assert.InRange(neuron.Forward(2.0, 3.0).Data, -1 + 1e-12, 1 - 1e-12);
        }
    }

    [Fact]
    public void A_neuron_computes_what_it_says()
    {
        var neuron = new Neuron(2, new Random(1));
        double sum = (neuron.Weights[0].Data * 2) + (neuron.Weights[1].Data * 3) + neuron.Bias.Data;

        Assert.Equal(Math.Tanh(sum), neuron.Forward(2, 3).Data, 1e-15);
    }

    [Fact]
    [Trait("Number", "L01-053")]
    public void Neurons_made_one_after_the_other_differ()
    {
        var random = new Random(1);
        Assert.NotEqual(new Neuron(2, random).Forward(2, 3).Data, new Neuron(2, random).Forward(2, 3).Data);
    }

    [Fact]
    [Trait("Number", "L01-054")]
    public void A_layer_has_an_output_for_each_neuron()
    {
        var layer = new Layer(2, 3, new Random(1));

        Assert.Equal(3, layer.Forward(2, 3).Length);
        Assert.Equal(9, layer.Parameters.Count());
        Assert.Equal(9, layer.Parameters.Distinct().Count());
    }

    [Fact]
    [Trait("Number", "L01-055")]
    public void A_network_that_ends_in_one_neuron_gives_one_value()
    {
        var network = new Mlp(3, [4, 4, 1], new Random(1));
        Value output = network.Output(2, 3, -1);

        Assert.Equal(output.Data, Assert.Single(network.Forward(2, 3, -1)).Data);
    }

    [Fact]
    [Trait("Number", "L01-056")]
    public void A_network_counts_the_parameters_of_its_layers() =>
        Assert.Equal(41, new Mlp(3, [4, 4, 1], new Random(1)).Parameters.Distinct().Count());

    [Fact]
    [Trait("Number", "L01-057")]
    public void A_weight_deep_inside_is_reached_and_has_a_gradient()
    {
        var network = new Mlp(3, [4, 4, 1], new Random(1));
        TrainingRun.LossOf(network).Backward();

        Assert.NotEqual(0.0, network.Layers[0].Neurons[0].Weights[0].Grad);
    }

    [Fact]
    [Trait("Number", "L01-068")]
    public void Zeroing_gradients_zeroes_all_of_them()
    {
        var network = new Mlp(3, [4, 4, 1], new Random(1));
        TrainingRun.LossOf(network).Backward();
        Assert.DoesNotContain(network.Parameters, parameter => parameter.Grad == 0);

        network.ZeroGrad();
        Assert.Equal(41, network.Parameters.Count(parameter => parameter.Grad == 0));
    }

    [Fact]
    [Trait("Number", "L01-073")]
    public void The_network_of_the_moons_has_337_parameters() =>
        Assert.Equal(337, Moons.Network(seed: 1).Parameters.Distinct().Count());

    [Fact]
    public void The_last_layer_may_leave_its_sums_as_they_are()
    {
        var network = new Mlp(1, [2, 1], new Random(1), hidden: x => x.Relu(), last: x => x);

        Assert.Equal(["relu", "relu"], network.Layers[0].Forward(1).Select(output => output.Op));
        Assert.Equal("+", network.Output(1).Op);
    }

    [Fact]
    public void Misuse_is_refused_with_what_to_do()
    {
        var random = new Random(1);
        var error = Assert.Throws<ArgumentException>(() => new Neuron(2, random).Forward(1, 2, 3));
        Assert.StartsWith("Neuron: 3 inputs for 2 weights: give one for each.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Mlp(2, [], random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Layer(2, 0, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Neuron(0, random));
        var several = Assert.Throws<InvalidOperationException>(() => new Mlp(2, [2], random).Output(1, 2));
        Assert.Equal("Mlp: it has 2 outputs, not one: call Forward.", several.Message);
    }
}
