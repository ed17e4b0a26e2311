using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// Finds the merges behind the pieces of a SentencePiece byte-pair model. The file has only the pieces and their scores; the
/// two that a piece was made of are what its characters merge to by the pieces of no lower score.
/// </summary>
internal static class PieceHistory
{
    /// <summary>The pieces that are made of two, each with these, the first merge first.</summary>
    public static IEnumerable<KeyValuePair<int, BytePair>> Recover(SentencePieceModel model)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < model.Pieces.Length; id++)
        {
            if (model.Pieces[id].Kind == SentencePieceKind.Normal)
            {
                ids.TryAdd(model.Pieces[id].Text, id);
            }
        }

        var find = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var cuts = new List<int>();
        foreach ((string text, int id) in ids.OrderByDescending(piece => model.Pieces[piece.Value].Score))
        {
            Merge(text, model.Pieces[id].Score, model, find, cuts);
            if (cuts.Count == 3 && find.TryGetValue(text.AsSpan(0, cuts[1]), out var left)
                && find.TryGetValue(text.AsSpan(cuts[1]), out var right))
            {
                yield return KeyValuePair.Create(id, new BytePair(left, right));
            }
        }
    }

    // Leaves the places between which the parts of the text stand, the two ends included.
    private static void Merge(string text, float limit, SentencePieceModel model,
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> find, List<int> cuts)
    {
        cuts.Clear();
        cuts.Add(0);
        foreach (Rune rune in text.EnumerateRunes())
        {
            cuts.Add(cuts[^1] + rune.Utf16SequenceLength);
        }

        while (cuts.Count > 3)
        {
            (float score, int index) best = (float.NegativeInfinity, -1);
            for (var index = 1; index + 1 < cuts.Count; index++)
            {
                if (find.TryGetValue(text.AsSpan(cuts[index - 1]..cuts[index + 1]), out var id)
                    && model.Pieces[id].Score is var score && score >= limit && score > best.score)
                {
                    best = (score, index);
                }
            }

            if (best.index < 0)
            {
                return;
            }

            cuts.RemoveAt(best.index);
        }
    }
}
