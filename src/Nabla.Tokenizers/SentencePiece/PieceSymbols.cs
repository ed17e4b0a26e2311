using System.Runtime.InteropServices;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// The symbols of byte-pair encoding, and all pairs of them that merge: those whose joined text is a piece. A symbol is a piece,
/// numbered by its id, or a character that occurs in pieces without being one, numbered above them.
/// </summary>
internal sealed class PieceSymbols
{
    private readonly PieceTable _pieces;
    private readonly Dictionary<byte[], int> _ids;
    private readonly List<byte[]> _texts = [];
    private readonly int[] _ranks;

    public PieceSymbols(PieceTable pieces)
    {
        _pieces = pieces;
        _ids = new Dictionary<byte[], int>(pieces.Count, ByteSequenceComparer.Instance);
        _texts.AddRange(Enumerable.Repeat<byte[]>([], pieces.Count));
        _ranks = RanksOfScores(pieces);
        foreach (var id in pieces.Ordinary)
        {
            if (PieceText.TryNormalized(pieces.Model, id, out byte[] text))
            {
                _texts[id] = text;
                _ids.Add(text, id);
            }
        }
    }

    /// <summary>Adds all merges and characters, and returns the length in bytes of each symbol.</summary>
    public List<int> AddTo(MergeTable merges, CharacterSymbols characters)
    {
        AddCharacters(characters);
        Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> ids = _ids.GetAlternateLookup<ReadOnlySpan<byte>>();
        // Only where a symbol of both lengths exists is it worth looking: else very long pieces would cost quadratic time.
        HashSet<int> lengths = [.. _texts.Select(text => text.Length)];
        foreach (var id in _pieces.Ordinary)
        {
            ReadOnlySpan<byte> text = _texts[id];
            for (var split = 0; split < text.Length;)
            {
                split += Utf8Character.Length(text[split]);
                if (split < text.Length && lengths.Contains(split) && lengths.Contains(text.Length - split)
                    && ids.TryGetValue(text[..split], out var left) && ids.TryGetValue(text[split..], out var right))
                {
                    merges.Add(left, right, _ranks[id], id);
                }
            }
        }

        return _texts.ConvertAll(text => text.Length);
    }

    private void AddCharacters(CharacterSymbols characters)
    {
        Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> ids = _ids.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (var id = 0; id < _pieces.Count; id++)
        {
            for (ReadOnlySpan<byte> rest = _texts[id]; !rest.IsEmpty;)
            {
                Rune.DecodeFromUtf8(rest, out Rune character, out var length);
                ref int symbol = ref CollectionsMarshal.GetValueRefOrAddDefault(ids, rest[..length], out var exists);
                if (!exists)
                {
                    symbol = _texts.Count;
                    _texts.Add(rest[..length].ToArray());
                }

                characters.Add(character, symbol);
                rest = rest[length..];
            }
        }
    }

    // Merging goes by rank, the lowest first; equal scores are one rank, since then the place in the text decides.
    private static int[] RanksOfScores(PieceTable pieces)
    {
        float[] scores = [.. pieces.Model.Pieces.Select(piece => piece.Score).Distinct().OrderDescending()];
        var rankOf = new Dictionary<float, int>(scores.Length);
        for (var rank = 0; rank < scores.Length; rank++)
        {
            rankOf.Add(scores[rank], rank);
        }

        return [.. pieces.Model.Pieces.Select(piece => rankOf[piece.Score])];
    }
}
