namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>The lecture's text for SentencePiece, its description of itself, and options.</summary>
internal static class ToyText
{
    /// <summary>The text.</summary>
    public static string Text { get; } = SentencePieceFixture.Part("toy")[0].GetString()!;

    /// <summary>The options that the lecture copies from Llama 2, for a vocabulary of 400.</summary>
    public static SentencePieceTrainingOptions Options { get; } = new()
    {
        VocabularySize = 400,
        CharacterCoverage = 0.99995f,
        ByteFallback = true,
        SplitDigits = true,
        AllowWhitespaceOnlyPieces = true,
        InputSentenceSize = 200_000_000,
        Normalization = SentencePieceNormalization.Identity,
    };

    /// <summary>Trains on the text, with the options or others.</summary>
    public static SentencePieceTokenizer Train(SentencePieceTrainingOptions? options = null, string? text = null) =>
        new(SentencePieceTrainer.Train([text ?? Text], options ?? Options));

    /// <summary>The pieces of a text, as SentencePiece shows them.</summary>
    public static string PiecesOf(this SentencePieceTokenizer tokenizer, string text) =>
        string.Join(' ', tokenizer.Encode(text).Select(tokenizer.PieceOf));
}
