using System.Globalization;
using System.Text.Json;

namespace Nabla.Tests.Fixtures;

/// <summary>A tensor of a fixture file, in the double precision it was computed in.</summary>
internal sealed class FixtureTensor(Shape shape, double[] values)
{
    public Shape Shape { get; } = shape;

    public double[] Values { get; } = values;

    public static FixtureTensor Read(JsonElement element) => new(
        new Shape([.. element.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())]),
        [.. element.GetProperty("data").EnumerateArray().Select(Fixture.Number)]);

    /// <summary>Reads an object of tensors by name; none where the object is missing.</summary>
    public static IReadOnlyDictionary<string, FixtureTensor> ReadNamed(JsonElement parent, string property)
        => parent.TryGetProperty(property, out JsonElement found)
            ? found.EnumerateObject().ToDictionary(pair => pair.Name, pair => Read(pair.Value))
            : new Dictionary<string, FixtureTensor>();

    public float[] ToFloats() => Array.ConvertAll(Values, value => (float)value);

    public Tensor ToTensor()
    {
        Tensor result = Tensor.Zeros(Shape);
        result.CopyFrom(ToFloats());
        return result;
    }

    public IndexTensor ToIndexTensor() => IndexTensor.From(Array.ConvertAll(Values, value => (int)value)).View(Shape.AsSpan());

    /// <summary>Fails where an element is further from these numbers than <c>absolute + relative |expected|</c>.</summary>
    public void AssertClose(Tensor actual, string what, double relative = 1e-5, double absolute = 1e-6)
    {
        Assert.True(Shape == actual.Shape, $"{what}: the shape is {actual.Shape}, PyTorch's is {Shape}.");
        float[] values = actual.ToArray();
        (double worst, int at) = (0, -1);
        for (int i = 0; i < values.Length; i++)
        {
            double allowed = absolute + (relative * Math.Abs(Values[i]));

            // Equal first: the difference of two infinities is no number. A result that is NaN counts as infinitely wrong.
            double excess = values[i].Equals((float)Values[i]) ? 0 : Math.Abs(values[i] - Values[i]) / allowed;
            excess = double.IsNaN(excess) ? double.PositiveInfinity : excess;
            (worst, at) = excess > worst ? (excess, i) : (worst, at);
        }

        Assert.True(worst <= 1, at < 0 ? what : string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: element {IndexOf(at)} is {values[at]:R}, PyTorch has {Values[at]:R}: {worst:G3} times as far as allowed."));
    }

    private string IndexOf(int flat)
    {
        int[] index = new int[Shape.Rank];
        for (int dim = Shape.Rank - 1; dim >= 0; dim--)
        {
            (flat, index[dim]) = Math.DivRem(flat, Shape[dim]);
        }

        return $"[{string.Join(", ", index)}]";
    }
}
