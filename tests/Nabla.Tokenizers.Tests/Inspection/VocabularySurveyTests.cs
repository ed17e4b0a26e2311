using System.Text;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Inspection;

public sealed class VocabularySurveyTests
{
    [Fact]
    public void Tokens_of_text_special_tokens_and_gaps_are_told_apart()
    {
        var tokenizer = new RegexTokenizer(BytePairVocabulary.FromMerges([new('a', 'b')]), TextSplitter.None,
            new SpecialTokens([KeyValuePair.Create("<|end|>", 260)]));

        var survey = VocabularySurvey.Of(tokenizer);

        Assert.Equal(257, survey.TextTokenCount);
        Assert.Equal([260], survey.Special);
        Assert.Equal(3, survey.UnusedCount);
        Assert.Equal([0, 256, 1], survey.Lengths);
        Assert.Equal(Enumerable.Range(128, 128), survey.NotUtf8);
        Assert.Empty(survey.Unreachable);
        Assert.Equal([256, 0, 1], VocabularySurvey.Longest(tokenizer, 3));
    }

    [Fact]
    public void A_token_that_the_pattern_cuts_is_unreachable()
    {
        // "a1" is no chunk of GPT-4's pattern, whatever the merges say.
        var tokenizer = new RegexTokenizer(BytePairVocabulary.FromMerges([new('a', 'b'), new('a', '1')]), TextSplitter.Cl100k);

        Assert.Equal([257], VocabularySurvey.Of(tokenizer).Unreachable);
    }

    [Fact]
    public void A_token_that_other_merges_forestall_is_unreachable()
    {
        // "bc" merges first, so that "ab" + "c" never comes about.
        var vocabulary = BytePairVocabulary.FromMerges([new('b', 'c'), new('a', 'b'), new(257, 'c')]);

        Assert.Equal([258], VocabularySurvey.Of(new RegexTokenizer(vocabulary, TextSplitter.None)).Unreachable);
    }

    [Fact]
    public void Parts_of_a_character_are_asked_for_by_their_bytes()
    {
        byte[] e = Encoding.UTF8.GetBytes("€");

        // The first two bytes of the sign merge, but not before its last two do.
        var reached = BytePairVocabulary.FromMerges([new(e[0], e[1])]);
        var unreached = BytePairVocabulary.FromMerges([new(e[1], e[2]), new(e[0], e[1]), new(257, e[2])]);

        Assert.Empty(VocabularySurvey.Of(new RegexTokenizer(reached, TextSplitter.None)).Unreachable);
        Assert.Equal([258], VocabularySurvey.Of(new RegexTokenizer(unreached, TextSplitter.None)).Unreachable);
    }

    [Theory]
    [InlineData("cl100k_base.tiktoken", 100_256, 5, 16, 773)]
    [InlineData("o200k_base.tiktoken", 199_998, 2, 19, 1_562)]
    public void Published_vocabularies(string file, int tokens, int special, int unused, int notUtf8)
    {
        ITokenizer tokenizer = TokenizerFile.Load(TestFiles.Data(file));

        var survey = VocabularySurvey.Of(tokenizer);

        Assert.Equal(tokens, survey.TextTokenCount);
        Assert.Equal(special, survey.Special.Length);
        Assert.Equal(unused, survey.UnusedCount);
        Assert.Equal(notUtf8, survey.NotUtf8.Length);
        Assert.Equal(tokenizer.VocabularySize, tokens + special + unused);
        Assert.All(survey.Unreachable, id => Assert.NotEqual([id], tokenizer.Encode(tokenizer.Decode([id]))));
    }

    [Fact]
    public void Pieces_from_within_words_are_asked_for_without_the_space_in_front()
    {
        var tokenizer = SentencePieceTokenizer.Load(TestFiles.Data("llama2_tokenizer.model"));

        var survey = VocabularySurvey.Of(tokenizer);

        // The printable ASCII characters have pieces of their own, so their byte pieces are never used.
        Assert.Contains(3 + 'A', survey.Unreachable);
        Assert.DoesNotContain(3 + 0xE4, survey.Unreachable);
        Assert.DoesNotContain(tokenizer.IdOf("ing")!.Value, survey.Unreachable);
        Assert.DoesNotContain(tokenizer.IdOf("▁the")!.Value, survey.Unreachable);
        Assert.Equal([0, 1, 2], survey.Special);
    }

    [Fact]
    public void Every_character_of_a_character_tokenizer_is_reached()
        => Assert.Empty(VocabularySurvey.Of(CharacterTokenizer.FromText("héllo\n")).Unreachable);
}
