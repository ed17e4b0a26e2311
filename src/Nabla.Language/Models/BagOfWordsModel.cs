using System.Globalization;
using Nabla.Nn;

namespace Nabla.Language;

/// <summary>The sizes of a <see cref="BagOfWordsModel"/>. The defaults are makemore's.</summary>
public sealed record BagOfWordsConfig : LanguageModelConfig
{
    internal const string Kind = "bow";

    /// <summary>Creates makemore's configuration.</summary>
    public BagOfWordsConfig() => ContextLength = 16;

    /// <summary>Gets the length of a token's vector.</summary>
    public int EmbeddingSize { get; init; } = 64;

    /// <summary>Gets the number of units in the hidden layer.</summary>
    public int Width { get; init; } = 64;

    /// <inheritdoc/>
    public override BagOfWordsModel Create(RandomGenerator? random = null, RandomGenerator? dropoutRandom = null) => new(this, random);

    /// <inheritdoc/>
    public override string Describe()
        => string.Create(CultureInfo.InvariantCulture, $"embedding {EmbeddingSize}, width {Width}, context {ContextLength}");

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        CheckPositive(("embedding", EmbeddingSize), ("width", Width));
    }
}

/// <summary>
/// The mean of the vectors of all tokens so far, whatever their order but for the position that each vector carries, then a small
/// MLP; both add to the token's own vector. It is attention that attends to everything alike: makemore's causal bag of words.
/// </summary>
public sealed class BagOfWordsModel : LanguageModel
{
    private readonly Embedding _tokens;
    private readonly Embedding _positions;
    private readonly Sequential _mlp;
    private readonly Linear _head;

    /// <summary>Creates the model.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="random">Where initial weights are drawn from; null for the default generator.</param>
    /// <exception cref="ArgumentException">The configuration makes no model.</exception>
    public BagOfWordsModel(BagOfWordsConfig config, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        Config = config;
        (int size, int width) = (config.EmbeddingSize, config.Width);
        _tokens = AddModule("tokens", new Embedding(config.VocabularySize, size, random));
        _positions = AddModule("positions", new Embedding(config.ContextLength, size, random));
        _mlp = AddModule("mlp", new Sequential(
            new Linear(size, width, random: random), new Tanh(), new Linear(width, size, random: random)));
        _head = AddModule("head", new Linear(size, config.VocabularySize, random: random));
    }

    /// <inheritdoc/>
    public override BagOfWordsConfig Config { get; }

    /// <inheritdoc/>
    public override Tensor Forward(IndexTensor ids)
    {
        CheckRows(ids, ContextLength);
        int length = ids.Shape[1];
        Tensor x = _tokens.Forward(ids) + _positions.Weight[..length]; // [B, T, C]
        Tensor counts = Tensor.Arange(1, length + 1).View(length, 1);
        x += x.CumSum(1) / counts;
        x += _mlp.Forward(x);
        return _head.Forward(x);
    }
}
