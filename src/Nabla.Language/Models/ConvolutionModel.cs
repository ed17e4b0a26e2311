using System.Globalization;
using System.Text.Json.Serialization;
using Nabla.Nn;

namespace Nabla.Language;

/// <summary>
/// The sizes of a <see cref="ConvolutionModel"/>. The defaults are those of <see cref="WaveNetConfig"/>, in rows of 16 tokens.
/// </summary>
public sealed record ConvolutionConfig : LanguageModelConfig
{
    internal const string Kind = "convolution";

    /// <summary>Creates the default configuration.</summary>
    public ConvolutionConfig() => ContextLength = 16;

    /// <summary>Gets the length of a token's vector.</summary>
    public int EmbeddingSize { get; init; } = 24;

    /// <summary>Gets the number of channels of a layer.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Gets the number of layers, of dilations 1, 2, 4, ....</summary>
    public int LayerCount { get; init; } = 3;

    /// <summary>Gets how many tokens a prediction sees: 2 to the number of layers.</summary>
    [JsonIgnore]
    public int ReceptiveField => 1 << LayerCount;

    /// <inheritdoc/>
    public override ConvolutionModel Create(RandomGenerator? random = null, RandomGenerator? dropoutRandom = null) => new(this, random);

    /// <inheritdoc/>
    public override string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"{LayerCount} layers, embedding {EmbeddingSize}, width {Width}, {ReceptiveField} seen in rows of {ContextLength}");

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        CheckPositive(("layers", LayerCount), ("embedding", EmbeddingSize), ("width", Width));
        if (LayerCount > 20 || ContextLength < ReceptiveField)
        {
            throw new ArgumentException(
                $"The model's context ({ContextLength}) must hold what its {LayerCount} layers see, 2^{LayerCount} tokens: "
                + "enlarge the context, or take fewer layers.");
        }
    }
}

/// <summary>
/// Causal convolutions of two taps whose distance doubles from layer to layer, with batch normalisation and tanh: in every place
/// the tree of <see cref="WaveNetModel"/>, with what neighbouring trees share computed once. Van den Oord et al., "WaveNet", 2016,
/// arXiv:1609.03499.
/// </summary>
public sealed class ConvolutionModel : LanguageModel
{
    private readonly Embedding _embedding;
    private readonly ModuleList<Level> _levels;
    private readonly Linear _head;

    /// <summary>Creates the model.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="random">Where initial weights are drawn from; null for the default generator.</param>
    /// <exception cref="ArgumentException">The configuration makes no model.</exception>
    public ConvolutionModel(ConvolutionConfig config, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        Config = config;
        _embedding = AddModule("embedding", new Embedding(config.VocabularySize, config.EmbeddingSize, random));
        _levels = AddModule("levels", new ModuleList<Level>(Enumerable.Range(0, config.LayerCount).Select(
            level => new Level(level == 0 ? config.EmbeddingSize : config.Width, config.Width, 1 << level, random))));
        _head = AddModule("head", new Linear(config.Width, config.VocabularySize, random: random));
        using (Tensor.NoGrad())
        {
            _head.Weight.CopyInPlace(_head.Weight * 0.1f);
        }
    }

    /// <inheritdoc/>
    public override ConvolutionConfig Config { get; }

    /// <inheritdoc/>
    public override Tensor Forward(IndexTensor ids)
    {
        CheckRows(ids);

        // Before the row there is token 0, as in front of a window that is not filled.
        IndexTensor before = IndexTensor.Zeros(ids.Shape[0], Config.ReceptiveField - 1);
        Tensor x = _embedding.Forward(IndexTensor.Cat([before, ids], 1));
        foreach (Level level in _levels)
        {
            x = level.Forward(x);
        }

        return _head.Forward(x);
    }

    /// <summary>One level of all the trees.</summary>
    private sealed class Level : Layer
    {
        private readonly int _dilation;
        private readonly CausalConv1d _convolution;
        private readonly BatchNorm1d _norm;
        private readonly Tanh _tanh;

        public Level(int inputs, int outputs, int dilation, RandomGenerator? random)
        {
            _dilation = dilation;
            _convolution = AddModule("convolution", new CausalConv1d(inputs, outputs, 2, dilation, bias: false, random));
            _norm = AddModule("norm", new BatchNorm1d(outputs));
            _tanh = AddModule("tanh", new Tanh());
        }

        // The first outputs saw the zeros before the row, which are no token's vector: they go, which leaves T after the last level.
        public override Tensor Forward(Tensor x) => _tanh.Forward(_norm.Forward(_convolution.Forward(x)[.., _dilation..]));
    }
}
