namespace Nabla.Tokenizers;

/// <summary>Tells whether anything encodes to a token, by encoding what the token stands for.</summary>
internal abstract class TokenReach
{
    /// <summary>The way of telling for a kind of tokenizer.</summary>
    public static TokenReach Of(ITokenizer tokenizer) => tokenizer switch
    {
        RegexTokenizer regex => new ByPairs(regex.Vocabulary, text => regex.Encode(text, SpecialTokenPolicy.AsText)),
        BasicTokenizer basic => new ByPairs(basic.Vocabulary, text => basic.Encode(text)),
        SentencePieceTokenizer pieces => new ByPieces(pieces.Model),
        _ => new ByText(text => tokenizer.Encode(text)),
    };

    /// <summary>Whether a token's text encodes to the token alone.</summary>
    public abstract bool FromText(int id, string text);

    /// <summary>Whether a token whose bytes are no text comes about within a longer text.</summary>
    public virtual bool FromBytes(int id, ReadOnlySpan<byte> bytes) => true;

    private class ByText(Func<string, int[]> encode) : TokenReach
    {
        public override bool FromText(int id, string text)
        {
            int[] ids = encode(text);
            return ids.Length == 1 && ids[0] == id;
        }
    }

    // No chunk begins or ends inside a character, so a part of one arises by merging alone, never by being found as a whole.
    private sealed class ByPairs(BytePairVocabulary vocabulary, Func<string, int[]> encode) : ByText(encode)
    {
        private readonly MergeTable _merges = MergeTables.Of(vocabulary);

        public override bool FromBytes(int id, ReadOnlySpan<byte> bytes)
        {
            var ids = new int[bytes.Length];
            for (var index = 0; index < bytes.Length; index++)
            {
                ids[index] = vocabulary.ByteIds[bytes[index]];
            }

            return ChunkMerger.Merge(ids, _merges) == 1 && ids[0] == id;
        }
    }

    // Without the space in front a piece from the middle of a word can be asked for, too.
    private sealed class ByPieces(SentencePieceModel model) : ByText(Inside(model))
    {
        private readonly bool _hasBytes = model.Training.ByteFallback;

        public override bool FromBytes(int id, ReadOnlySpan<byte> bytes) => _hasBytes;

        private static Func<string, int[]> Inside(SentencePieceModel model)
        {
            SentencePieceNormalization bare = model.Normalization with { AddDummyPrefix = false, RemoveExtraWhitespaces = false };
            var tokenizer = new SentencePieceTokenizer(model with { Training = model.Training with { Normalization = bare } });
            return text => tokenizer.Encode(text);
        }
    }
}
