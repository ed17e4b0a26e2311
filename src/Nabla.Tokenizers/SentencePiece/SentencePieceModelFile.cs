using System.Collections.Immutable;
using Google.Protobuf;

namespace Nabla.Tokenizers;

/// <summary>
/// The <c>.model</c> file: the message <c>ModelProto</c> of SentencePiece's <c>sentencepiece_model.proto</c>, in protobuf's
/// wire format. Fields with their implied value are not written; unknown ones are kept.
/// </summary>
internal static class SentencePieceModelFile
{
    private const int PiecesField = 1;
    private const int TrainerField = 2;
    private const int NormalizerField = 3;
    private const int DenormalizerField = 5;

    public static SentencePieceModel Parse(byte[] bytes)
    {
        try
        {
            return ReadModel(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new TokenizerException(
                "the bytes are no SentencePiece model, or a damaged one: a length or a field in it is wrong.", exception);
        }
    }

    public static byte[] Write(SentencePieceModel model)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            foreach (SentencePieceEntry piece in model.Pieces)
            {
                WriteNested(output, PiecesField, piece, SentencePieceFields.Piece, []);
            }

            WriteNested(output, TrainerField, model.Training, SentencePieceFields.Training, model.Training.Unknown);
            WriteNested(
                output, NormalizerField, model.Normalization, SentencePieceFields.Normalization, model.Normalization.Unknown);
            if (model.Denormalization is { } denormalization)
            {
                WriteNested(
                    output, DenormalizerField, denormalization, SentencePieceFields.Normalization, denormalization.Unknown);
            }

        }

        stream.Write(model.Unknown.AsSpan());
        return stream.ToArray();
    }

    private static SentencePieceModel ReadModel(byte[] bytes)
    {
        ImmutableArray<SentencePieceEntry>.Builder pieces = ImmutableArray.CreateBuilder<SentencePieceEntry>();
        // Where a file says nothing, other values hold than a training begins with.
        var training = new SentencePieceTrainingOptions { ModelType = SentencePieceModelType.Unigram };
        var normalization = new SentencePieceNormalization { Name = "" };
        SentencePieceNormalization? denormalization = null;
        var unknown = new UnknownFields(bytes);
        var input = new CodedInputStream(bytes);
        while (unknown.NextTag(input) is var tag and not 0)
        {
            if (WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited)
            {
                unknown.Skip(input);
                continue;
            }

            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case PiecesField:
                    pieces.Add(ReadNested(input, new SentencePieceEntry("", 0), SentencePieceFields.Piece).Message);
                    break;
                case TrainerField:
                    (training, ImmutableArray<byte> rest) = ReadNested(input, training, SentencePieceFields.Training);
                    training = training with { Unknown = [.. training.Unknown, .. rest] };
                    break;
                case NormalizerField:
                    (normalization, rest) = ReadNested(input, normalization, SentencePieceFields.Normalization);
                    normalization = normalization with { Unknown = [.. normalization.Unknown, .. rest] };
                    break;
                case DenormalizerField:
                    (SentencePieceNormalization rules, rest) = ReadNested(
                        input, denormalization ?? new() { Name = "" }, SentencePieceFields.Normalization);
                    denormalization = rules with { Unknown = [.. rules.Unknown, .. rest] };
                    break;
                default:
                    unknown.Skip(input);
                    break;
            }
        }

        return new SentencePieceModel
        {
            Pieces = pieces.DrainToImmutable(),
            Training = training with { Normalization = normalization },
            Denormalization = denormalization,
            Unknown = unknown.Bytes,
        };
    }

    private static (T Message, ImmutableArray<byte> Unknown) ReadNested<T>(
        CodedInputStream outer, T message, ProtobufField<T>[] fields)
    {
        var bytes = outer.ReadBytes().ToByteArray();
        var unknown = new UnknownFields(bytes);
        var input = new CodedInputStream(bytes);
        while (unknown.NextTag(input) is var tag and not 0)
        {
            if (Array.Find(fields, field => field.Tag == tag) is { } field)
            {
                message = field.Read(message, input);
            }
            else
            {
                unknown.Skip(input);
            }
        }

        return (message, unknown.Bytes);
    }

    private static void WriteNested<T>(CodedOutputStream output, int number, T message, ProtobufField<T>[] fields,
        ImmutableArray<byte> unknown)
    {
        using var stream = new MemoryStream();
        using (var nested = new CodedOutputStream(stream, leaveOpen: true))
        {
            foreach (ProtobufField<T> field in fields)
            {
                field.Write(message, nested);
            }
        }

        stream.Write(unknown.AsSpan());
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
    }

    /// <summary>Collects the bytes of the fields of a message that nobody asked for.</summary>
    private ref struct UnknownFields(byte[] message)
    {
        private readonly List<byte> _bytes = [];
        private long _start;

        public readonly ImmutableArray<byte> Bytes => [.. _bytes];

        /// <summary>The tag of the next field, or 0 at the end.</summary>
        public uint NextTag(CodedInputStream input)
        {
            _start = input.Position;
            return input.ReadTag();
        }

        public readonly void Skip(CodedInputStream input)
        {
            input.SkipLastField();
            _bytes.AddRange(message.AsSpan((int)_start, (int)(input.Position - _start)));
        }
    }
}
