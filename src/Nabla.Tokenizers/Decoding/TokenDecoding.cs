using System.Buffers;
using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>How all tokenizers turn ids back into text: first all bytes, then UTF-8.</summary>
public static class TokenDecoding
{
    private static readonly UTF8Encoding _replacing = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// The text that ids stand for, as <see cref="ITokenizer.Decode"/>, but refusing ids whose bytes are not valid UTF-8.
    /// </summary>
    /// <exception cref="TokenizerException">An id is outside the vocabulary, or the bytes are not valid UTF-8.</exception>
    public static string DecodeStrict(this ITokenizer tokenizer, ReadOnlySpan<int> ids)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        byte[] bytes = DecodeBytes(tokenizer, ids);
        Utf8Fault? fault = Utf8Fault.Find(bytes);
        return fault is null ? _replacing.GetString(bytes) : throw new TokenizerException(fault.Value.Message);
    }

    /// <summary>The bytes that ids stand for, which need not be valid UTF-8.</summary>
    /// <exception cref="TokenizerException">An id is outside the vocabulary.</exception>
    public static byte[] DecodeBytes(this ITokenizer tokenizer, ReadOnlySpan<int> ids)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var bytes = new ArrayBufferWriter<byte>(Math.Max(16, ids.Length * 4));
        foreach (var id in ids)
        {
            bytes.Write(tokenizer.TokenBytes(id));
        }

        ReadOnlySpan<byte> written = bytes.WrittenSpan;
        return tokenizer.DropsLeadingSpace && written is [(byte)' ', ..] ? written[1..].ToArray() : written.ToArray();
    }

    internal static string Decode(ITokenizer tokenizer, ReadOnlySpan<int> ids) => _replacing.GetString(DecodeBytes(tokenizer, ids));

    internal static TokenizerException OutsideVocabulary(int id, int size) => new(string.Create(CultureInfo.InvariantCulture,
        $"id {id} is outside the vocabulary: ids run from 0 to {size - 1}."));
}
