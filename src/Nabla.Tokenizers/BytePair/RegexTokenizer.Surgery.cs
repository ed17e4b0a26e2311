using System.Collections.Immutable;
using System.Globalization;

namespace Nabla.Tokenizers;

/// <content>
/// Vocabulary surgery, the tokenizer's half: a trained model gets more tokens, or loses those that its texts never use. What
/// is kept means the same as before, and new ids follow the old ones, so that a model keeps its rows.
/// </content>
public sealed partial class RegexTokenizer
{
    /// <summary>This tokenizer with more special tokens, whose ids follow all that there are, in the order given.</summary>
    /// <exception cref="TokenizerException">A text is empty, or a special token already.</exception>
    public RegexTokenizer AddSpecialTokens(params IEnumerable<string> texts) =>
        WithSpecialTokens(texts.Select((text, index) => KeyValuePair.Create(text, VocabularySize + index)));

    /// <summary>
    /// This tokenizer with more ordinary tokens, whose ids follow all that there are. They are made by new merges after all
    /// others, so a text changes only where what they join occurs in it.
    /// </summary>
    /// <param name="texts">
    /// The texts of the tokens. What such a text was before, pieces, is joined from the left; where there are more than two,
    /// what is joined on the way becomes tokens, too.
    /// </param>
    /// <exception cref="TokenizerException">
    /// A text is empty, one token already, or cut into several chunks, so that no merge could make it.
    /// </exception>
    public RegexTokenizer AddTokens(params IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var growth = new VocabularyGrowth(Vocabulary, VocabularySize);
        foreach (var text in texts)
        {
            growth.Join(PiecesOf(text));
        }

        return new RegexTokenizer(growth.ToVocabulary(), Splitter, SpecialTokens);
    }

    /// <summary>
    /// A tokenizer with some of the tokens: those given, all that they are merged from, the single bytes, and the special ones.
    /// Texts that need no others have the same tokens as before, under their new ids.
    /// </summary>
    /// <param name="ids">The tokens to keep, in any order and any number of times, such as the ids of a whole corpus.</param>
    /// <exception cref="TokenizerException">An id is outside the vocabulary.</exception>
    public ShrunkTokenizer Keep(params IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var kept = new bool[VocabularySize];
        foreach (var id in ids.Concat(SpecialTokens.Ids.Values).Concat(Vocabulary.ByteIds.ToArray().Where(id => id >= 0)))
        {
            if ((uint)id >= (uint)kept.Length)
            {
                throw TokenDecoding.OutsideVocabulary(id, VocabularySize);
            }

            // An id that stands for nothing has nothing to keep.
            kept[id] = !TokenBytes(id).IsEmpty;
        }

        KeepParts(kept);
        return Shrink(kept);
    }

    /// <summary>A tokenizer with the first merges only, as if its training had ended there, and the special tokens.</summary>
    /// <param name="count">How many merges, at most as many as there are.</param>
    public ShrunkTokenizer KeepMerges(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Vocabulary.Merges.Length);
        return Keep(Vocabulary.Merges.Take(count).Select(Vocabulary.MergedId));
    }

    private int[] PiecesOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Splitter.Split(text).Length != 1)
        {
            throw new TokenizerException($"AddTokens: {Quoted.Text(text)} is not one chunk, and nothing merges across chunks: make it "
                + "a special token.");
        }

        int[] pieces = Encode(text, SpecialTokenPolicy.AsText);
        return pieces.Length > 1
            ? pieces
            : throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"AddTokens: {Quoted.Text(text)} is token {pieces[0]} already."));
    }

    // All merges that make a token count, should there be several: whichever a text needs is there.
    private void KeepParts(bool[] kept)
    {
        ILookup<int, BytePair> made = Vocabulary.Merges.ToLookup(Vocabulary.MergedId);
        var open = new Stack<int>(Enumerable.Range(0, kept.Length).Where(id => kept[id]));
        while (open.TryPop(out var id))
        {
            foreach ((int left, int right) in made[id])
            {
                foreach (var part in (ReadOnlySpan<int>)[left, right])
                {
                    if (!kept[part])
                    {
                        kept[part] = true;
                        open.Push(part);
                    }
                }
            }
        }
    }

    private ShrunkTokenizer Shrink(bool[] kept)
    {
        var count = 0;
        ImmutableArray<int> newIds = [.. kept.Select(keep => keep ? count++ : -1)];
        var tokens = new byte[]?[count];
        for (var id = 0; id < Vocabulary.Size; id++)
        {
            if (kept[id])
            {
                tokens[newIds[id]] = Vocabulary.TokenBytes(id).ToArray();
            }
        }

        BytePairVocabulary vocabulary = Vocabulary.MergesByRank
            ? BytePairVocabulary.FromRanks(tokens)
            : BytePairVocabulary.Create(
                tokens,
                [.. Vocabulary.Merges
                    .Where(merge => kept[merge.Left] && kept[merge.Right] && kept[Vocabulary.MergedId(merge)])
                    .Select(merge => new BytePair(newIds[merge.Left], newIds[merge.Right]))],
                Vocabulary.MatchesWholeChunks);
        var specialTokens = new SpecialTokens(SpecialTokens.Ids.Select(token => KeyValuePair.Create(token.Key, newIds[token.Value])));
        return new ShrunkTokenizer(new RegexTokenizer(vocabulary, Splitter, specialTokens), newIds);
    }
}
