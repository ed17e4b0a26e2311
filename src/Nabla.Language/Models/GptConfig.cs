using System.Globalization;

namespace Nabla.Language;

/// <summary>The nonlinearity of a GPT's MLP.</summary>
public enum Activation
{
    /// <summary>max(0, x), as in the paper and the lecture.</summary>
    Relu,

    /// <summary>GELU in its tanh form, as in GPT-2.</summary>
    Gelu,

    /// <summary>GELU by the error function.</summary>
    GeluExact,
}

/// <summary>How the weights of a GPT start.</summary>
public enum GptInitialization
{
    /// <summary>N(0, 0.02), projections into the residual stream divided by sqrt(2 LayerCount), biases 0: as GPT-2.</summary>
    Gpt2,

    /// <summary>Each layer's own default, which is PyTorch's.</summary>
    LayerDefault,
}

/// <summary>The sizes and options of a <see cref="Gpt"/>. The defaults are GPT-2's of 124 million parameters.</summary>
public sealed record GptConfig : LanguageModelConfig
{
    internal const string Kind = "gpt";

    /// <summary>Creates the configuration of GPT-2's smallest.</summary>
    public GptConfig() => (VocabularySize, ContextLength) = (50257, 1024);

    /// <summary>
    /// Gets the largest model of the lecture "Let's build GPT" (A. Karpathy, 2023), of 10,788,929 parameters on the 65 characters of
    /// tiny Shakespeare.
    /// </summary>
    public static GptConfig Lecture { get; } = new()
    {
        VocabularySize = 65,
        ContextLength = 256,
        LayerCount = 6,
        HeadCount = 6,
        Width = 384,
        Dropout = 0.2f,
        Activation = Activation.Relu,
        AttentionBias = false,
        TieWeights = false,
        HeadBias = true,
    };

    /// <summary>Gets the small one, of 209,729 parameters, for a CPU.</summary>
    public static GptConfig SmallLecture { get; } = Lecture with
    {
        ContextLength = 32,
        LayerCount = 4,
        HeadCount = 4,
        Width = 64,
        Dropout = 0,
        Initialization = GptInitialization.LayerDefault,
    };

    /// <summary>Gets the number of blocks.</summary>
    public int LayerCount { get; init; } = 12;

    /// <summary>Gets the number of attention heads in a block; it divides <see cref="Width"/>.</summary>
    public int HeadCount { get; init; } = 12;

    /// <summary>Gets the length of a token's vector on the residual stream.</summary>
    public int Width { get; init; } = 768;

    /// <summary>Gets the share of values dropped in training.</summary>
    public float Dropout { get; init; }

    /// <summary>Gets whether norms and the layers that write to the residual stream have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Gets whether queries, keys and values have biases. GPT-2's have, the lecture's have not.</summary>
    public bool AttentionBias { get; init; } = true;

    /// <summary>Gets whether the head has a bias. The lecture's has, GPT-2's has not.</summary>
    public bool HeadBias { get; init; }

    /// <summary>Gets whether the head's weight is the token embedding's.</summary>
    public bool TieWeights { get; init; } = true;

    /// <summary>Gets the nonlinearity of the MLP.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Gets how the weights start.</summary>
    public GptInitialization Initialization { get; init; } = GptInitialization.Gpt2;

    /// <summary>
    /// Gets whether training keeps only what goes from block to block, and backward computes the inside of each block again: for long
    /// contexts, a fraction of the memory for a third more time, and the same bits.
    /// </summary>
    public bool Recompute { get; init; }

    /// <inheritdoc/>
    public override Gpt Create(RandomGenerator? random = null, RandomGenerator? dropoutRandom = null)
        => new(this, random, dropoutRandom);

    /// <inheritdoc/>
    public override string Describe() => string.Create(
        CultureInfo.InvariantCulture, $"{LayerCount} layers, {HeadCount} heads, width {Width}, context {ContextLength}");

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        CheckPositive(("layers", LayerCount), ("heads", HeadCount), ("width", Width));
        if (Width % HeadCount != 0)
        {
            throw new ArgumentException(
                $"The model's width ({Width}) is not divisible by its heads ({HeadCount}): each head takes an equal part of the width.");
        }

        if (!(Dropout >= 0 && Dropout < 1))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The model's dropout must be from 0 to below 1, not {Dropout}."));
        }

        if (TieWeights && HeadBias)
        {
            throw new ArgumentException("A head that shares the embedding's weight has no bias; switch weight tying or the head's bias off.");
        }
    }
}
