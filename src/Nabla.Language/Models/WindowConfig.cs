using System.Globalization;
using System.Text.Json.Serialization;

namespace Nabla.Language;

/// <summary>The sizes of a <see cref="WindowModel"/>. The window is <see cref="LanguageModelConfig.ContextLength"/> tokens.</summary>
public abstract record WindowConfig : LanguageModelConfig
{
    /// <summary>Gets the length of a token's vector.</summary>
    public int EmbeddingSize { get; init; } = 10;

    /// <summary>Gets the number of units in a hidden layer.</summary>
    public int Width { get; init; } = 200;

    /// <summary>
    /// Gets the token between documents: what lies before it is not seen, but it again in every place; null for running text.
    /// </summary>
    public int? BoundaryId { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override int TargetsPerRow => 1;

    /// <inheritdoc/>
    public override LanguageModelConfig For(int vocabularySize, int? boundaryId)
        => this with { VocabularySize = vocabularySize, BoundaryId = boundaryId };

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
