using System.Text.Json;
using Nabla.IO;
using Nabla.Optim;
using Nabla.Tests;

namespace Nabla.Language.Tests.Models;

/// <summary>A GPT of two layers with given weights, against PyTorch in float64.</summary>
[Trait("Tier", "true")]
public class GptParityTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Logits_loss_and_every_gradient_are_those_of_PyTorch(int index)
    {
        Fixture fixture = new(index);
        Tensor logits = fixture.Model.Forward(fixture.Ids);
        AssertClose("logits", fixture.Numbers("logits"), logits.ToArray());
        Tensor loss = logits.CrossEntropy(fixture.Targets);
        Assert.Equal(fixture.Case.GetProperty("loss").GetDouble(), loss.Item(), Tolerance);

        loss.Backward();
        using SafetensorsFile gradients = SafetensorsFile.Open(TestFiles.Fixture(fixture.Case.GetProperty("gradients").GetString()!));
        foreach ((string name, Tensor parameter) in fixture.Model.NamedParameters())
        {
            double[] expected = [.. gradients.ReadTensor(name).ToArray().Select(value => (double)value)];
            AssertClose(name, expected, parameter.Grad!.ToArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Ten_steps_of_AdamW_cost_what_they_cost_PyTorch(int index)
    {
        Fixture fixture = new(index);
        IReadOnlyList<Tensor> parameters = fixture.Model.Parameters();
        AdamW optimizer = new(
            [
                new ParameterGroup(parameters.Where(parameter => parameter.Rank >= 2), 1e-2f, 0.1f),
                new ParameterGroup(parameters.Where(parameter => parameter.Rank < 2), 1e-2f, 0),
            ],
            0.9,
            0.95);
        (double[] losses, double[] norms) = (fixture.Numbers("losses"), fixture.Numbers("norms"));
        for (int step = 0; step < losses.Length; step++)
        {
            Tensor loss = fixture.Model.Loss(fixture.Ids, fixture.Targets);
            loss.Backward();
            float norm = GradientClipping.ClipNorm(parameters, 1);
            optimizer.Step();
            optimizer.ZeroGrad();
            Assert.Equal(losses[step], loss.Item(), Tolerance);
            Assert.Equal(norms[step], norm, Tolerance * norms[step]);
        }

        Assert.Equal(10, losses.Length);
    }

    [Fact]
    public void Every_parameter_gets_a_gradient_but_the_key_bias()
    {
        Fixture fixture = new(0);
        fixture.Model.Loss(fixture.Ids, fixture.Targets).Backward();
        int width = fixture.Model.Config.Width;
        foreach ((string name, Tensor parameter) in fixture.Model.NamedParameters())
        {
            float[] sizes = [.. parameter.Grad!.ToArray().Select(Math.Abs)];
            float largest = sizes.Max();
            Assert.True(largest > 0, name);
            if (name.EndsWith("c_attn.bias", StringComparison.Ordinal))
            {
                // Softmax ignores what is added to all scores of a row, so the keys' bias has no effect.
                Assert.All(sizes[width..(2 * width)], size => Assert.True(size < 1e-6f * largest || size < 1e-7f, $"{name}: {size}"));
                Assert.True(sizes[..width].Max() > 1e-6f * largest);
            }
        }
    }

    // The largest error is measured against the largest entry.
    private static void AssertClose(string name, double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= Tolerance * largest,
                $"{name}[{i}] is {actual[i]} instead of {expected[i]}; the largest is {largest}.");
        }
    }

    private sealed class Fixture
    {
        public Fixture(int index)
        {
            JsonElement root = TestFiles.FixtureJson("gpt.json").RootElement;
            JsonElement config = root.GetProperty("config");
            Case = root.GetProperty("cases")[index];
            Model = new Gpt(new GptConfig
            {
                VocabularySize = config.GetProperty("vocabularySize").GetInt32(),
                ContextLength = config.GetProperty("contextLength").GetInt32(),
                Width = config.GetProperty("width").GetInt32(),
                HeadCount = config.GetProperty("headCount").GetInt32(),
                LayerCount = config.GetProperty("layerCount").GetInt32(),
                TieWeights = Case.GetProperty("tied").GetBoolean(),
            });
            using SafetensorsFile weights = SafetensorsFile.Open(TestFiles.Fixture(Case.GetProperty("weights").GetString()!));
            foreach ((string name, Tensor parameter) in Model.NamedParameters())
            {
                weights.ReadInto(name, parameter);
            }

            Assert.Equal(weights.Entries.Count, Model.NamedParameters().Count);
        }

        public JsonElement Case { get; }

        public Gpt Model { get; }

        public IndexTensor Ids => Indices("ids");

        public IndexTensor Targets => Indices("targets");

        public double[] Numbers(string name) => [.. Flat(Case.GetProperty(name)).Select(item => item.GetDouble())];

        private IndexTensor Indices(string name)
            => IndexTensor.From([.. Flat(Case.GetProperty(name)).Select(item => item.GetInt32())], -1, Model.Config.ContextLength);

        // Arrays may be nested, or flat beside their shape.
        private static IEnumerable<JsonElement> Flat(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => Flat(element.GetProperty("data")),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Flat),
            _ => [element],
        };
    }
}
