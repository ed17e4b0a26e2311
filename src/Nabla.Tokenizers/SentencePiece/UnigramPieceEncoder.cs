using System.Buffers;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// The most probable pieces of a text, where each piece's score is the logarithm of its probability and independent of its
/// neighbours (Kudo 2018, https://arxiv.org/abs/1804.10959): Viterbi's algorithm, one step for each character.
/// </summary>
internal sealed class UnigramPieceEncoder : IPieceEncoder
{
    /// <summary>How much worse than the worst piece an unknown character is.</summary>
    private const float UnknownPenalty = 10;

    private readonly PieceTable _pieces;
    private readonly DoubleArray _trie;
    private readonly double[] _scores;
    private readonly float _unknownScore;
    private readonly WordCutter _cutter;

    public UnigramPieceEncoder(PieceTable pieces)
    {
        _pieces = pieces;
        float[] scores =
            [.. pieces.Model.Pieces.Where(piece => piece.Kind == SentencePieceKind.Normal).Select(piece => piece.Score)];
        // Where all scores are below 0, as they should be, the highest counts as the smallest number above 0: SentencePiece
        // begins its search for it there.
        const float SmallestNormal = 1.17549435E-38f;
        var highest = Math.Max(SmallestNormal, scores.Length == 0 ? SmallestNormal : scores.Max());
        _unknownScore = (scores.Length == 0 ? float.MaxValue : scores.Min()) - UnknownPenalty;
        _scores = new double[pieces.Count];
        _cutter = new WordCutter(pieces, _ => true);
        var keys = new List<KeyValuePair<byte[], int>>();
        foreach (var id in pieces.Ordinary)
        {
            SentencePieceEntry piece = pieces.Model.Pieces[id];
            // A user's symbol is always better than what it could be cut into.
            _scores[id] = piece.Kind == SentencePieceKind.UserDefined
                ? (Encoding.UTF8.GetByteCount(piece.Text) * highest) - 0.1
                : piece.Score;
            if (PieceText.TryNormalized(pieces.Model, id, out byte[] text))
            {
                keys.Add(new(text, id));
            }
        }

        _trie = PieceTries.Of(keys);
    }

    public void Encode(ReadOnlySpan<byte> text, ref PieceSink sink)
    {
        // Every way through the text passes the beginning of a word that no piece crosses. So the words come one after the
        // other, and only the score goes on: its rounding is that of the whole text.
        var score = 0f;
        while (!text.IsEmpty)
        {
            ReadOnlySpan<byte> word = text[.._cutter.WordLength(text)];
            Step[] rented = ArrayPool<Step>.Shared.Rent(word.Length + 1);
            score = EncodeWord(word, score, rented.AsSpan(0, word.Length + 1), ref sink);
            ArrayPool<Step>.Shared.Return(rented);
            text = text[word.Length..];
        }
    }

    private float EncodeWord(ReadOnlySpan<byte> text, float before, Span<Step> best, ref PieceSink sink)
    {
        best.Fill(new Step(-1, 0, 0, -1));
        best[0].Score = before;
        for (var start = 0; start < text.Length;)
        {
            var character = Math.Min(text.Length - start, Utf8Character.Length(text[start]));
            if (!Extend(text, start, character, best))
            {
                // Here, unlike below, both numbers are single, and so is their sum.
                var score = _unknownScore + best[start].Score;
                ref Step step = ref best[start + character];
                if (step.Start < 0 || score > step.Score)
                {
                    step = new Step(start, 0, score, _pieces.UnknownId);
                }
            }

            start += character;
        }

        for (var end = text.Length; end > 0; end = best[end].Start)
        {
            best[best[end].Start].Next = end;
        }

        for (var start = 0; start < text.Length; start = best[start].Next)
        {
            var end = best[start].Next;
            sink.Add(best[end].Id, text[start..end]);
        }

        return best[text.Length].Score;
    }

    // Takes every piece that begins at a place into account; says whether the character alone was one.
    private bool Extend(ReadOnlySpan<byte> text, int start, int character, Span<Step> best)
    {
        var isPiece = false;
        var before = best[start].Score;
        var place = _trie.Start;
        for (var end = start; end < text.Length;)
        {
            var id = _trie.Step(ref place, text[end++]);
            if (id == DoubleArray.None)
            {
                break;
            }

            if (id < 0 || _pieces.KindOf(id) == SentencePieceKind.Unused)
            {
                continue;
            }

            ref Step step = ref best[end];
            // The sum is compared before it is rounded, as SentencePiece does: that decides ties.
            var score = _scores[id] + before;
            if (step.Start < 0 || score > step.Score)
            {
                step = new Step(start, 0, (float)score, id);
            }

            isPiece |= end - start == character;
        }

        return isPiece;
    }

    /// <summary>
    /// The best way to a place: where its last piece begins, the sum of the scores, and that piece; and, once the best way
    /// through the text is known, where the piece after that place ends.
    /// </summary>
    private record struct Step(int Start, int Next, float Score, int Id);
}
