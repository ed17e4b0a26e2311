namespace Nabla.Language;

/// <summary>The trainable numbers of a <see cref="Gpt"/> by kind, counted from its sizes without making it.</summary>
/// <param name="TokenEmbedding">V C: a vector for each token; tied, it is the head's weight too.</param>
/// <param name="PositionEmbedding">T C: a vector for each place.</param>
/// <param name="Attention">Queries, keys, values and the projection back, of all blocks.</param>
/// <param name="Mlp">The expansion and the projection back, of all blocks.</param>
/// <param name="Norms">The gains and shifts of all norms.</param>
/// <param name="Head">A head of its own, or its bias; 0 where it is tied.</param>
public sealed record GptParameters(
    long TokenEmbedding, long PositionEmbedding, long Attention, long Mlp, long Norms, long Head)
{
    /// <summary>Gets all of them together.</summary>
    public long Total => TokenEmbedding + PositionEmbedding + Attention + Mlp + Norms + Head;

    /// <summary>Gets those that a token is multiplied with, each once: the blocks' matrices and the head's.</summary>
    public long Multiplied { get; private init; }

    /// <summary>Counts those of a model.</summary>
    /// <param name="config">Its sizes.</param>
    public static GptParameters Of(GptConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        (long vocabulary, long context) = (config.VocabularySize, config.ContextLength);
        (long layers, long width) = (config.LayerCount, config.Width);
        long bias = config.Bias ? 1 : 0;
        long attentionBias = config.AttentionBias ? 1 : 0;
        long head = config.TieWeights ? 0 : vocabulary * width;
        return new GptParameters(
            vocabulary * width,
            context * width,
            layers * ((4 * width * width) + (attentionBias * 3 * width) + (bias * width)),
            layers * ((8 * width * width) + (bias * 5 * width)),
            ((2 * layers) + 1) * (1 + bias) * width,
            head + (config.HeadBias ? vocabulary : 0))
        {
            Multiplied = (layers * 12 * width * width) + (vocabulary * width),
        };
    }
}
