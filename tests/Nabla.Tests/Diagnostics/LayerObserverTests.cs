using Nabla.Autograd;
using Nabla.Diagnostics;
using Nabla.Nn;
using Nabla.Optim;

namespace Nabla.Tests.Diagnostics;

/// <summary>What an observer sees of layers, against numbers worked out by hand.</summary>
public class LayerObserverTests
{
    [Fact]
    public void Layers_are_seen_by_their_paths_with_hand_computed_numbers()
    {
        Sequential model = new(Diagonal(1, 2), new Relu(), new Sequential(Diagonal(3, -1)));
        using LayerObserver observer = LayerObserver.Begin(model);

        model.Forward(Tensor.From([1, 2, 3, -4], 2, 2)).Sum().Backward();
        observer.TakeGradients();

        Assert.Equal(["0 Linear", "1 Relu", "2.0 Linear"], observer.Layers.Select(layer => $"{layer.Name} {layer.Kind}"));
        LayerStatistics first = observer.Layers[0]; // 1, 4, 3, -8, and gradients 3, -1, 3, 0
        Assert.Equal((0, Math.Sqrt(90 / 3.0)), (first.Outputs.Mean, first.Outputs.StandardDeviation));
        Assert.Equal(1.25, first.Gradients.Mean, 1e-12);
        Assert.Equal(Math.Sqrt((9 + 1 + 9 - (4 * 1.25 * 1.25)) / 3), first.Gradients.StandardDeviation, 1e-12);
        Assert.Equal(2, observer.Layers[1].Outputs.Mean); // 1, 4, 3, 0
        Assert.Equal(1, observer.Layers[1].Gradients.Mean); // 3, -1, 3, -1
        Assert.Equal((2, 0), (observer.Layers[1].UnitCount, observer.Layers[1].DeadUnitCount));
        Assert.Equal(1, observer.Layers[2].Gradients.Mean);
        Assert.All(observer.Layers, layer => Assert.Null(layer.Saturation));
    }

    [Fact]
    public void Saturation_is_a_share_of_outputs_and_a_unit_is_dead_that_no_example_woke()
    {
        Sequential model = new(new Tanh(), new Sigmoid());
        using LayerObserver observer = LayerObserver.Begin(model);
        using (Tensor.NoGrad())
        {
            model.Forward(Tensor.From([9, -9, 2.2f, 0, 9, 9, 0.1f, -3], 2, 4)); // tanh(2.2) = 0.976
            Assert.Equal(2, observer.Layers[0].DeadUnitCount);
            model.Forward(Tensor.From([-9, 1, 0, 0], 1, 4));
        }

        Assert.Equal(7 / 12.0, observer.Layers[0].Saturation);
        Assert.Equal(1, observer.Layers[0].DeadUnitCount); // the second unit woke up in the second batch
        Assert.Equal((0.0, 0), (observer.Layers[1].Saturation, observer.Layers[1].DeadUnitCount));
        Assert.Equal(0, observer.Layers[0].Gradients.Count);
    }

    [Fact]
    public void Another_bound_counts_other_outputs_as_saturated()
    {
        Tanh tanh = new();
        using LayerObserver observer = LayerObserver.Begin(tanh, saturationBound: 0.5);

        tanh.Forward(Tensor.From([0.4f, 0.6f, -0.6f, 3], 4));

        Assert.Equal((string.Empty, 0.75), (observer.Layers[0].Name, observer.Layers[0].Saturation));
    }

    [Fact]
    public void A_layer_of_ones_own_is_seen_in_a_chain_and_where_it_shows_itself()
    {
        Doubling shy = new(shows: false);
        Doubling open = new(shows: true);
        using (LayerObserver observer = LayerObserver.Begin(new Sequential(shy)))
        {
            shy.Forward(Tensor.Ones(2));
            Assert.Empty(observer.Layers);
        }

        using (LayerObserver observer = LayerObserver.Begin(open))
        {
            open.Forward(Tensor.Ones(2));
            Assert.Equal(2, Assert.Single(observer.Layers).Outputs.Mean);
        }

        Sequential chain = new(shy, open);
        using (LayerObserver observer = LayerObserver.Begin(chain))
        {
            chain.Forward(Tensor.Ones(2));
            Assert.Equal([2.0, 4.0], observer.Layers.Select(layer => layer.Outputs.Mean));
        }
    }

    [Fact]
    public void What_only_passes_through_or_changes_its_shape_is_seen_once()
    {
        Sequential model = new(Diagonal(1, 1), new Dropout(0.5f), new Flatten());
        model.Eval();
        using LayerObserver observer = LayerObserver.Begin(model);

        model.Forward(Tensor.Ones(3, 4, 2));

        Assert.Equal("0", Assert.Single(observer.Layers).Name);
    }

    [Fact]
    public void Other_modules_and_other_threads_are_not_seen()
    {
        Tanh mine = new();
        using LayerObserver observer = LayerObserver.Begin(mine);

        new Tanh().Forward(Tensor.Ones(2));
        Thread other = new(() => mine.Forward(Tensor.Ones(2)));
        other.Start();
        other.Join();

        Assert.Empty(observer.Layers);
    }

    [Fact]
    public void An_exception_leaves_nothing_behind()
    {
        Sequential model = new(Diagonal(1, 1), Diagonal(1, 1, 1));
        LayerObserver? seen = null;
        Assert.Throws<ShapeException>(() =>
        {
            using LayerObserver observer = seen = LayerObserver.Begin(model);
            model.Forward(Tensor.Ones(1, 2));
        });

        Assert.Null(LayerObserver.Current);
        long count = seen!.Layers[0].Outputs.Count;
        Assert.Throws<ShapeException>(() => model.Forward(Tensor.Ones(1, 2)));
        Assert.Equal((2, 1), (count, seen.Layers.Count));
        Assert.Equal(count, seen.Layers[0].Outputs.Count);
    }

    [Fact]
    public void Of_two_observers_the_inner_one_sees_and_must_be_closed_first()
    {
        Tanh tanh = new();
        LayerObserver outer = LayerObserver.Begin(tanh);
        LayerObserver inner = LayerObserver.Begin(tanh);
        tanh.Forward(Tensor.Ones(1));

        Assert.Throws<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        tanh.Forward(Tensor.Ones(1));
        tanh.Forward(Tensor.Ones(1));
        outer.Dispose();
        inner.Dispose();

        Assert.Equal((1, 2), (inner.Layers[0].Outputs.Count, outer.Layers[0].Outputs.Count));
        Assert.Null(LayerObserver.Current);
    }

    [Fact]
    public void Training_is_the_same_bits_while_it_is_observed()
    {
        Assert.Equal(Train(observed: false), Train(observed: true));

        static float[] Train(bool observed)
        {
            RandomGenerator random = new(1);
            Sequential model = new(new Linear(4, 8, random: random), new Tanh(), new Dropout(0.2f, random), new Linear(8, 3, random: random));
            AdamW optimizer = new(model.Parameters());
            using LayerObserver? observer = observed ? LayerObserver.Begin(model) : null;
            for (int step = 0; step < 5; step++)
            {
                using MemoryScope scope = MemoryScope.Begin();
                optimizer.ZeroGrad();
                model.Forward(Tensor.Randn(random, 6, 4)).CrossEntropy(IndexTensor.From([0, 1, 2, 0, 1, 2], 6)).Backward();
                observer?.TakeGradients();
                optimizer.Step();
            }

            Assert.Equal(observed ? 5 * 6 * 8 : null, observer?.Layers[0].Gradients.Count);
            return [.. model.Parameters().SelectMany(parameter => parameter.ToArray())];
        }
    }

    [Fact]
    public void Every_layer_of_the_library_shows_what_it_puts_out()
    {
        (Layer Layer, Tensor Input)[] layers =
        [
            (new Tanh(), Tensor.Ones(2, 3, 4)), (new Sigmoid(), Tensor.Ones(2)), (new Relu(), Tensor.Ones(2)),
            (new LeakyRelu(), Tensor.Ones(2)), (new Elu(), Tensor.Ones(2)), (new Gelu(), Tensor.Ones(2)),
            (new GeluExact(), Tensor.Ones(2)), (new Silu(), Tensor.Ones(2)), (new Linear(4, 2), Tensor.Ones(2, 4)),
            (new LayerNorm(4), Tensor.Ones(2, 4)), (new RmsNorm(4), Tensor.Ones(2, 4)), (new GroupNorm(2, 4), Tensor.Ones(2, 4)),
            (new BatchNorm1d(4), Tensor.Ones(2, 4)), (new Dropout(0.5f), Tensor.Ones(2, 4)),
            (new CausalConv1d(4, 2, 2), Tensor.Ones(2, 3, 4)), (new Rnn(4, 2), Tensor.Ones(2, 3, 4)),
            (new Gru(4, 2), Tensor.Ones(2, 3, 4)), (new Lstm(4, 2), Tensor.Ones(2, 3, 4)),
        ];
        foreach ((Layer layer, Tensor input) in layers)
        {
            using LayerObserver observer = LayerObserver.Begin(layer);
            Tensor output = layer.Forward(input);
            Assert.Equal(output.Count, observer.Layers.SingleOrDefault(seen => seen.Name.Length == 0)?.Outputs.Count);
        }

        // The rest compute nothing of their own.
        Type[] others = [typeof(Sequential), typeof(Flatten), typeof(FlattenConsecutive), typeof(Recurrent<>)];
        Assert.Equal(
            typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer))).Except(others).Select(type => type.Name).Order(),
            layers.Select(pair => pair.Layer.GetType().Name).Order());
    }

    private static Linear Diagonal(params float[] values)
    {
        Linear linear = new(values.Length, values.Length, bias: false);
        using NoGradScope noGrad = Tensor.NoGrad();
        linear.Weight.FillInPlace(0);
        linear.Weight.CopyInPlace(Tensor.From(
            [.. from row in Enumerable.Range(0, values.Length) from column in Enumerable.Range(0, values.Length) select row == column ? values[row] : 0],
            values.Length,
            values.Length));
        return linear;
    }

    private sealed class Doubling(bool shows) : Layer
    {
        public override Tensor Forward(Tensor x) => shows ? Observed(x * 2) : x * 2;
    }
}
