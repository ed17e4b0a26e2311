using System.Text.Json;
using Nabla.IO;
using Nabla.Tests;

namespace Nabla.Language.Tests.Checkpoints;

/// <summary>The tiny GPT-2 of make_gpt2_hf.py in its several forms, with PyTorch's numbers.</summary>
internal static class Gpt2Fixture
{
    /// <summary>The folders and files that hold its float32 weights.</summary>
    public static readonly string[] Exact = ["gpt2-hf", "gpt2-hf-sharded", "gpt2-llmc.bin"];

    private static readonly JsonElement _case = TestFiles.FixtureJson("gpt2-hf.json").RootElement.GetProperty("cases")[0];

    public static IndexTensor Ids => Indices("ids");

    public static IndexTensor Targets => Indices("targets");

    public static double Loss => _case.GetProperty("loss").GetDouble();

    public static SavedModel Open(string name) => SavedModel.Open(TestFiles.Fixture(name));

    public static Gpt Load(string name) => (Gpt)Open(name).LoadModel();

    public static double[] Numbers(string name)
        => [.. _case.GetProperty(name).GetProperty("data").EnumerateArray().Select(item => item.GetDouble())];

    public static SafetensorsFile Gradients() => SafetensorsFile.Open(TestFiles.Fixture("gpt2-hf-gradients.safetensors"));

    /// <summary>The largest difference, as a share of the largest number that is wanted.</summary>
    public static double Distance(IReadOnlyList<double> expected, IReadOnlyList<float> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        return expected.Zip(actual, (wanted, found) => Math.Abs(wanted - found)).Max() / expected.Max(Math.Abs);
    }

    /// <summary>Fails unless two models have the same parameters to the last bit.</summary>
    public static void AssertSame(LanguageModel expected, LanguageModel actual)
    {
        Assert.Equal(expected.Config, actual.Config);
        Assert.NotEmpty(expected.NamedParameters());
        foreach (((string name, Tensor wanted), (_, Tensor found)) in expected.NamedParameters().Zip(actual.NamedParameters()))
        {
            Assert.True(wanted.ToArray().AsSpan().SequenceEqual(found.ToArray()), name);
        }
    }

    private static IndexTensor Indices(string name)
    {
        JsonElement tensor = _case.GetProperty(name);
        int[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(item => item.GetInt32())];
        return IndexTensor.From([.. tensor.GetProperty("data").EnumerateArray().Select(item => item.GetInt32())], shape);
    }
}
