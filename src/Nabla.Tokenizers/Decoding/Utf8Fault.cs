using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <summary>The first place where bytes are not UTF-8.</summary>
/// <param name="Position">The byte, counted from 0.</param>
/// <param name="Value">Its value.</param>
/// <param name="Reason">What is wrong with it, in Python's words.</param>
internal readonly record struct Utf8Fault(int Position, byte Value, string Reason)
{
    public string Message => string.Create(CultureInfo.InvariantCulture,
        $"byte 0x{Value:x2} in position {Position}: {Reason}; the bytes are not valid UTF-8.");

    /// <summary>Throws the exception about the first fault, if there is one.</summary>
    /// <exception cref="TokenizerException">The bytes are not valid UTF-8.</exception>
    public static void ThrowIfAny(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new TokenizerException(Find(bytes)!.Value.Message);
        }
    }

    /// <summary>The first fault, or null if the bytes are valid UTF-8.</summary>
    public static Utf8Fault? Find(ReadOnlySpan<byte> bytes)
    {
        for (var position = 0; position < bytes.Length;)
        {
            switch (Rune.DecodeFromUtf8(bytes[position..], out _, out var length))
            {
                case System.Buffers.OperationStatus.Done:
                    position += length;
                    break;
                case System.Buffers.OperationStatus.NeedMoreData:
                    return new Utf8Fault(position, bytes[position], "unexpected end of data");
                default:
                    var lead = bytes[position];
                    return new Utf8Fault(position, lead,
                        lead is < 0xC2 or > 0xF4 ? "invalid start byte" : "invalid continuation byte");
            }
        }

        return null;
    }
}
