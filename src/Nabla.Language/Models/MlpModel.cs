using Nabla.Nn;

namespace Nabla.Language;

/// <summary>The sizes of an <see cref="MlpModel"/>. The defaults are the MLP lecture's, 11,897 parameters on names.</summary>
public sealed record MlpConfig : WindowConfig
{
    internal const string Kind = "mlp";

    /// <summary>Creates the lecture's configuration.</summary>
    public MlpConfig() => ContextLength = 3;

    /// <inheritdoc/>
    public override MlpModel Create(RandomGenerator? random = null, RandomGenerator? dropoutRandom = null) => new(this, random);
}

/// <summary>
/// The vectors of the last n tokens side by side, one hidden layer with tanh, and logits. Bengio, Ducharme, Vincent and Jauvin, "A
/// Neural Probabilistic Language Model", Journal of Machine Learning Research 3, 2003.
/// </summary>
/// <remarks>
/// The weights start as in the lecture on activations: the hidden layer by Kaiming for tanh with almost no bias, the head so small
/// that the first guess is an even one.
/// </remarks>
public sealed class MlpModel : WindowModel
{
    private readonly Embedding _embedding;
    private readonly Sequential _layers;

    /// <summary>Creates the model.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="random">Where initial weights are drawn from; null for the default generator.</param>
    /// <exception cref="ArgumentException">The configuration makes no model.</exception>
    public MlpModel(MlpConfig config, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        Config = config;
        _embedding = AddModule("embedding", new Embedding(config.VocabularySize, config.EmbeddingSize, random));
        Linear hidden = new(config.ContextLength * config.EmbeddingSize, config.Width, random: random);
        Linear head = new(config.Width, config.VocabularySize, random: random);
        _layers = AddModule("layers", new Sequential(new Flatten(), hidden, new Tanh(), head));
        Initialization.KaimingNormal(hidden.Weight, nonlinearity: Nonlinearity.Tanh, generator: random);
        Initialization.Normal(hidden.Bias!, 0, 0.01, random);
        Initialization.Normal(head.Weight, 0, 0.01, random);
        using (Tensor.NoGrad())
        {
            head.Bias!.FillInPlace(0);
        }
    }

    /// <inheritdoc/>
    public override MlpConfig Config { get; }

    /// <inheritdoc/>
    protected override Tensor Logits(IndexTensor windows) => _layers.Forward(_embedding.Forward(windows));
}
