using Nabla.IO;

namespace Nabla.Language.Tests.Checkpoints;

/// <summary>A GPT-2 of every form that is read, against PyTorch in float64.</summary>
[Trait("Tier", "true")]
public sealed class Gpt2ParityTests
{
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Exact => [.. Gpt2Fixture.Exact];

    [Theory]
    [MemberData(nameof(Exact))]
    public void Logits_loss_and_every_gradient_are_those_of_PyTorch(string name)
    {
        Gpt model = Gpt2Fixture.Load(name);

        Tensor logits = model.Forward(Gpt2Fixture.Ids);
        Tensor loss = logits.CrossEntropy(Gpt2Fixture.Targets);
        loss.Backward();

        Assert.InRange(Gpt2Fixture.Distance(Gpt2Fixture.Numbers("logits"), logits.ToArray()), 0, Tolerance);
        Assert.Equal(Gpt2Fixture.Loss, loss.Item(), Tolerance);
        using SafetensorsFile gradients = Gpt2Fixture.Gradients();
        IReadOnlyList<KeyValuePair<string, Tensor>> parameters = model.NamedParameters();
        Assert.Equal(gradients.Entries.Select(entry => entry.Name).Order(), parameters.Select(parameter => parameter.Key).Order());
        foreach ((string parameter, Tensor tensor) in parameters)
        {
            double[] expected = [.. gradients.ReadTensor(parameter).ToArray().Select(value => (double)value)];
            Assert.True(Gpt2Fixture.Distance(expected, tensor.Grad!.ToArray()) <= Tolerance, parameter);
        }
    }

    [Theory]
    [InlineData("gpt2-hf-bfloat16", "bfloat16Logits")]
    [InlineData("gpt2-hf-float16", "float16Logits")]
    [InlineData("gpt2-llmc-bfloat16.bin", "bfloat16Logits")]
    public void Weights_stored_in_two_bytes_give_the_logits_of_the_rounded_weights(string name, string logits)
    {
        double[] expected = Gpt2Fixture.Numbers(logits);

        float[] actual = Gpt2Fixture.Load(name).Forward(Gpt2Fixture.Ids).ToArray();

        Assert.InRange(Gpt2Fixture.Distance(expected, actual), 0, Tolerance);
        Assert.True(Gpt2Fixture.Distance(Gpt2Fixture.Numbers("logits"), actual) > Tolerance);
    }

    [Fact]
    public void All_forms_give_the_same_model_and_say_what_they_are()
    {
        Gpt first = Gpt2Fixture.Load("gpt2-hf");

        foreach (string name in Gpt2Fixture.Exact)
        {
            Gpt2Fixture.AssertSame(first, Gpt2Fixture.Load(name));
        }

        Gpt2Fixture.AssertSame(Gpt2Fixture.Load("gpt2-hf-bfloat16"), Gpt2Fixture.Load("gpt2-llmc-bfloat16.bin"));
        Assert.Equal(
            new GptConfig { VocabularySize = 61, ContextLength = 12, LayerCount = 2, HeadCount = 2, Width = 16 },
            Gpt2Fixture.Open("gpt2-hf").Config);
        Assert.Equal(("Hugging Face folder", 60, false),
            (Gpt2Fixture.Open("gpt2-hf").Form, Gpt2Fixture.Open("gpt2-hf").BoundaryId, Gpt2Fixture.Open("gpt2-hf").HasTokenizer));
        Assert.Equal(("llm.c checkpoint", null), (Gpt2Fixture.Open("gpt2-llmc.bin").Form, Gpt2Fixture.Open("gpt2-llmc.bin").BoundaryId));
        Assert.Equal([new Shape(128, 16), new Shape(48, 16)],
            Gpt2Fixture.Open("gpt2-llmc.bin").ReadTensors()
                .Where(tensor => tensor.Name is "wte.weight" or "h.1.attn.c_attn.weight").Select(tensor => tensor.Shape));
        Assert.Contains(new StoredTensor("h.1.attn.c_attn.weight", "BF16", new Shape(16, 48)), Gpt2Fixture.Open("gpt2-hf-bfloat16").ReadTensors());
    }
}
