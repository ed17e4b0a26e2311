using System.Globalization;
using Nabla.Nn;

namespace Nabla.Language;

/// <summary>What a recurrent network does in each step.</summary>
public enum RecurrentKind
{
    /// <summary>One product and tanh: J. Elman, "Finding Structure in Time", 1990.</summary>
    Rnn,

    /// <summary>Gated recurrent units: Cho et al., 2014, arXiv:1406.1078.</summary>
    Gru,

    /// <summary>Long short-term memory: Hochreiter and Schmidhuber, 1997.</summary>
    Lstm,
}

/// <summary>The sizes of a <see cref="RecurrentModel"/>. The defaults are makemore's.</summary>
public sealed record RecurrentConfig : LanguageModelConfig
{
    internal const string Kind = "recurrent";

    /// <summary>Creates makemore's configuration.</summary>
    public RecurrentConfig() => ContextLength = 16;

    /// <summary>Gets what is done in each step.</summary>
    public RecurrentKind Cell { get; init; }

    /// <summary>Gets the length of a token's vector.</summary>
    public int EmbeddingSize { get; init; } = 64;

    /// <summary>Gets the size of the state that is carried along a row.</summary>
    public int Width { get; init; } = 64;

    /// <inheritdoc/>
    public override RecurrentModel Create(RandomGenerator? random = null, RandomGenerator? dropoutRandom = null) => new(this, random);

    /// <inheritdoc/>
    public override string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"{Cell.ToString().ToUpperInvariant()}, embedding {EmbeddingSize}, width {Width}, context {ContextLength}");

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        CheckPositive(("embedding", EmbeddingSize), ("width", Width));
    }
}

/// <summary>
/// A recurrent network: it reads a row token by token and carries along a state, from which the logits are made. Mikolov et al.,
/// "Recurrent Neural Network Based Language Model", Interspeech 2010.
/// </summary>
public sealed class RecurrentModel : LanguageModel
{
    private readonly Embedding _embedding;
    private readonly Layer _recurrence;
    private readonly Linear _head;

    /// <summary>Creates the model, its parameters as PyTorch's start.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="random">Where initial weights are drawn from; null for the default generator.</param>
    /// <exception cref="ArgumentException">The configuration makes no model.</exception>
    public RecurrentModel(RecurrentConfig config, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        Config = config;
        _embedding = AddModule("embedding", new Embedding(config.VocabularySize, config.EmbeddingSize, random));
        _recurrence = AddModule<Layer>("recurrence", config.Cell switch
        {
            RecurrentKind.Gru => new Gru(config.EmbeddingSize, config.Width, random: random),
            RecurrentKind.Lstm => new Lstm(config.EmbeddingSize, config.Width, random: random),
            _ => new Rnn(config.EmbeddingSize, config.Width, random: random),
        });
        _head = AddModule("head", new Linear(config.Width, config.VocabularySize, random: random));
    }

    /// <inheritdoc/>
    public override RecurrentConfig Config { get; }

    /// <inheritdoc/>
    public override Tensor Forward(IndexTensor ids)
    {
        CheckRows(ids);
        return _head.Forward(_recurrence.Forward(_embedding.Forward(ids)));
    }
}
