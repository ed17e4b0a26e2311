namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>Random texts of the kinds in sentencepiece.json.</summary>
internal static class MixedText
{
    private static readonly RandomTexts _texts = new(SentencePieceFixture.Part("kinds").EnumerateArray()
        .Select(kind => RandomTexts.Kind.Read(kind[1], kind[2], kind[3])));

    /// <summary>The text of a seed other than 0.</summary>
    public static string Of(int seed) => _texts.Of(seed);
}
