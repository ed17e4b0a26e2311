namespace Nabla.Tokenizers;

/// <summary>How SentencePiece steps through UTF-8: by the first byte of a character alone.</summary>
internal static class Utf8Character
{
    /// <summary>The number of bytes of a character that begins so, 1 to 4.</summary>
    public static int Length(byte first) => first switch
    {
        < 0xC0 => 1,
        < 0xE0 => 2,
        < 0xF0 => 3,
        _ => 4,
    };
}
