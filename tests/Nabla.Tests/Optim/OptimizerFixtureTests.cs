using System.Text.Json;
using Nabla.Optim;
using Nabla.Tests.Fixtures;

namespace Nabla.Tests.Optim;

/// <summary>Optimisers, clipping and schedules against PyTorch's numbers, computed in float64.</summary>
[Trait("Tier", "true")]
public sealed class OptimizerFixtureTests
{
    private const string File = "optim.json";

    public static TheoryData<string> Optimizers => CasesOf("optimizer");

    public static TheoryData<string> Clips => CasesOf("clip");

    public static TheoryData<string> Schedules => CasesOf("schedule");

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Ten_steps_are_those_of_PyTorch(string name)
    {
        JsonElement found = Case("optimizer", name);
        IReadOnlyDictionary<string, FixtureTensor> start = FixtureTensor.ReadNamed(found, "params");
        Dictionary<string, Tensor> parameters = start.ToDictionary(pair => pair.Key, pair => pair.Value.ToTensor());
        Optimizer optimizer = Make(
            found.GetProperty("optimizer").GetString()!, found.GetProperty("args"), [.. parameters.Values]);
        Dictionary<string, double[]> reach = start.ToDictionary(pair => pair.Key, pair => new double[pair.Value.Values.Length]);
        JsonElement[] grads = [.. found.GetProperty("grads").EnumerateArray()];
        JsonElement[] after = [.. found.GetProperty("after").EnumerateArray()];
        for (int step = 0; step < grads.Length; step++)
        {
            optimizer.ZeroGrad();
            foreach (JsonProperty gradient in grads[step].EnumerateObject())
            {
                parameters[gradient.Name].AddToGrad(FixtureTensor.Read(gradient.Value).ToTensor());
            }

            optimizer.Step();
            foreach (JsonProperty expected in after[step].EnumerateObject())
            {
                AssertClose(FixtureTensor.Read(expected.Value).Values, parameters[expected.Name], reach[expected.Name], step);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Clips))]
    public void Clipping_is_that_of_PyTorch(string name)
    {
        JsonElement found = Case("clip", name);
        Dictionary<string, Tensor> parameters = [];
        foreach ((string key, FixtureTensor gradient) in FixtureTensor.ReadNamed(found, "grads"))
        {
            parameters[key] = Tensor.Zeros(gradient.Shape);
            parameters[key].AddToGrad(gradient.ToTensor());
        }

        float norm = GradientClipping.ClipNorm([.. parameters.Values], found.GetProperty("maxNorm").GetSingle());

        double expectedNorm = found.GetProperty("norm").GetDouble();
        Assert.Equal(expectedNorm, norm, expectedNorm * 1e-6);
        foreach ((string key, FixtureTensor expected) in FixtureTensor.ReadNamed(found, "clipped"))
        {
            expected.AssertClose(parameters[key].Grad!, $"{name}: {key}", relative: 1e-6, absolute: 0);
        }
    }

    [Theory]
    [Trait("Number", "L07-092")]
    [MemberData(nameof(Schedules))]
    public void Schedules_are_those_of_PyTorch(string name)
    {
        JsonElement found = Case("schedule", name);
        JsonElement args = found.GetProperty("args");
        LearningRateSchedule schedule = found.GetProperty("schedule").GetString() switch
        {
            "Step" => new StepDecay(
                Single(args, "learningRate"), args.GetProperty("stepSize").GetInt64(), args.GetProperty("gamma").GetDouble()),
            "Cosine" => new CosineWithWarmup(
                Single(args, "maximum"),
                Single(args, "minimum"),
                args.GetProperty("warmup").GetInt64(),
                args.GetProperty("steps").GetInt64()),
            "Linear" => new LinearDecay(
                Single(args, "maximum"),
                Single(args, "minimum"),
                args.GetProperty("warmup").GetInt64(),
                args.GetProperty("steps").GetInt64()),
            string other => throw new NotSupportedException(other),
            null => throw new NotSupportedException(),
        };
        double[] rates = [.. found.GetProperty("rates").EnumerateArray().Select(Fixture.Number)];
        long[] steps = [.. found.GetProperty("steps").EnumerateArray().Select(step => step.GetInt64())];

        Assert.Equal(rates.Length, steps.Length);
        for (int i = 0; i < steps.Length; i++)
        {
            Assert.Equal(rates[i], schedule.At(steps[i]), rates[i] * 2e-7);
        }
    }

    /// <summary>
    /// Compares by the largest value that an element has had: float32 cannot come back from 200 to 2 with all digits of 2.
    /// </summary>
    private static void AssertClose(double[] expected, Tensor actual, double[] reach, int step)
    {
        float[] values = actual.ToArray();
        for (int i = 0; i < expected.Length; i++)
        {
            reach[i] = Math.Max(reach[i], Math.Abs(expected[i]));
            Assert.True(
                Math.Abs(values[i] - expected[i]) <= 3e-7 * (1 + reach[i]),
                $"element {i} after step {step}: {values[i]:R}, not {expected[i]:R}, which was up to {reach[i]:R}");
        }
    }

    private static Optimizer Make(string name, JsonElement args, Tensor[] parameters) => name switch
    {
        "SGD" => new Sgd(parameters, Single(args, "learningRate"), Single(args, "momentum"), Single(args, "weightDecay")),
        "Adam" => new Adam(
            parameters,
            Single(args, "learningRate"),
            args.GetProperty("beta1").GetDouble(),
            args.GetProperty("beta2").GetDouble(),
            args.GetProperty("eps").GetDouble(),
            Single(args, "weightDecay")),
        "AdamW" => new AdamW(
            parameters,
            Single(args, "learningRate"),
            args.GetProperty("beta1").GetDouble(),
            args.GetProperty("beta2").GetDouble(),
            args.GetProperty("eps").GetDouble(),
            Single(args, "weightDecay")),
        _ => throw new NotSupportedException(name),
    };

    private static TheoryData<string> CasesOf(string kind) => [.. Fixture.Cases(File)
        .Where(found => found.GetProperty("kind").GetString() == kind).Select(Title)];

    private static JsonElement Case(string kind, string title)
        => Fixture.Cases(File).Single(found => found.GetProperty("kind").GetString() == kind && Title(found) == title);

    private static string Title(JsonElement found)
        => (found.TryGetProperty("schedule", out JsonElement schedule) ? schedule.GetString() + ": " : string.Empty)
            + found.GetProperty("case").GetString();

    private static float Single(JsonElement args, string name) => args.GetProperty(name).GetSingle();
}
