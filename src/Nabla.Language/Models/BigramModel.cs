using System.Globalization;
using Nabla.Nn;

namespace Nabla.Language;

/// <summary>The sizes of a <see cref="BigramModel"/>.</summary>
public sealed record BigramConfig : LanguageModelConfig
{
    internal const string Kind = "bigram";

    /// <summary>Creates the configuration.</summary>
    public BigramConfig() => ContextLength = 16;

    /// <inheritdoc/>
    public override BigramModel Create(RandomGenerator? random = null, RandomGenerator? dropoutRandom = null) => new(this);

    /// <inheritdoc/>
    public override string Describe()
        => string.Create(CultureInfo.InvariantCulture, $"table of {VocabularySize} x {VocabularySize}, rows of {ContextLength}");
}

/// <summary>
/// The next token from the last one alone: a table of logits, [V, V], that learns by gradients what
/// <see cref="Data.CountedBigram"/> counts. It starts from an even guess.
/// </summary>
public sealed class BigramModel : LanguageModel
{
    private readonly Embedding _table;

    /// <summary>Creates the model.</summary>
    /// <exception cref="ArgumentException">The configuration makes no model.</exception>
    public BigramModel(BigramConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        Config = config;
        _table = AddModule("table", new Embedding(config.VocabularySize, config.VocabularySize));
        using (Tensor.NoGrad())
        {
            _table.Weight.FillInPlace(0);
        }
    }

    /// <inheritdoc/>
    public override BigramConfig Config { get; }

    /// <inheritdoc/>
    public override Tensor Forward(IndexTensor ids)
    {
        CheckRows(ids);
        return _table.Forward(ids);
    }
}
