using System.Text.Json.Serialization;

namespace Nabla.Language;

/// <summary>The sizes and options of a <see cref="LanguageModel"/>: all that it takes to make one of the same form.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = KindProperty)]
[JsonDerivedType(typeof(BigramConfig), BigramConfig.Kind)]
[JsonDerivedType(typeof(MlpConfig), MlpConfig.Kind)]
[JsonDerivedType(typeof(DeepMlpConfig), DeepMlpConfig.Kind)]
[JsonDerivedType(typeof(WaveNetConfig), WaveNetConfig.Kind)]
[JsonDerivedType(typeof(ConvolutionConfig), ConvolutionConfig.Kind)]
[JsonDerivedType(typeof(RecurrentConfig), RecurrentConfig.Kind)]
[JsonDerivedType(typeof(BagOfWordsConfig), BagOfWordsConfig.Kind)]
[JsonDerivedType(typeof(GptConfig), GptConfig.Kind)]
public abstract record LanguageModelConfig
{
    /// <summary>The name of the entry that says which model a configuration in JSON is of.</summary>
    internal const string KindProperty = "kind";

    /// <summary>Gets the number of distinct tokens.</summary>
    [JsonPropertyOrder(-2)]
    public int VocabularySize { get; init; } = 27;

    /// <summary>Gets T, the number of tokens in a row of a batch, and the most that the model sees at once.</summary>
    [JsonPropertyOrder(-1)]
    public int ContextLength { get; init; } = 1;

    /// <summary>
    /// Gets how many tokens of a row are predicted, the last ones: all T for most models, and for one that looks through a window
    /// of fixed length those before which the row holds a whole window.
    /// </summary>
    [JsonIgnore]
    public virtual int TargetsPerRow => ContextLength;

    /// <summary>Creates the model.</summary>
    /// <param name="random">Where initial weights are drawn from; null for the default generator.</param>
    /// <param name="dropoutRandom">Where dropout masks are drawn from; null for the default generator.</param>
    /// <exception cref="ArgumentException">The configuration makes no model.</exception>
    public abstract LanguageModel Create(RandomGenerator? random = null, RandomGenerator? dropoutRandom = null);

    /// <summary>Returns the same sizes for a text.</summary>
    /// <param name="vocabularySize">The number of its distinct tokens.</param>
    /// <param name="boundaryId">The token between its documents; null for running text, which has none.</param>
    public virtual LanguageModelConfig For(int vocabularySize, int? boundaryId) => this with { VocabularySize = vocabularySize };

    /// <summary>Returns the sizes in words, such as <c>4 layers, 4 heads, width 64, context 32</c>.</summary>
    public abstract string Describe();

    /// <summary>Throws unless the sizes make a model.</summary>
    /// <exception cref="ArgumentException">A size is not positive, or the options contradict each other.</exception>
    public virtual void Validate() => CheckPositive(("vocabulary size", VocabularySize), ("context", ContextLength));

    /// <summary>Throws for the first size that is below 1.</summary>
    private protected static void CheckPositive(params ReadOnlySpan<(string Name, int Value)> sizes)
    {
        foreach ((string name, int value) in sizes)
        {
            if (value < 1)
            {
                throw new ArgumentException($"The model's {name} must be at least 1, not {value}.");
            }
        }
    }
}
