using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// Turns ids into text as they come, and never gives out a part of a character: bytes that the next token may complete are
/// held back. One instance serves one stream.
/// </summary>
public sealed class StreamingDecoder(ITokenizer tokenizer)
{
    private readonly Decoder _decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetDecoder();
    private bool _started;

    /// <summary>Takes an id and returns the text that is now certain, which may be empty.</summary>
    /// <exception cref="TokenizerException">The id is outside the vocabulary.</exception>
    public string Add(int id) => Convert(tokenizer.TokenBytes(id), flush: false);

    /// <summary>Returns what was held back, at the end of the ids: U+FFFD for an unfinished character, else nothing.</summary>
    public string Finish() => Convert([], flush: true);

    private string Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        if (!_started && !bytes.IsEmpty)
        {
            _started = true;
            bytes = tokenizer.DropsLeadingSpace && bytes[0] == (byte)' ' ? bytes[1..] : bytes;
        }

        Span<char> units = bytes.Length < 128 ? stackalloc char[bytes.Length + 4] : new char[bytes.Length + 4];
        return new string(units[.._decoder.GetChars(bytes, units, flush)]);
    }
}
