using System.Runtime.CompilerServices;

namespace Nabla.Scalar.Tests;

/// <summary>Backpropagation, by hand and by itself, and what goes wrong on the way. Rows L01-019 to L01-048.</summary>
public sealed class BackwardTests
{
    [Fact]
    [Trait("Number", "L01-019")]
    public void A_large_bias_pushes_the_neuron_to_its_plateau()
    {
        var neuron = new LectureNeuron(bias: 8);
        Assert.Equal(2, neuron.N.Data);
        Assert.Equal(0.9640, neuron.O.Data, 1e-4);
    }

    [Fact]
    [Trait("Number", "L01-020")]
    public void The_round_bias_makes_a_local_derivative_of_one_half()
    {
        var neuron = new LectureNeuron();
        Assert.Equal(0.8814, neuron.N.Data, 1e-4);
        Assert.Equal(0.7071, neuron.O.Data, 1e-4);
        Assert.Equal(0.5, neuron.O.Inputs.Single().Derivative, 1e-4);
    }

    [Fact]
    [Trait("Number", "L01-021")]
    [Trait("Number", "L01-025")]
    public void The_neuron_has_its_gradients()
    {
        var neuron = new LectureNeuron();
        neuron.O.Backward();

        Value[] halves = [neuron.N, neuron.Sum, neuron.B, neuron.X1W1, neuron.X2W2];
        Assert.All(halves, value => Assert.Equal(0.5, value.Grad, 1e-9));
        AssertGradients(neuron);

        // The input is 0, so its weight does not matter.
        Assert.Equal(0.0, neuron.W2.Grad);
    }

    [Fact]
    [Trait("Number", "L01-022")]
    public void Calling_each_step_by_hand_in_the_right_order_gives_the_same()
    {
        var neuron = new LectureNeuron();
        neuron.O.Grad = 1;
        Value[] order = [neuron.O, neuron.N, neuron.Sum, neuron.B, neuron.X2W2, neuron.X1W1];
        foreach (Value value in order)
        {
            value.PassGradient();
        }

        AssertGradients(neuron);
    }

    [Fact]
    [Trait("Number", "L01-023")]
    public void The_topological_order_puts_each_value_after_its_inputs_and_the_result_last()
    {
        var neuron = new LectureNeuron();
        List<Value> order = neuron.O.TopologicalOrder();

        Assert.Equal(10, order.Count);
        Assert.Equal(10, order.Distinct().Count());
        Assert.Equal(0.7071, order[^1].Data, 1e-4);
        Assert.All(order, value => Assert.All(
            value.Inputs,
            input => Assert.True(order.IndexOf(input.Value) < order.IndexOf(value))));
    }

    [Fact]
    [Trait("Number", "L01-024")]
    public void The_wrong_order_leaves_the_inputs_without_gradients()
    {
        var neuron = new LectureNeuron();
        neuron.O.Grad = 1;
        foreach (Value value in neuron.O.TopologicalOrder())
        {
            value.PassGradient();
        }

        Assert.Equal(0.0, neuron.X1.Grad);
        Assert.Equal(0.0, neuron.W1.Grad);
        Assert.Equal(0.5, neuron.N.Grad, 1e-4);
    }

    [Fact]
    [Trait("Number", "L01-026")]
    public void A_value_added_to_itself_gets_both_gradients()
    {
        Value a = 3;
        Value b = a + a;
        b.Backward();

        Assert.Equal(6, b.Data);
        Assert.Equal(2, a.Grad);
    }

    [Fact]
    [Trait("Number", "L01-027")]
    public void Assigning_gradients_instead_of_adding_loses_one_of_two_uses()
    {
        Value a = 3;
        BackwardThatAssigns(a + a);

        Assert.Equal(1, a.Grad);
    }

    [Fact]
    [Trait("Number", "L01-028")]
    public void Two_values_used_twice_each_add_up_their_gradients()
    {
        Value a = -2, b = 3;
        Value f = (a * b) * (a + b);
        f.Backward();

        Assert.Equal(-6, f.Data);
        Assert.Equal(-3, a.Grad);
        Assert.Equal(-8, b.Grad);
    }

    [Fact]
    [Trait("Number", "L01-029")]
    public void Assigning_gradients_is_wrong_as_soon_as_a_value_is_used_twice()
    {
        Value a = -2, b = 3;
        BackwardThatAssigns((a * b) * (a + b));

        Assert.NotEqual((-3, -8), (a.Grad, b.Grad));
    }

    [Fact]
    [Trait("Number", "L01-039")]
    public void A_tanh_in_parts_gives_the_same_through_a_longer_graph()
    {
        var neuron = new LectureNeuron(tanhInParts: true);
        neuron.O.Backward();

        Assert.Equal(0.7071, neuron.O.Data, 1e-4);
        AssertGradients(neuron);
        IEnumerable<string> operations = neuron.O.TopologicalOrder().Select(value => value.Op);
        Assert.Contains("exp", operations);
        Assert.Contains("**-1", operations);
    }

    [Fact]
    [Trait("Number", "L01-043")]
    public void Without_a_gradient_of_1_at_the_result_all_stay_0()
    {
        var neuron = new LectureNeuron();
        List<Value> order = neuron.O.TopologicalOrder();
        order.Reverse();
        order.ForEach(value => value.PassGradient());

        Assert.All(neuron.Leaves, leaf => Assert.Equal(0.0, leaf.Grad));
    }

    [Fact]
    [Trait("Number", "L01-044")]
    public void The_step_of_a_leaf_is_allowed_and_changes_nothing()
    {
        var leaf = new Value(2, "x") { Grad = 5 };
        leaf.PassGradient();

        Assert.Equal((2, 5, "x"), (leaf.Data, leaf.Grad, leaf.Label));
    }

    [Fact]
    [Trait("Number", "L01-047")]
    public void A_value_added_to_itself_is_one_input_used_twice()
    {
        Value a = 3;
        Value b = a + a;
        b.Backward();

        Assert.Equal([a, a], b.Inputs.Select(input => input.Value));
        Assert.Single(b.Inputs.Select(input => input.Value).Distinct());
        Assert.Equal(2, a.Grad);
    }

    [Fact]
    [Trait("Number", "L01-048")]
    public void A_chain_of_a_hundred_thousand_operations_does_not_overflow_the_stack()
    {
        Value leaf = 0;
        Value x = leaf;
        for (int i = 0; i < 100_000; i++)
        {
            x += 1;
        }

        x.Backward();

        Assert.Equal(100_000, x.Data);
        Assert.Equal(1, leaf.Grad);
    }

    [Fact]
    public void A_second_call_adds_to_leaves_and_begins_anew_at_what_was_computed()
    {
        var graph = new LectureExpression();
        graph.L.Backward();
        graph.L.Backward();

        Assert.Equal([1, -2, -2], new[] { graph.L.Grad, graph.D.Grad, graph.E.Grad });
        Assert.Equal([12, -8, -4, 8], new[] { graph.A.Grad, graph.B.Grad, graph.C.Grad, graph.F.Grad });
    }

    [Fact]
    public void Graphs_that_share_values_can_be_walked_one_after_the_other()
    {
        Value a = 2;
        Value square = a * a;
        Value first = square + 1;
        Value second = square * 3;
        first.Backward();
        second.Backward();

        Assert.Equal(4 + 12, a.Grad);
        Assert.Equal(3, square.Grad);
        Assert.Equal(4, first.TopologicalOrder().Count);
    }

    [Fact]
    public void A_parameter_does_not_keep_alive_what_was_once_computed_from_it()
    {
        Value parameter = 2;
        WeakReference first = Use(parameter);
        Use(parameter);
        GC.Collect();

        Assert.False(first.IsAlive);
        GC.KeepAlive(parameter);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Use(Value parameter)
        {
            Value loss = (parameter * 3).Tanh() + (parameter * parameter);
            loss.Backward();
            return new(loss.Inputs.First().Value);
        }
    }

    private static void AssertGradients(LectureNeuron neuron)
    {
        Assert.Equal(-1.5, neuron.X1.Grad, 1e-9);
        Assert.Equal(1.0, neuron.W1.Grad, 1e-9);
        Assert.Equal(0.5, neuron.X2.Grad, 1e-9);
        Assert.Equal(0.0, neuron.W2.Grad, 1e-9);
    }

    /// <summary>The mistake of the lecture, made on purpose: each use overwrites what the others have passed on.</summary>
    private static void BackwardThatAssigns(Value root)
    {
        root.Grad = 1;
        foreach (Value value in Enumerable.Reverse(root.TopologicalOrder()))
        {
            foreach (var (input, derivative) in value.Inputs)
            {
                input.Grad = derivative * value.Grad;
            }
        }
    }
}
