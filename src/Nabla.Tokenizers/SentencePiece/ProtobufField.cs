using System.Collections.Immutable;
using Google.Protobuf;

namespace Nabla.Tokenizers;

/// <summary>
/// A field of a protobuf message that is held in an immutable record: how it is read into it and written from it. A message is
/// a table of these, so that its format is one line for each field.
/// </summary>
/// <typeparam name="T">The record.</typeparam>
internal sealed class ProtobufField<T>(
    int number, WireFormat.WireType wireType, Func<T, CodedInputStream, T> read, Action<T, CodedOutputStream> write)
{
    public uint Tag { get; } = WireFormat.MakeTag(number, wireType);

    public T Read(T message, CodedInputStream input) => read(message, input);

    public void Write(T message, CodedOutputStream output) => write(message, output);

    public static ProtobufField<T> Int32(int number, int implied, Func<T, int> get, Func<T, int, T> with) => Varint(number,
        implied, message => get(message), (message, value) => with(message, (int)value));

    public static ProtobufField<T> Flag(int number, bool implied, Func<T, bool> get, Func<T, bool, T> with) => Varint(number,
        implied ? 1 : 0, message => get(message) ? 1 : 0, (message, value) => with(message, value != 0));

    public static ProtobufField<T> Varint(int number, long implied, Func<T, long> get, Func<T, long, T> with) => new(number,
        WireFormat.WireType.Varint,
        (message, input) => with(message, input.ReadInt64()),
        (message, output) =>
        {
            if (get(message) != implied)
            {
                output.WriteTag(number, WireFormat.WireType.Varint);
                output.WriteInt64(get(message));
            }
        });

    public static ProtobufField<T> Float(int number, float implied, Func<T, float> get, Func<T, float, T> with) => new(number,
        WireFormat.WireType.Fixed32,
        (message, input) => with(message, input.ReadFloat()),
        (message, output) =>
        {
            if (!get(message).Equals(implied))
            {
                output.WriteTag(number, WireFormat.WireType.Fixed32);
                output.WriteFloat(get(message));
            }
        });

    public static ProtobufField<T> Bytes(
        int number, Func<T, ImmutableArray<byte>> get, Func<T, ImmutableArray<byte>, T> with) => new(number,
        WireFormat.WireType.LengthDelimited,
        (message, input) => with(message, [.. input.ReadBytes().Span]),
        (message, output) =>
        {
            if (!get(message).IsEmpty)
            {
                output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(get(message).AsSpan()));
            }
        });

    public static ProtobufField<T> Text(int number, string implied, Func<T, string> get, Func<T, string, T> with) => new(number,
        WireFormat.WireType.LengthDelimited,
        (message, input) => with(message, ReadText(input)),
        (message, output) =>
        {
            if (get(message) != implied)
            {
                output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                output.WriteString(get(message));
            }
        });

    /// <summary>
    /// A text that may occur many times. Reading makes one list and then adds to it, since copying it for each would be
    /// quadratic; it is the reader's own until the message is done.
    /// </summary>
    public static ProtobufField<T> Texts(
        int number, Func<T, IReadOnlyList<string>> get, Func<T, IReadOnlyList<string>, T> with) => new(number,
        WireFormat.WireType.LengthDelimited,
        (message, input) =>
        {
            var text = ReadText(input);
            if (get(message) is List<string> list)
            {
                list.Add(text);
                return message;
            }

            return with(message, new List<string> { text });
        },
        (message, output) =>
        {
            foreach (var text in get(message))
            {
                output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                output.WriteString(text);
            }
        });

    private static string ReadText(CodedInputStream input) => ProtobufText.Decode(input.ReadBytes().Span);
}
