using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// The pieces of a model by id, by text and by what they write; made only of a sound model. Pieces that text can become are
/// kept apart from reserved ones (unknown, control, bytes), as in SentencePiece: the same text may be one of each.
/// </summary>
internal sealed class PieceTable
{
    private const string Space = "\u2581";

    private readonly Dictionary<string, int> _reserved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ordinary = new(StringComparer.Ordinal);
    private readonly byte[][] _bytes;
    private readonly int[] _byteIds = new int[256];

    /// <exception cref="TokenizerException">The model contradicts itself.</exception>
    public PieceTable(SentencePieceModel model)
    {
        Model = model;
        _bytes = new byte[Count][];
        Array.Fill(_byteIds, -1);
        UnknownId = -1;
        for (var id = 0; id < Count; id++)
        {
            Add(id, model.Pieces[id]);
        }

        if (UnknownId < 0)
        {
            throw new TokenizerException(
                "the SentencePiece model has no unknown piece (usually <unk>): text without pieces needs one.");
        }

        if (model.Training.ByteFallback && Array.IndexOf(_byteIds, -1) is var missing and >= 0)
        {
            throw new TokenizerException($"the SentencePiece model falls back to bytes, but has no piece {NameOfByte(missing)}.");
        }
    }

    public SentencePieceModel Model { get; }

    public int Count => Model.Pieces.Length;

    public int UnknownId { get; private set; }

    /// <summary>The id of each byte's piece; used only if the model falls back to bytes.</summary>
    public ReadOnlySpan<int> ByteIds => _byteIds;

    public SentencePieceKind KindOf(int id) => Model.Pieces[id].Kind;

    /// <summary>The bytes that a piece writes: nothing for a control piece, the unknown surface for the unknown piece.</summary>
    public ReadOnlySpan<byte> BytesOf(int id) => _bytes[id];

    /// <summary>The id of a piece, of a reserved one if there are two of that text; -1 if there is none.</summary>
    public int Find(string piece) =>
        _reserved.TryGetValue(piece, out var id) || _ordinary.TryGetValue(piece, out id) ? id : -1;

    /// <summary>The ids of the pieces that text can become: normal, user defined and unused ones.</summary>
    public IEnumerable<int> Ordinary => _ordinary.Values;

    public static string NameOfByte(int value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    private void Add(int id, SentencePieceEntry piece)
    {
        if (piece.Text.Length == 0 || !float.IsFinite(piece.Score) || !Enum.IsDefined(piece.Kind))
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"piece {id} of the SentencePiece model has no text, no finite score or an unknown type ({(int)piece.Kind})."));
        }

        var ordinary = piece.Kind is SentencePieceKind.Normal or SentencePieceKind.UserDefined or SentencePieceKind.Unused;
        if (!(ordinary ? _ordinary : _reserved).TryAdd(piece.Text, id))
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"pieces {Find(piece.Text)} and {id} of the SentencePiece model are both {piece.Text}."));
        }

        _bytes[id] = piece.Kind switch
        {
            SentencePieceKind.Control => [],
            SentencePieceKind.Byte => [AddByte(id, piece.Text)],
            SentencePieceKind.Unknown => Encoding.UTF8.GetBytes(Model.Training.UnknownSurface),
            _ => Encoding.UTF8.GetBytes(piece.Text.Replace(Space, " ", StringComparison.Ordinal)),
        };
        if (piece.Kind == SentencePieceKind.Unknown)
        {
            UnknownId = UnknownId < 0 ? id : throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"pieces {UnknownId} and {id} of the SentencePiece model are both the unknown piece: there can be only one."));
        }
    }

    private byte AddByte(int id, string name)
    {
        if (name.Length != 6 || !byte.TryParse(name.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out var value) || name != NameOfByte(value) || !Model.Training.ByteFallback)
        {
            throw new TokenizerException(
                $"piece {name} of the SentencePiece model is a byte, but is not <0x00> to <0xFF>, or there is no byte fallback.");
        }

        _byteIds[value] = id;
        return value;
    }
}
