using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Inspection;

public sealed class MergeHistoryTests
{
    [Fact]
    public void Every_merge_is_told_and_bytes_have_none()
    {
        var history = MergeHistory.Of(new BasicTokenizer([new('a', 'b'), new(256, 'c')]));

        Assert.Equal([256, 257], history.Merged);
        Assert.Equal(new BytePair('a', 'b'), history.PartsOf(256));
        Assert.Equal(new BytePair(256, 'c'), history.PartsOf(257));
        Assert.Null(history.PartsOf('a'));
        Assert.Null(history.PartsOf(5000));
    }

    [Fact]
    public void The_parts_of_every_token_of_a_list_of_ranks_join_to_it()
    {
        ITokenizer tokenizer = TokenizerFile.Load(TestFiles.Data("cl100k_base.tiktoken"));
        var history = MergeHistory.Of(tokenizer);

        Assert.Equal(100_000, history.Merged.Count);
        foreach (var id in history.Merged)
        {
            (int left, int right) = history.PartsOf(id)!.Value;
            Assert.True(tokenizer.TokenBytes(id).SequenceEqual([.. tokenizer.TokenBytes(left), .. tokenizer.TokenBytes(right)]));
        }
    }

    [Fact]
    public void A_tokenizer_of_characters_has_none() => Assert.Empty(MergeHistory.Of(CharacterTokenizer.FromText("ab")).Merged);

    [Fact]
    public void The_merges_of_SentencePieces_pieces_are_found_by_their_scores()
    {
        var tokenizer = SentencePieceTokenizer.Load(TestFiles.Data("llama2_tokenizer.model"));
        var history = MergeHistory.Of(tokenizer);

        // Runs of spaces were put in afterwards, with the lowest score; the first that was learned is of a space and a t.
        Assert.Equal(260, history.Merged[0]);
        Assert.Equal(new BytePair(tokenizer.IdOf("▁")!.Value, tokenizer.IdOf("t")!.Value), history.PartsOf(260));
        Assert.Null(history.PartsOf(tokenizer.IdOf("t")!.Value));
        Assert.Null(history.PartsOf(3));
        Assert.Equal(31_999 - 259 + 1 - (31_999 - 29_871 + 1), history.Merged.Count);
        foreach (var id in history.Merged)
        {
            (int left, int right) = history.PartsOf(id)!.Value;
            Assert.Equal(tokenizer.PieceOf(id), tokenizer.PieceOf(left) + tokenizer.PieceOf(right));
        }
    }
}
