using System.Globalization;
using Nabla.Nn;

namespace Nabla.Language;

/// <summary>
/// The sizes of a <see cref="DeepMlpModel"/>. The defaults are those of the lecture on batch normalisation, 47,024 parameters on
/// names.
/// </summary>
public sealed record DeepMlpConfig : WindowConfig
{
    internal const string Kind = "deep";

    /// <summary>Creates the lecture's configuration.</summary>
    public DeepMlpConfig() => (ContextLength, Width) = (3, 100);

    /// <summary>Gets the number of hidden layers.</summary>
    public int LayerCount { get; init; } = 5;

    /// <inheritdoc/>
    public override DeepMlpModel Create(RandomGenerator? random = null, RandomGenerator? dropoutRandom = null) => new(this, random);

    /// <inheritdoc/>
    public override string Describe() => string.Create(CultureInfo.InvariantCulture, $"{LayerCount} layers, {base.Describe()}");

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        CheckPositive(("layers", LayerCount));
    }
}

/// <summary>
/// An MLP of many layers that batch normalisation makes trainable: after the vectors of the last n tokens side by side, layers of
/// a product, a normalisation and tanh, and a normalised head. Ioffe and Szegedy, "Batch Normalization", 2015, arXiv:1502.03167.
/// </summary>
/// <remarks>
/// The weights start by Kaiming for tanh; the scale of the last normalisation at 0.1, so that the first guess is nearly an even
/// one. No product has a bias: the normalisation behind it would take it away again.
/// </remarks>
public sealed class DeepMlpModel : WindowModel
{
    private readonly Embedding _embedding;
    private readonly Sequential _layers;

    /// <summary>Creates the model.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="random">Where initial weights are drawn from; null for the default generator.</param>
    /// <exception cref="ArgumentException">The configuration makes no model.</exception>
    public DeepMlpModel(DeepMlpConfig config, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        Config = config;
        _embedding = AddModule("embedding", new Embedding(config.VocabularySize, config.EmbeddingSize, random));
        List<Layer> layers = [new Flatten()];
        int inputs = config.ContextLength * config.EmbeddingSize;
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            layers.AddRange([Product(inputs, config.Width, random), new BatchNorm1d(config.Width), new Tanh()]);
            inputs = config.Width;
        }

        BatchNorm1d last = new(config.VocabularySize);
        using (Tensor.NoGrad())
        {
            last.Weight!.FillInPlace(0.1f);
        }

        layers.AddRange([Product(inputs, config.VocabularySize, random), last]);
        _layers = AddModule("layers", new Sequential([.. layers]));
    }

    /// <inheritdoc/>
    public override DeepMlpConfig Config { get; }

    /// <inheritdoc/>
    protected override Tensor Logits(IndexTensor windows) => _layers.Forward(_embedding.Forward(windows));

    private static Linear Product(int inputs, int outputs, RandomGenerator? random)
    {
        Linear product = new(inputs, outputs, bias: false, random);
        Initialization.KaimingNormal(product.Weight, nonlinearity: Nonlinearity.Tanh, generator: random);
        return product;
    }
}
