using System.Text;

namespace Nabla.Tokenizers;

/// <summary>Strings of protobuf messages, which must be valid UTF-8.</summary>
internal static class ProtobufText
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="TokenizerException">The bytes are not UTF-8.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new TokenizerException($"a text in a SentencePiece file: {Utf8Fault.Find(bytes)?.Message}", exception);
        }
    }
}
