using System.Text.Json;

namespace Nabla.Tests.Fixtures;

/// <summary>Reads the numbers that PyTorch made; tests/Fixtures/README.md describes the files.</summary>
internal static class Fixture
{
    /// <summary>Returns where a fixture file lies beside the tests.</summary>
    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", file);

    /// <summary>Returns the list <c>cases</c> of a fixture file.</summary>
    public static IReadOnlyList<JsonElement> Cases(string file)
    {
        using FileStream stream = File.OpenRead(PathOf(file));
        return [.. JsonDocument.Parse(stream).RootElement.GetProperty("cases").EnumerateArray()];
    }

    /// <summary>Returns a number, which is a string where it is not finite.</summary>
    public static double Number(JsonElement element) => element.ValueKind != JsonValueKind.String ? element.GetDouble()
        : element.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            string other => throw new FormatException($"'{other}' is not a number of a fixture."),
            null => throw new FormatException("A number of a fixture is null."),
        };
}
