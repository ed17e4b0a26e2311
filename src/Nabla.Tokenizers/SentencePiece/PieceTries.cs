using System.Text;

namespace Nabla.Tokenizers;

/// <summary>Double arrays of pieces.</summary>
internal static class PieceTries
{
    /// <summary>Builds the array of texts in any order, but not of those that are empty or hold a byte 0.</summary>
    public static DoubleArray Of(IEnumerable<KeyValuePair<byte[], int>> texts)
    {
        var keys = texts.Where(text => text.Key.Length > 0 && !text.Key.Contains((byte)0)).ToList();
        keys.Sort((x, y) => x.Key.AsSpan().SequenceCompareTo(y.Key));
        return DoubleArray.Build(keys);
    }

    /// <summary>
    /// The user's symbols of a model, as a text has them before it is normalised, or after; null if there are none.
    /// </summary>
    public static DoubleArray? OfUserSymbols(PieceTable pieces, bool normalized)
    {
        var symbols = new List<KeyValuePair<byte[], int>>();
        foreach (var id in pieces.Ordinary.Where(id => pieces.KindOf(id) == SentencePieceKind.UserDefined))
        {
            byte[] text = Encoding.UTF8.GetBytes(pieces.Model.Pieces[id].Text);
            if (!normalized || PieceText.TryNormalized(pieces.Model, id, out text))
            {
                symbols.Add(new(text, id));
            }
        }

        return symbols.Count == 0 ? null : Of(symbols);
    }
}
