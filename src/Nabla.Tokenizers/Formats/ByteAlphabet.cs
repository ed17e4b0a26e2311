using System.Collections.Immutable;

namespace Nabla.Tokenizers;

/// <summary>
/// The printable character that stands for each byte in GPT-2's files and in Hugging Face's: JSON and lines of text cannot
/// hold arbitrary bytes, nor tell a space in a token from one between two. Bytes that are printable in Latin-1 stand for
/// themselves; the other 68 are U+0100 and on, in order, so that a space is <c>Ġ</c> and a line feed <c>Ċ</c>.
/// </summary>
/// <remarks>OpenAI's <c>encoder.py</c> of GPT-2 calls it <c>byte_encoder</c>. It has nothing to do with merging.</remarks>
public static class ByteAlphabet
{
    private const int CharacterCount = 0x100 + 68;

    private static readonly char[] _characters = MakeCharacters();
    private static readonly short[] _bytes = MakeBytes();

    /// <summary>The character of each byte.</summary>
    public static ImmutableArray<char> Characters { get; } = [.. _characters];

    /// <summary>Writes bytes as characters, one for each.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, static (characters, source) =>
    {
        for (var index = 0; index < source.Length; index++)
        {
            characters[index] = _characters[source[index]];
        }
    });

    /// <summary>Reads characters back as bytes, one for each.</summary>
    /// <param name="characters">The characters.</param>
    /// <param name="bytes">At least as long.</param>
    /// <returns>False if a character stands for no byte.</returns>
    public static bool TryDecode(ReadOnlySpan<char> characters, Span<byte> bytes)
    {
        for (var index = 0; index < characters.Length; index++)
        {
            var character = characters[index];
            if (character >= CharacterCount || _bytes[character] < 0)
            {
                return false;
            }

            bytes[index] = (byte)_bytes[character];
        }

        return true;
    }

    private static char[] MakeCharacters()
    {
        var characters = new char[256];
        var next = 0x100;
        for (var value = 0; value < characters.Length; value++)
        {
            // 0xAD is the soft hyphen, which shows nothing.
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xFF and not 0xAD);
            characters[value] = (char)(printable ? value : next++);
        }

        return characters;
    }

    private static short[] MakeBytes()
    {
        var bytes = new short[CharacterCount];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < _characters.Length; value++)
        {
            bytes[_characters[value]] = (short)value;
        }

        return bytes;
    }
}
