using System.Collections.Immutable;
using System.Text.Json;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Splitting;

/// <summary>What the npm package tiktoken gives: tiktoken.json, which make_tiktoken.mjs made.</summary>
internal static class TiktokenFixture
{
    private static readonly Lazy<JsonElement> _root = new(() => TestFiles.FixtureJson("tiktoken.json").RootElement);

    /// <summary>Texts worth looking at.</summary>
    public static ImmutableArray<string> Quoted { get; } = Texts(_root.Value.GetProperty("quoted"));

    /// <summary>The texts of <see cref="RandomText"/> for the seeds 1 to 1000.</summary>
    public static ImmutableArray<string> Random { get; } = Texts(_root.Value.GetProperty("random"));

    /// <summary>What random texts are made of.</summary>
    public static JsonElement Kinds => _root.Value.GetProperty("kinds");

    /// <summary>The code points that a pattern of one character matches.</summary>
    public static IEnumerable<(string Pattern, int[] Ranges)> Sets => _root.Value.GetProperty("sets").EnumerateObject()
        .Select(set => (set.Name, Numbers(set.Value)));

    /// <summary>The answers of one encoding.</summary>
    public static JsonElement Encoding(string name) => _root.Value.GetProperty("encodings").GetProperty(name);

    /// <summary>A list of numbers.</summary>
    public static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];

    private static ImmutableArray<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];
}
