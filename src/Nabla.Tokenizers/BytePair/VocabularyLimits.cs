namespace Nabla.Tokenizers;

/// <summary>
/// What a vocabulary may ask for at most. Files come from anywhere, and a line of ten characters can name an id of two
/// thousand million, or thirty merges a token of a gigabyte: these bounds are far above every published tokenizer.
/// </summary>
internal static class VocabularyLimits
{
    /// <summary>The highest id.</summary>
    public const int MaxId = (1 << 24) - 1;

    /// <summary>The bytes of all tokens together.</summary>
    public const int MaxTokenBytes = 64 << 20;

    /// <summary>How many ids may stand for nothing, beside one for each token.</summary>
    public const int MaxGap = 1 << 16;
}
