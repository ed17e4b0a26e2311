using System.Text.Json;
using Nabla.Nn;
using Nabla.Tests.Fixtures;

namespace Nabla.Tests.Nn;

/// <summary>Initialisers against the float32 numbers of PyTorch: uniform ones bit for bit, normal ones within 1e-6.</summary>
public sealed class InitializationTests
{
    private const string File = "init.json";

    public static TheoryData<string> Layers => CasesOf("layer");

    public static TheoryData<string> LayerRows => CasesOf("layers");

    public static TheoryData<string> Sequences => CasesOf("sequence");

    public static TheoryData<string> Gains => CasesOf("gain");

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_starts_from_the_numbers_of_PyTorch(string name)
    {
        JsonElement found = Case("layer", name);
        RandomGenerator generator = new(found.GetProperty("seed").GetUInt64());
        AssertLayer(FixtureTensor.ReadNamed(found, "params"), string.Empty, generator, name);
    }

    [Fact]
    public void Skipped_it_neither_writes_nor_draws_and_goes_on_afterwards()
    {
        RandomGenerator generator = new(7);
        byte[] before = generator.GetState().ToBytes();
        Tensor tensor = Tensor.Ones(4, 4);
        using (Initialization.Skip())
        {
            using (Initialization.Skip())
            {
                Initialization.Normal(tensor, generator: generator);
            }

            Initialization.LinearDefault(tensor, generator: generator);
        }

        Assert.Equal(Tensor.Ones(4, 4).ToArray(), tensor.ToArray());
        Assert.Equal(before, generator.GetState().ToBytes());
        Assert.NotEqual(Tensor.Ones(4, 4).ToArray(), Initialization.Normal(tensor, generator: generator).ToArray());
    }

    [Theory]
    [MemberData(nameof(LayerRows))]
    public void Layers_one_after_another_start_from_the_numbers_of_PyTorch(string name)
    {
        JsonElement found = Case("layers", name);
        RandomGenerator generator = new(found.GetProperty("seed").GetUInt64());
        foreach (string prefix in new[] { "0.", "1.", "2." })
        {
            AssertLayer(FixtureTensor.ReadNamed(found, "params"), prefix, generator, name);
        }
    }

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Initialisers_in_sequence_draw_the_numbers_of_PyTorch(string name)
    {
        JsonElement found = Case("sequence", name);
        RandomGenerator generator = new(found.GetProperty("seed").GetUInt64());
        Shape shape = new([.. found.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())]);
        foreach (JsonElement draw in found.GetProperty("draws").EnumerateArray())
        {
            Tensor weight = Draw(draw, shape, generator);
            string what = $"{name}, {draw.GetProperty("init")} {draw.GetProperty("args")}";
            double tolerance = what.Contains("Normal", StringComparison.Ordinal) ? 1e-6 : 0;
            FixtureTensor expected = FixtureTensor.Read(draw.GetProperty("weight"));
            Tensor start = Tensor.From(weight.ToArray().AsSpan(0, expected.Values.Length), expected.Shape.AsSpan());
            AssertWithin(expected, start, tolerance, what);
            if (draw.TryGetProperty("last", out JsonElement last))
            {
                Assert.Equal(last.GetDouble(), weight.ToArray()[^1], Math.Max(tolerance, 1e-9));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Gains))]
    public void Gains_are_those_of_PyTorch(string name)
    {
        JsonElement found = Case("gain", name);
        JsonElement args = found.GetProperty("args");
        Nonlinearity nonlinearity = NonlinearityOf(args);
        double gain = args.TryGetProperty("param", out JsonElement slope)
            ? Initialization.CalculateGain(nonlinearity, slope.GetDouble())
            : Initialization.CalculateGain(nonlinearity);

        Assert.Equal(found.GetProperty("gain").GetDouble(), gain, 1e-9);
    }

    [Fact]
    public void Filling_is_off_the_tape_and_noticed_by_a_backward_that_needs_the_old_values()
    {
        Tensor weight = Tensor.Ones(4, 3);
        weight.RequiresGrad = true;
        Tensor loss = (weight * weight).Sum();

        Assert.Same(weight, Initialization.XavierNormal(weight));
        Assert.True(weight.IsLeaf);
        Assert.Throws<InvalidOperationException>(() => loss.Backward());
    }

    [Fact]
    public void Without_a_generator_the_default_one_is_drawn_from()
    {
        // Other tests may draw from it at the same time, so only that it moved can be known.
        Tensor first = Initialization.Uniform(Tensor.Zeros(100));
        Tensor second = Initialization.Uniform(Tensor.Zeros(100));

        Assert.NotEqual(first.ToArray(), second.ToArray());
    }

    [Fact]
    public void Fans_of_a_convolution_count_its_kernel()
    {
        float[] weight = Initialization.KaimingUniform(Tensor.Zeros(8, 4, 3, 3), generator: new(1)).ToArray();
        float[] flat = Initialization.KaimingUniform(Tensor.Zeros(8, 36), generator: new(1)).ToArray();
        Assert.Equal(flat, weight);

        weight = Initialization.KaimingUniform(Tensor.Zeros(8, 4, 3, 3), mode: FanMode.FanOut, generator: new(1)).ToArray();
        flat = Initialization.KaimingUniform(Tensor.Zeros(72, 4), mode: FanMode.FanOut, generator: new(1)).ToArray();
        Assert.Equal(flat, weight);
    }

    [Fact]
    public void Empty_weights_are_filled_with_nothing()
    {
        Tensor bias = Tensor.Ones(3);
        Initialization.LinearDefault(Tensor.Zeros(3, 0), bias, new(1));

        Assert.Equal([0, 0, 0], bias.ToArray());
        Assert.Equal(0, Initialization.XavierNormal(Tensor.Zeros(0, 0)).Count);
    }

    [Fact]
    public void Errors_name_the_operation_and_the_shape()
    {
        Assert.Equal(
            "KaimingUniform: the weight is [3]; it needs two dimensions or more, [out, in, ...].",
            Assert.Throws<ShapeException>(() => Initialization.KaimingUniform(Tensor.Zeros(3))).Message);
        Assert.Equal(
            "Normal: the tensor of shape [3, 2] is not contiguous; fill the tensor it is a view of.",
            Assert.Throws<InvalidOperationException>(() => Initialization.Normal(Tensor.Zeros(2, 3).Transpose(0, 1))).Message);
    }

    private static void AssertLayer(
        IReadOnlyDictionary<string, FixtureTensor> parameters, string prefix, RandomGenerator generator, string name)
    {
        FixtureTensor weight = parameters[prefix + "weight"];
        Tensor drawn = Tensor.Zeros(weight.Shape);
        if (parameters.TryGetValue(prefix + "bias", out FixtureTensor? bias))
        {
            Tensor drawnBias = Tensor.Zeros(bias.Shape);
            Initialization.LinearDefault(drawn, drawnBias, generator);
            AssertWithin(weight, drawn, 0, name + ": weight");
            AssertWithin(bias, drawnBias, 0, name + ": bias");
        }
        else
        {
            AssertWithin(weight, Initialization.Normal(drawn, generator: generator), 1e-6, name + ": weight");
        }
    }

    private static Tensor Draw(JsonElement draw, Shape shape, RandomGenerator generator)
    {
        JsonElement args = draw.GetProperty("args");
        Tensor weight = Tensor.Zeros(shape);
        double gain = args.TryGetProperty("gain", out JsonElement given) ? given.GetDouble() : 1;
        return draw.GetProperty("init").GetString() switch
        {
            "XavierUniform" => Initialization.XavierUniform(weight, gain, generator),
            "XavierNormal" => Initialization.XavierNormal(weight, gain, generator),
            "KaimingUniform" => Initialization.KaimingUniform(
                weight, SlopeOf(args), ModeOf(args), NonlinearityOf(args), generator),
            "KaimingNormal" => Initialization.KaimingNormal(
                weight, SlopeOf(args), ModeOf(args), NonlinearityOf(args), generator),
            string other => throw new NotSupportedException(other),
            null => throw new NotSupportedException(),
        };
    }

    private static double SlopeOf(JsonElement args) => args.GetProperty("a").GetDouble();

    private static FanMode ModeOf(JsonElement args)
        => args.GetProperty("mode").GetString() == "fan_in" ? FanMode.FanIn : FanMode.FanOut;

    private static Nonlinearity NonlinearityOf(JsonElement args) => Enum.Parse<Nonlinearity>(
        args.GetProperty("nonlinearity").GetString()!.Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true);

    private static void AssertWithin(FixtureTensor expected, Tensor actual, double tolerance, string what)
        => expected.AssertClose(actual, what, relative: 0, absolute: tolerance);

    private static TheoryData<string> CasesOf(string kind) => [.. Fixture.Cases(File)
        .Where(found => found.GetProperty("kind").GetString() == kind).Select(found => found.GetProperty("case").GetString()!)];

    private static JsonElement Case(string kind, string name) => Fixture.Cases(File).Single(
        found => found.GetProperty("kind").GetString() == kind && found.GetProperty("case").GetString() == name);
}
