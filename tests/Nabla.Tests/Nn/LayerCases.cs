using System.Text.Json;
using Nabla.Autograd;
using Nabla.Nn;
using Nabla.Tests.Fixtures;

namespace Nabla.Tests.Nn;

/// <summary>The cases of layers.json, and what the tests of all those layers do with them.</summary>
internal static class LayerCases
{
    private static readonly IReadOnlyList<JsonElement> _all = Fixture.Cases("layers.json");

    /// <summary>Returns the names of the cases of a kind, those of recurrent layers with the layer in front.</summary>
    public static TheoryData<string> Names(string kind)
        => [.. _all.Where(json => json.GetProperty("kind").GetString() == kind).Select(NameOf)];

    public static JsonElement Find(string kind, string name)
        => _all.Single(json => json.GetProperty("kind").GetString() == kind && NameOf(json) == name);

    public static FixtureTensor Read(JsonElement json, string property) => FixtureTensor.Read(json.GetProperty(property));

    /// <summary>Gives a module the parameters of a case: all of them, and no others.</summary>
    public static void SetParameters(Module module, JsonElement json)
    {
        IReadOnlyDictionary<string, FixtureTensor> values = FixtureTensor.ReadNamed(json, "params");
        Assert.Equal(values.Keys, module.NamedParameters().Select(pair => pair.Key));
        using NoGradScope noGrad = Tensor.NoGrad();
        foreach ((string name, Tensor parameter) in module.NamedParameters())
        {
            parameter.CopyInPlace(values[name].ToTensor());
        }
    }

    /// <summary>Compares the gradients of a module's parameters with those of a case.</summary>
    public static void AssertGradients(Module module, JsonElement json, string what)
    {
        IReadOnlyDictionary<string, FixtureTensor> expected = FixtureTensor.ReadNamed(json, "grads");
        Assert.Equal(expected.Count, module.Parameters().Count);
        foreach ((string name, Tensor parameter) in module.NamedParameters())
        {
            expected[name].AssertClose(parameter.Grad!, $"{what}: gradient of {name}", absolute: 3e-6);
        }
    }

    private static string NameOf(JsonElement json)
        => json.GetProperty("kind").GetString() == "recurrent"
            ? $"{json.GetProperty("layer").GetString()}, {json.GetProperty("case").GetString()}"
            : json.GetProperty("case").GetString()!;
}
