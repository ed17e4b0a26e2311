namespace Nabla.Tokenizers;

/// <summary>Finds the compiled rules of a normalisation by its name.</summary>
internal static class NormalizationRules
{
    /// <summary>The same normalisation with its rules, which it may have already.</summary>
    /// <exception cref="TokenizerException">There are no rules of that name.</exception>
    public static SentencePieceNormalization Compiled(SentencePieceNormalization normalization)
    {
        if (!normalization.PrecompiledCharsMap.IsEmpty || normalization.Name == "identity")
        {
            return normalization;
        }

        if (normalization.Name == "nmt_nfkc")
        {
            return normalization with { PrecompiledCharsMap = NmtNfkcRules.Compiled };
        }

        throw new TokenizerException(
            $"SentencePieceTrainer: there are no rules of the name {normalization.Name}: use identity or nmt_nfkc.");
    }
}
