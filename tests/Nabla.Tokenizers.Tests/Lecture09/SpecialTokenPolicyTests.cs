using static Nabla.Tokenizers.Tests.Lecture09.Published;

namespace Nabla.Tokenizers.Tests.Lecture09;

/// <summary>Special tokens as the lecture shows them: found whole, before anything is merged, and only where they are allowed.</summary>
public sealed class SpecialTokenPolicyTests
{
    [Fact]
    [Trait("Number", "L09-081")]
    public void The_end_of_text_is_one_token_of_GPT2_where_it_is_allowed()
    {
        Assert.Equal([50256], Gpt2.Encode("<|endoftext|>", SpecialTokenPolicy.Allow));
        Assert.Equal([50256, 31373, 995], Gpt2.Encode("<|endoftext|>hello world", SpecialTokenPolicy.Allow));
    }

    [Fact]
    [Trait("Number", "L09-082")]
    public void Half_a_special_token_is_text_under_every_policy()
    {
        foreach (SpecialTokenPolicy policy in new[] { SpecialTokenPolicy.Refuse, SpecialTokenPolicy.Allow, SpecialTokenPolicy.AsText })
        {
            Assert.Equal([27, 91, 437, 1659, 16886], Gpt2.Encode("<|endoftex", policy));
            Assert.Equal([27, 91, 8862, 728, 327], Cl100k.Encode("<|endoftex", policy));
        }
    }

    [Fact]
    [Trait("Number", "L09-094")]
    public void The_end_of_text_is_one_token_of_GPT4_where_it_is_allowed() =>
        Assert.Equal([100257, 15339, 1917], Cl100k.Encode("<|endoftext|>hello world", SpecialTokenPolicy.Allow));

    [Theory]
    [Trait("Number", "L09-105")]
    [InlineData("<|endoftext|>", 100257)]
    [InlineData("<|fim_prefix|>", 100258)]
    [InlineData("<|fim_middle|>", 100259)]
    [InlineData("<|fim_suffix|>", 100260)]
    [InlineData("<|endofprompt|>", 100276)]
    public void GPT4_has_five_special_tokens(string text, int id)
    {
        Assert.Equal(5, Cl100k.SpecialTokens.Ids.Count);
        Assert.Equal(id, Cl100k.SpecialTokens.Ids[text]);
        Assert.True(Cl100k.IsSpecial(id));
        Assert.Equal(text, Cl100k.Decode([id]));
    }

    [Fact]
    [Trait("Number", "L09-106")]
    public void Special_tokens_of_ones_own_are_added()
    {
        RegexTokenizer chat = Cl100k.WithSpecialTokens([new("<|im_start|>", 100264), new("<|im_end|>", 100265)]);

        int[] ids = chat.Encode("<|im_start|>user\nhi<|im_end|>", SpecialTokenPolicy.Allow);

        Assert.Equal([100264, 882, 198, 6151, 100265], ids);
        Assert.Equal("<|im_start|>user\nhi<|im_end|>", chat.Decode(ids));
    }

    [Fact]
    [Trait("Number", "L09-107")]
    public void A_special_token_in_a_users_text_is_refused_unless_one_says_otherwise()
    {
        var exception = Assert.Throws<TokenizerException>(() => Cl100k.Encode("a <|endoftext|> b"));

        Assert.Contains("<|endoftext|>", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Number", "L09-108")]
    public void As_text_a_special_token_is_ordinary_tokens()
    {
        Assert.Equal("64,1279,91,437,1659,5239,91,29,275", Join(Gpt2.Encode("a <|endoftext|> b", SpecialTokenPolicy.AsText)));
        Assert.Equal("64,83739,8862,728,428,91,29,293", Join(Cl100k.Encode("a <|endoftext|> b", SpecialTokenPolicy.AsText)));
    }

    [Fact]
    [Trait("Number", "L09-109")]
    public void Of_two_special_tokens_one_may_be_allowed_and_the_other_text()
    {
        SpecialTokenPolicy policy = SpecialTokenPolicy.AllowOnly(["<|endoftext|>"], refuseOthers: false);

        Assert.Equal("64,100257,65,27,91,69,318,14301,91,29", Join(Cl100k.Encode("a<|endoftext|>b<|fim_prefix|>", policy)));
    }

    [Fact]
    [Trait("Number", "L09-110")]
    public void Of_two_special_tokens_one_may_be_allowed_and_the_other_refused()
    {
        SpecialTokenPolicy policy = SpecialTokenPolicy.AllowOnly(["<|endoftext|>"]);

        var exception = Assert.Throws<TokenizerException>(() => Cl100k.Encode("a<|endoftext|>b<|fim_prefix|>", policy));

        Assert.Contains("<|fim_prefix|>", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 300, "no text")]
    [InlineData("<a>", -1, "ids run from 0")]
    [InlineData("<a>", 2_000_000_000, "ids run from 0")]
    [InlineData("<|endoftext|>", 300000, "has ids 100257 and 300000")]
    [InlineData("<a>", 100257, "both have id 100257")]
    [InlineData("<a>", 15339, "ordinary token")]
    public void What_collides_is_refused(string text, int id, string part)
    {
        var exception = Assert.Throws<TokenizerException>(() => Cl100k.WithSpecialTokens([new(text, id)]));

        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_special_token() =>
        Assert.Contains("surrogate", Assert.Throws<TokenizerException>(() => new SpecialTokens([new("<\uD83D>", 300)])).Message, StringComparison.Ordinal);

    [Fact]
    public void Of_two_that_begin_alike_the_longer_is_found()
    {
        var tokenizer = new RegexTokenizer(
            BytePairVocabulary.Bytes, TextSplitter.None, new SpecialTokens([new("<a", 300), new("<a>", 301), new("a><", 302)]));

        Assert.Equal([301, 300, 302], tokenizer.Encode("<a><aa><", SpecialTokenPolicy.Allow));
    }
}
