using System.Buffers;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>Turns ids back into text as SentencePiece does.</summary>
internal static class PieceDecoding
{
    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>Writes the text of ids.</summary>
    /// <exception cref="TokenizerException">An id is outside the vocabulary.</exception>
    public static void Decode(PieceTable pieces, ReadOnlySpan<int> ids, ArrayBufferWriter<byte> text)
    {
        SentencePieceNormalization options = pieces.Model.Normalization;
        var atBegin = options.AddDummyPrefix || options.RemoveExtraWhitespaces;
        var dropped = false;
        for (var index = 0; index < ids.Length;)
        {
            var bytes = CountBytes(pieces, ids[index..]);
            if (bytes > 0)
            {
                WriteBytes(pieces, ids.Slice(index, bytes), text);
                index += bytes;
                continue;
            }

            var id = ids[index++];
            ReadOnlySpan<byte> written = pieces.BytesOf(id);
            atBegin &= !dropped && text.WrittenCount == 0;
            // The unknown piece begins with a space that is meant.
            var drops = atBegin && pieces.KindOf(id) is not (SentencePieceKind.Control or SentencePieceKind.Unknown)
                && written is [(byte)' ', ..] && pieces.Model.Pieces[id].Text[0] == '\u2581';
            dropped = drops && !options.RemoveExtraWhitespaces;
            text.Write(drops ? written[1..] : written);
        }
    }

    private static int CountBytes(PieceTable pieces, ReadOnlySpan<int> ids)
    {
        var count = 0;
        while (count < ids.Length)
        {
            if ((uint)ids[count] >= (uint)pieces.Count)
            {
                throw TokenDecoding.OutsideVocabulary(ids[count], pieces.Count);
            }

            if (pieces.KindOf(ids[count]) != SentencePieceKind.Byte)
            {
                break;
            }

            count++;
        }

        return count;
    }

    private static void WriteBytes(PieceTable pieces, ReadOnlySpan<int> ids, ArrayBufferWriter<byte> text)
    {
        Span<byte> rest = ids.Length <= 256 ? stackalloc byte[ids.Length] : new byte[ids.Length];
        for (var index = 0; index < ids.Length; index++)
        {
            rest[index] = pieces.BytesOf(ids[index])[0];
        }

        while (!rest.IsEmpty)
        {
            var isCharacter = Rune.DecodeFromUtf8(rest, out _, out var length) == OperationStatus.Done;
            length = isCharacter ? length : 1;
            text.Write(isCharacter ? rest[..length] : Replacement);
            rest = rest[length..];
        }
    }
}
