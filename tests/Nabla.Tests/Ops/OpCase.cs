using System.Text.Json;
using Nabla.Tests.Fixtures;

namespace Nabla.Tests.Ops;

/// <summary>One case of an operation: its inputs, and the outputs and gradients that PyTorch computes from them.</summary>
internal sealed class OpCase(JsonElement json)
{
    public string Op { get; } = json.GetProperty("op").GetString()!;

    public string Name { get; } = json.GetProperty("case").GetString()!;

    /// <summary>Gets the float tensors, in the order of the method's arguments.</summary>
    public IReadOnlyDictionary<string, FixtureTensor> Inputs { get; } = FixtureTensor.ReadNamed(json, "inputs");

    /// <summary>Gets the whole-number tensors.</summary>
    public IReadOnlyDictionary<string, FixtureTensor> Ids { get; } = FixtureTensor.ReadNamed(json, "ids");

    public JsonElement Args { get; } = json.GetProperty("args");

    /// <summary>Gets the outputs: one, but of operations such as Unbind.</summary>
    public IReadOnlyList<FixtureTensor> Outputs { get; } = OneOrMore(json, "output");

    /// <summary>Gets the upstream gradient of each output.</summary>
    public IReadOnlyList<FixtureTensor> UpstreamGradients { get; } = OneOrMore(json, "dy");

    /// <summary>Gets the gradient of each input that has one.</summary>
    public IReadOnlyDictionary<string, FixtureTensor> Gradients { get; } = FixtureTensor.ReadNamed(json, "grads");

    /// <summary>Gets where the maxima or minima were found, of operations that say so.</summary>
    public FixtureTensor? Indices { get; }
        = json.TryGetProperty("indices", out JsonElement indices) ? FixtureTensor.Read(indices) : null;

    /// <summary>Gets the tolerance of a case in which float32 cannot reach the usual one, relative to 1 + |expected|.</summary>
    public double? Tolerance { get; }
        = json.TryGetProperty("tolerance", out JsonElement tolerance) ? tolerance.GetDouble() : null;

    private static FixtureTensor[] OneOrMore(JsonElement json, string property)
        => json.TryGetProperty(property, out JsonElement one)
            ? [FixtureTensor.Read(one)]
            : [.. json.GetProperty(property + "s").EnumerateArray().Select(FixtureTensor.Read)];
}
