using Nabla.Diagnostics;

namespace Nabla.Cli.Diagnosing;

/// <summary>Layers of one kind that differ only in how deep they lie, to be drawn over each other.</summary>
/// <param name="Name">Their path with a star for each number, and their kind.</param>
/// <param name="Layers">The layers, from first to last.</param>
internal sealed record LayerGroup(string Name, IReadOnlyList<LayerStatistics> Layers)
{
    // More lines cannot be told apart.
    private const int Most = 6;

    /// <summary>Puts layers into groups, in the order of their first ones.</summary>
    public static IReadOnlyList<LayerGroup> Of(IReadOnlyList<LayerStatistics> layers)
        => [.. layers.GroupBy(NameOf).Select(group => new LayerGroup(group.Key, Spread([.. group], Most)))];

    /// <summary>Returns a layer's path and kind.</summary>
    public static string Label(LayerStatistics layer) => layer.Name.Length == 0 ? layer.Kind : $"{layer.Name} {layer.Kind}";

    /// <summary>Returns at most so many of the items, with the first and the last, evenly spread.</summary>
    public static T[] Spread<T>(IReadOnlyList<T> items, int most)
        => items.Count <= most ? [.. items] : [.. Enumerable.Range(0, most).Select(i => items[i * (items.Count - 1) / (most - 1)])];

    private static string NameOf(LayerStatistics layer)
    {
        IEnumerable<string> parts = layer.Name.Split('.').Select(part => part.All(char.IsAsciiDigit) ? "*" : part);
        return layer.Name.Length == 0 ? layer.Kind : $"{string.Join('.', parts)} {layer.Kind}";
    }
}
