using System.Text.Json;
using Nabla.Autograd;
using Nabla.Nn;

namespace Nabla.Tests.Nn;

/// <summary>The convolution that never looks ahead.</summary>
[Trait("Tier", "true")]
public sealed class CausalConv1dTests
{
    public static TheoryData<string> Cases => LayerCases.Names("convolution");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Output_and_gradients_are_those_of_PyTorch(string name)
    {
        JsonElement found = LayerCases.Find("convolution", name);
        int[] sizes = [.. found.GetProperty("params").GetProperty("weight").GetProperty("shape").EnumerateArray().Select(x => x.GetInt32())];
        bool bias = found.GetProperty("params").TryGetProperty("bias", out _);
        CausalConv1d layer = new(sizes[1], sizes[0], sizes[2], found.GetProperty("dilation").GetInt32(), bias);
        LayerCases.SetParameters(layer, found);
        Tensor x = LayerCases.Read(found, "x").ToTensor();
        x.RequiresGrad = true;
        Tensor y = layer.Forward(x);
        LayerCases.Read(found, "output").AssertClose(y, $"{name}: output");
        y.Backward(LayerCases.Read(found, "dy").ToTensor());
        LayerCases.Read(found, "gradX").AssertClose(x.Grad!, $"{name}: gradient of x");
        LayerCases.AssertGradients(layer, found, name);
    }

    [Fact]
    public void Gradients_agree_with_central_differences()
    {
        CausalConv1d layer = new(3, 4, kernelSize: 3, dilation: 2, random: new RandomGenerator(1));
        Tensor x = Tensor.Randn(new RandomGenerator(2), 2, 9, 3);
        x.RequiresGrad = true;
        GradientCheck.Verify(() => layer.Forward(x).Tanh(), [x, layer.Weight, layer.Bias!]);
    }

    [Fact]
    public void An_output_sees_its_receptive_field_and_nothing_after_it()
    {
        CausalConv1d layer = new(1, 1, kernelSize: 3, dilation: 2, random: new RandomGenerator(3));
        Assert.Equal(5, layer.ReceptiveField);
        Tensor x = Tensor.Randn(new RandomGenerator(4), 1, 12, 1);
        x.RequiresGrad = true;
        layer.Forward(x)[0, 7, 0].Backward();
        int[] seen = [.. x.Grad!.ToArray().Index().Where(pair => pair.Item != 0).Select(pair => pair.Index)];
        Assert.Equal([3, 5, 7], seen);
    }

    [Fact]
    public void A_new_layer_starts_from_the_numbers_of_PyTorch()
    {
        JsonElement found = LayerCases.Find("initial", "CausalConv1d, seed 42");
        CausalConv1d layer = new(3, 4, kernelSize: 2, random: new RandomGenerator(42));
        Assert.Equal(LayerCases.Read(found.GetProperty("params"), "weight").ToFloats(), layer.Weight.ToArray());
        Assert.Equal(LayerCases.Read(found.GetProperty("params"), "bias").ToFloats(), layer.Bias!.ToArray());
        Assert.Equal("CausalConv1d(3, 4, kernel_size=2, dilation=1, bias=True)", layer.ToString());
    }

    [Fact]
    [Trait("Number", "L06-031")]
    public void The_tree_as_dilated_convolutions_gives_the_same_at_every_place_as_a_loop_over_contexts()
    {
        const int Context = 8;
        const int Width = 10;
        const int Hidden = 68;
        RandomGenerator random = new(5);
        Embedding embedding = new(27, Width, random);
        List<Layer> tree = [];
        List<Layer> convolutions = [];
        foreach ((int inputs, int dilation) in ((int, int)[])[(Width, 1), (Hidden, 2), (Hidden, 4)])
        {
            Linear linear = new(2 * inputs, Hidden, bias: false, random);
            CausalConv1d convolution = new(inputs, Hidden, kernelSize: 2, dilation, bias: false);
            BatchNorm1d norm = new(Hidden);
            norm.Forward(Tensor.Randn(random, 50, Hidden)); // so that its statistics are not those it starts with
            using (Tensor.NoGrad())
            {
                convolution.Weight.CopyInPlace(linear.Weight.View(Hidden, 2, inputs).Transpose(1, 2));
            }

            tree.AddRange([new FlattenConsecutive(2), linear, norm, new Tanh()]);
            convolutions.AddRange([convolution, norm, new Tanh()]);
        }

        Linear head = new(Hidden, 27, random: random);
        (Sequential loop, Sequential once) = (new([.. tree, head]), new([.. convolutions, head]));
        loop.Eval();
        once.Eval();

        // Seven boundaries in front, as the lecture's contexts have them, then a word of seven letters: eight contexts.
        int[] padded = [.. new int[Context], 4, 9, 15, 14, 4, 18, 5];
        Tensor expected = Tensor.Stack([.. Enumerable.Range(0, Context)
            .Select(start => loop.Forward(embedding.Forward(IndexTensor.From(padded.AsSpan(start, Context)).View(1, Context)))[0])]);
        Tensor all = once.Forward(embedding.Forward(IndexTensor.From(padded).View(1, padded.Length)));
        Assert.Equal(new Shape(1, 15, 27), all.Shape);
        TensorAssert.Close(expected, all[0, (Context - 1)..], 1e-5f);
    }

    [Fact]
    public void Other_shapes_are_refused()
    {
        CausalConv1d layer = new(3, 4, kernelSize: 2);
        foreach (Tensor x in (Tensor[])[Tensor.Ones(5, 3), Tensor.Ones(2, 3, 5)])
        {
            Assert.Equal(
                $"CausalConv1d: the input is {x.Shape}; it must be [B, T, 3], channels last.",
                Assert.Throws<ShapeException>(() => layer.Forward(x)).Message);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new CausalConv1d(3, 4, kernelSize: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CausalConv1d(3, 4, kernelSize: 2, dilation: 0));
    }
}
