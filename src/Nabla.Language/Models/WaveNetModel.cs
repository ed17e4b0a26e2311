using System.Numerics;
using Nabla.Nn;

namespace Nabla.Language;

/// <summary>
/// The sizes of a <see cref="WaveNetModel"/>, whose layers follow from its context. The defaults are the largest of the WaveNet
/// lecture, 76,579 parameters on names.
/// </summary>
public sealed record WaveNetConfig : WindowConfig
{
    internal const string Kind = "wavenet";

    /// <summary>Creates the lecture's configuration.</summary>
    public WaveNetConfig() => (ContextLength, EmbeddingSize, Width) = (8, 24, 128);

    /// <inheritdoc/>
    public override WaveNetModel Create(RandomGenerator? random = null, RandomGenerator? dropoutRandom = null) => new(this, random);

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (ContextLength < 2 || !BitOperations.IsPow2(ContextLength))
        {
            throw new ArgumentException(
                $"The model's context must be 2, 4, 8 or another power of two, not {ContextLength}: each layer joins two neighbours.");
        }
    }
}

/// <summary>
/// A tree over the last n tokens: each layer joins neighbours two by two, until one vector is left. The structure is that of
/// WaveNet (van den Oord et al., 2016, arXiv:1609.03499), without its gates and residual paths, as in the WaveNet lecture.
/// </summary>
/// <remarks>
/// A layer is a product without bias, batch normalisation and tanh. Products start as PyTorch's do; the head ten times smaller, so
/// that the first guess is nearly an even one. <see cref="ConvolutionModel"/> computes the same of all places of a row at once.
/// </remarks>
public sealed class WaveNetModel : WindowModel
{
    private readonly Embedding _embedding;
    private readonly Sequential _layers;

    /// <summary>Creates the model.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="random">Where initial weights are drawn from; null for the default generator.</param>
    /// <exception cref="ArgumentException">The configuration makes no model.</exception>
    public WaveNetModel(WaveNetConfig config, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        Config = config;
        _embedding = AddModule("embedding", new Embedding(config.VocabularySize, config.EmbeddingSize, random));
        List<Layer> layers = [];
        int inputs = config.EmbeddingSize;
        for (int places = config.ContextLength; places > 1; places /= 2)
        {
            Linear product = new(2 * inputs, config.Width, bias: false, random);
            layers.AddRange([new FlattenConsecutive(2), product, new BatchNorm1d(config.Width), new Tanh()]);
            inputs = config.Width;
        }

        Linear head = new(config.Width, config.VocabularySize, random: random);
        using (Tensor.NoGrad())
        {
            head.Weight.CopyInPlace(head.Weight * 0.1f);
        }

        layers.Add(head);
        _layers = AddModule("layers", new Sequential([.. layers]));
    }

    /// <inheritdoc/>
    public override WaveNetConfig Config { get; }

    /// <inheritdoc/>
    protected override Tensor Logits(IndexTensor windows) => _layers.Forward(_embedding.Forward(windows));
}
