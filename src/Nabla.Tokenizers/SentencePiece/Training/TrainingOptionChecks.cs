using System.Globalization;

namespace Nabla.Tokenizers;

/// <summary>Refuses training options that have no sense, in SentencePiece's limits.</summary>
internal static class TrainingOptionChecks
{
    /// <exception cref="TokenizerException">An option is outside of its limits.</exception>
    public static void Check(SentencePieceTrainingOptions options)
    {
        Require(options.ModelType == SentencePieceModelType.Bpe, "ModelType", options.ModelType, "Bpe: no other is trained here");
        Require(options.VocabularySize > 0, "VocabularySize", options.VocabularySize, "above 0");
        Require(options.CharacterCoverage is >= 0.98f and <= 1, "CharacterCoverage", options.CharacterCoverage, "0.98 to 1");
        var (piece, sentence, size) = (options.MaxSentencePieceLength, options.MaxSentenceLength, options.InputSentenceSize);
        Require(piece is >= 1 and <= 512, "MaxSentencePieceLength", piece, "1 to 512");
        Require(sentence is >= 10 and <= 1 << 30, "MaxSentenceLength", sentence, "10 to 1073741824");
        Require(size is <= 0 or > 100, "InputSentenceSize", size, "0 for all, or above 100");
        Require(options.Normalization.EscapeWhitespaces, "EscapeWhitespaces", false, "true: pieces write spaces as U+2581");
    }

    private static void Require(bool holds, string option, object value, string rule)
    {
        if (!holds)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"SentencePieceTrainer: {option} is {value}: it must be {rule}."));
        }
    }
}
