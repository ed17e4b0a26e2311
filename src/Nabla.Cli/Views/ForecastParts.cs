using Nabla.Language;

namespace Nabla.Cli.Views;

/// <summary>The kinds that parameters and memory come in, by the names that a forecast shows.</summary>
internal static class ForecastParts
{
    /// <summary>Returns the parameters by kind.</summary>
    public static IReadOnlyList<(string Name, long Count)> Of(GptParameters parameters) =>
    [
        ("embedding", parameters.TokenEmbedding),
        ("positions", parameters.PositionEmbedding),
        ("attention", parameters.Attention),
        ("mlp", parameters.Mlp),
        ("norms", parameters.Norms),
        ("head", parameters.Head),
    ];

    /// <summary>Returns the memory by kind.</summary>
    public static IReadOnlyList<(string Name, long Bytes)> Of(TrainingMemory memory) =>
    [
        ("weights", memory.Weights),
        ("gradients", memory.Gradients),
        ("moments", memory.Moments),
        ("activations", memory.Activations),
        ("logits", memory.Logits),
        ("backward", memory.Backward),
        ("overhead", memory.Overhead),
    ];
}
