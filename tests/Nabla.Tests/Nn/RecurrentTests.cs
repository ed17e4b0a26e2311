using System.Text.Json;
using Nabla.Autograd;
using Nabla.Nn;
using Nabla.Tests.Fixtures;

namespace Nabla.Tests.Nn;

/// <summary>Recurrent cells, and the layers that run them through time.</summary>
[Trait("Tier", "true")]
public sealed class RecurrentTests
{
    public static TheoryData<string> Cases => LayerCases.Names("recurrent");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_last_states_and_gradients_are_those_of_PyTorch(string name)
    {
        JsonElement found = LayerCases.Find("recurrent", name);
        Tensor x = LayerCases.Read(found, "x").ToTensor();
        x.RequiresGrad = true;
        Tensor[] states = [.. found.GetProperty("state").EnumerateArray().Select(state => FixtureTensor.Read(state).ToTensor())];
        foreach (Tensor state in states)
        {
            state.RequiresGrad = true;
        }

        bool bias = found.GetProperty("bias").GetBoolean();
        (int inputs, int hidden) = (x.Shape[2], LayerCases.Read(found, "output").Shape[2]);
        (Tensor y, Tensor[] last, Module cell) = found.GetProperty("layer").GetString() switch
        {
            "Rnn" => Run(new Rnn(inputs, hidden, bias), found, x, states.FirstOrDefault()),
            "Gru" => Run(new Gru(inputs, hidden, bias), found, x, states.FirstOrDefault()),
            _ => Run(new Lstm(inputs, hidden, bias), found, x, states),
        };
        LayerCases.Read(found, "output").AssertClose(y, $"{name}: output");
        Assert.Equal(found.GetProperty("last").GetArrayLength(), last.Length);
        foreach ((JsonElement expected, Tensor state) in found.GetProperty("last").EnumerateArray().Zip(last))
        {
            FixtureTensor.Read(expected).AssertClose(state, $"{name}: last state");
        }

        y.Backward(LayerCases.Read(found, "dy").ToTensor());
        LayerCases.Read(found, "gradX").AssertClose(x.Grad!, $"{name}: gradient of x");
        foreach ((JsonElement expected, Tensor state) in found.GetProperty("gradState").EnumerateArray().Zip(states))
        {
            FixtureTensor.Read(expected).AssertClose(state.Grad!, $"{name}: gradient of the first state");
        }

        LayerCases.AssertGradients(cell, found, name);
    }

    [Theory]
    [InlineData("RnnCell")]
    [InlineData("GruCell")]
    [InlineData("LstmCell")]
    public void A_new_cell_starts_from_the_numbers_of_PyTorch(string name)
    {
        JsonElement found = LayerCases.Find("initial", $"{name}, seed 42");
        RandomGenerator random = new(42);
        Module cell = name switch
        {
            "RnnCell" => new RnnCell(3, 4, random: random),
            "GruCell" => new GruCell(3, 4, random: random),
            _ => new LstmCell(3, 4, random: random),
        };
        IReadOnlyDictionary<string, FixtureTensor> expected = FixtureTensor.ReadNamed(found, "params");
        Assert.Equal(["weight_ih", "weight_hh", "bias_ih", "bias_hh"], cell.NamedParameters().Select(pair => pair.Key));
        Assert.All(cell.NamedParameters(), pair => Assert.Equal(expected[pair.Key].Shape, pair.Value.Shape));
        Assert.All(cell.NamedParameters(), pair => Assert.Equal(expected[pair.Key].ToFloats(), pair.Value.ToArray()));
        Assert.Equal($"{name}(3, 4, bias=True)", cell.ToString());
    }

    [Fact]
    public void Gradients_of_a_step_agree_with_central_differences()
    {
        RandomGenerator random = new(1);
        Tensor[] leaves = [Tensor.Randn(random, 3, 2), Tensor.Randn(random, 3, 4), Tensor.Randn(random, 3, 4)];
        foreach (Tensor leaf in leaves)
        {
            leaf.RequiresGrad = true;
        }

        RnnCell rnn = new(2, 4, random: random);
        GruCell gru = new(2, 4, random: random);
        LstmCell lstm = new(2, 4, random: random);
        GradientCheck.Verify(() => rnn.Forward(leaves[0], leaves[1]), [.. leaves[..2], .. rnn.Parameters()]);
        GradientCheck.Verify(() => gru.Forward(leaves[0], leaves[1]), [.. leaves[..2], .. gru.Parameters()]);
        GradientCheck.Verify(
            () => lstm.Forward(leaves[0], new(leaves[1], leaves[2])) is var state ? Tensor.Cat([state.Hidden, state.Cell]) : null!,
            [.. leaves, .. lstm.Parameters()]);
    }

    [Fact]
    public void Going_on_from_the_last_state_is_going_on()
    {
        Lstm lstm = new(3, 5, random: new RandomGenerator(2));
        Tensor x = Tensor.Randn(new RandomGenerator(3), 2, 9, 3);
        (Tensor first, LstmState last) = lstm.Forward(x[.., ..4], lstm.Cell.InitialState(2));
        (Tensor second, _) = lstm.Forward(x[.., 4..], last);
        TensorAssert.Close(lstm.Forward(x), Tensor.Cat([first, second], 1), 1e-6f);
    }

    [Fact]
    public void One_learned_state_serves_every_row()
    {
        Gru gru = new(3, 5, random: new RandomGenerator(4));
        Tensor start = Tensor.Randn(new RandomGenerator(5), 1, 5);
        start.RequiresGrad = true;
        Tensor x = Tensor.Randn(new RandomGenerator(6), 4, 3, 3);
        Tensor y = gru.Forward(x, start).Output;
        Assert.Equal(new Shape(4, 3, 5), y.Shape);
        TensorAssert.Close(y, gru.Forward(x, start.Detach().Expand(4, 5)).Output, 1e-6f);
        y.Sum().Backward();
        Assert.Equal(start.Shape, start.Grad!.Shape);
    }

    [Fact]
    public void The_gradient_goes_back_through_hundreds_of_steps()
    {
        // A cell whose forget gate is open and whose input gate is all but shut remembers what it started with.
        const int Steps = 500;
        Lstm lstm = new(1, 2, random: new RandomGenerator(7));
        using (Tensor.NoGrad())
        {
            lstm.Cell.BiasIh!.CopyFrom([-20, -20, 20, 20, 0, 0, 0, 0]);
        }

        Tensor memory = Tensor.From([0.3f, -0.2f], 1, 2);
        memory.RequiresGrad = true;
        Tensor x = Tensor.Randn(new RandomGenerator(8), 1, Steps, 1);
        LstmState last = lstm.Forward(x, new LstmState(Tensor.Zeros(1, 2), memory)).Last;
        last.Cell.Sum().Backward();
        Assert.All(memory.Grad!.ToArray(), value => Assert.Equal(1, value, 1e-4f));

        GradientCheck.Verify(
            () => lstm.Forward(x, new LstmState(Tensor.Zeros(1, 2), memory)).Output.Mean(1), [memory, .. lstm.Parameters()]);
    }

    [Fact]
    public void Other_shapes_are_refused()
    {
        Gru gru = new(3, 4);
        foreach (Tensor x in (Tensor[])[Tensor.Ones(5, 3), Tensor.Ones(2, 5, 4), Tensor.Ones(2, 0, 3)])
        {
            Assert.Equal(
                $"GruCell: the input is {x.Shape}; it must be [B, T, 3] with at least one step.",
                Assert.Throws<ShapeException>(() => gru.Forward(x)).Message);
        }

        Assert.Throws<ShapeException>(() => gru.Cell.Forward(Tensor.Ones(2, 3), Tensor.Ones(2, 5)));
        Assert.Throws<ShapeException>(() => gru.Cell.Forward(Tensor.Ones(2, 3), Tensor.Ones(3, 4)));
    }

    private static (Tensor Output, Tensor[] Last, Module Cell) Run(Recurrent<Tensor> layer, JsonElement found, Tensor x, Tensor? state)
    {
        LayerCases.SetParameters(layer.Cell, found);
        Assert.Equal("cell.weight_ih", layer.NamedParameters()[0].Key);
        (Tensor y, Tensor last) = layer.Forward(x, state ?? layer.Cell.InitialState(x.Shape[0]));
        return (state is null ? layer.Forward(x) : y, [last], layer.Cell);
    }

    private static (Tensor Output, Tensor[] Last, Module Cell) Run(Lstm layer, JsonElement found, Tensor x, Tensor[] state)
    {
        LayerCases.SetParameters(layer.Cell, found);
        (Tensor y, LstmState last) = layer.Forward(x, state.Length > 0 ? new(state[0], state[1]) : layer.Cell.InitialState(x.Shape[0]));
        return (state.Length > 0 ? y : layer.Forward(x), [last.Hidden, last.Cell], layer.Cell);
    }
}
