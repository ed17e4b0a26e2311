using System.Text.Json;
using Nabla.Tests.Fixtures;

namespace Nabla.Tests.Ops;

/// <summary>What a row of <see cref="OpCases"/> applies its operation to: the inputs as tensors, and the arguments.</summary>
internal sealed class OpCall(OpCase source, IReadOnlyDictionary<string, Tensor> inputs)
{
    /// <summary>Gets all float inputs, in the order of the method's arguments.</summary>
    public Tensor[] Inputs => [.. source.Inputs.Keys.Select(name => inputs[name])];

    /// <summary>Gets a float input.</summary>
    public Tensor this[string name] => inputs[name];

    /// <summary>Returns a float input that some cases leave out.</summary>
    public Tensor? Optional(string name) => inputs.GetValueOrDefault(name);

    /// <summary>Returns a whole-number input.</summary>
    public IndexTensor Ids(string name) => source.Ids[name].ToIndexTensor();

    /// <summary>Returns a whole-number input of zeros and ones as the float tensor that a mask is.</summary>
    public Tensor Mask(string name) => source.Ids[name].ToTensor();

    /// <summary>Returns whether the case gives an argument.</summary>
    public bool Has(string name) => source.Args.TryGetProperty(name, out _);

    /// <summary>Returns an argument as it stands in the file.</summary>
    public JsonElement Arg(string name) => source.Args.GetProperty(name);

    public int Int(string name) => Arg(name).GetInt32();

    public int Int(string name, int otherwise) => Has(name) ? Int(name) : otherwise;

    public float Float(string name) => (float)Fixture.Number(Arg(name));

    public float Float(string name, float otherwise) => Has(name) ? Float(name) : otherwise;

    public bool Bool(string name) => Arg(name).GetBoolean();

    public bool Bool(string name, bool otherwise) => Has(name) ? Bool(name) : otherwise;

    public string Text(string name) => Arg(name).GetString()!;

    /// <summary>Returns a list of whole numbers, empty where the case does not give it.</summary>
    public int[] Ints(string name) => Has(name) ? [.. Arg(name).EnumerateArray().Select(item => item.GetInt32())] : [];
}
