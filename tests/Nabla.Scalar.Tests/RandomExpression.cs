using System.Globalization;
using System.Text.Json;
using Nabla.Tests;

namespace Nabla.Scalar.Tests;

/// <summary>One of the expressions of tests/Fixtures/scalar.json, with PyTorch's result and gradients.</summary>
internal sealed class RandomExpression
{
    private static readonly Lazy<RandomExpression[]> _all = new(Read);

    private readonly string[][] _steps;

    private RandomExpression(JsonElement element)
    {
        Leaves = [.. element.GetProperty("leaves").EnumerateArray().Select(leaf => leaf.GetDouble())];
        Text = element.GetProperty("steps").GetString()!;
        Value = element.GetProperty("value").GetDouble();
        Gradients = [.. element.GetProperty("grads").EnumerateArray().Select(gradient => gradient.GetDouble())];
        _steps = [.. Text.Split(", ").Select(step => step.Split(' '))];
    }

    public static IReadOnlyList<RandomExpression> All => _all.Value;

    public double[] Leaves { get; }

    public string Text { get; }

    public double Value { get; }

    public double[] Gradients { get; }

    /// <summary>Computes the expression on values.</summary>
    /// <param name="leaves">What to begin with.</param>
    /// <param name="onUse">What to do with a value each time that an operation uses it; nothing if none is given.</param>
    /// <param name="onResult">What to do with the result of each operation; nothing if none is given.</param>
    public Value Compute(
        Value[] leaves,
        Func<Value, Value>? onUse = null,
        Func<Value, Value>? onResult = null) => Compute(leaves, (step, values) =>
    {
        values = onUse is null ? values : Array.ConvertAll(values, value => onUse(value));
        Value result = step switch
        {
            ["+", ..] => values[0] + values[1],
            ["-", ..] => values[0] - values[1],
            ["*", ..] => values[0] * values[1],
            ["/", ..] => values[0] / values[1],
            ["neg", _] => -values[0],
            ["exp", _] => values[0].Exp(),
            ["log", _] => values[0].Log(),
            ["tanh", _] => values[0].Tanh(),
            ["relu", _] => values[0].Relu(),
            ["pow", _, string exponent] => values[0].Pow(Number(exponent)),
            _ => Number(step[0]),
        };
        return onResult is null ? result : onResult(result);
    });

    /// <summary>Computes the expression on tensors of one element.</summary>
    public Tensor Compute(Tensor[] leaves) => Compute(leaves, (step, values) => step switch
    {
        ["+", ..] => values[0] + values[1],
        ["-", ..] => values[0] - values[1],
        ["*", ..] => values[0] * values[1],
        ["/", ..] => values[0] / values[1],
        ["neg", _] => -values[0],
        ["exp", _] => values[0].Exp(),
        ["log", _] => values[0].Log(),
        ["tanh", _] => values[0].Tanh(),
        ["relu", _] => values[0].Relu(),
        ["pow", _, string exponent] => values[0].Pow((float)Number(exponent)),
        _ => Tensor.Scalar((float)Number(step[0])),
    });

    private T Compute<T>(T[] leaves, Func<string[], T[], T> apply)
    {
        List<T> values = [.. leaves];
        foreach (string[] step in _steps)
        {
            int inputs = step.Length == 1 ? 0 : step[0] is "+" or "-" or "*" or "/" ? 2 : 1;
            IEnumerable<int> places = step.Skip(1).Take(inputs).Select(place => int.Parse(place, CultureInfo.InvariantCulture));
            values.Add(apply(step, [.. places.Select(place => values[place])]));
        }

        return values[^1];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static RandomExpression[] Read()
    {
        using JsonDocument file = TestFiles.FixtureJson("scalar.json");
        return [.. file.RootElement.GetProperty("cases").EnumerateArray().Select(element => new RandomExpression(element))];
    }
}
