using System.Text;

namespace Nabla.Tokenizers;

/// <summary>How pieces look in a normalised text.</summary>
internal static class PieceText
{
    /// <summary>
    /// The bytes of a piece with a space for U+2581, where the model writes spaces so; false if no normalised text can hold it.
    /// </summary>
    public static bool TryNormalized(SentencePieceModel model, int id, out byte[] text)
    {
        var piece = model.Pieces[id].Text;
        text = [];
        if (model.Normalization.EscapeWhitespaces)
        {
            if (piece.Contains(' ', StringComparison.Ordinal))
            {
                return false;
            }

            piece = piece.Replace('\u2581', ' ');
        }

        text = Encoding.UTF8.GetBytes(piece);
        return true;
    }
}
