using FsCheck;
using FsCheck.Fluent;
using Nabla.Tests;
using Nabla.Tokenizers.Tests.Lecture09;

namespace Nabla.Tokenizers.Tests;

public sealed class SurgeryTests
{
    private const string Text = "the theatre then, the thing, other things, there and thither; aaaa aaaaaaa. mother, brother and father "
        + "thought something of nothing, whether the weather held or not: weathering northern winters is either hard or harder";

    private static readonly Config _config = Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1);

    // Once with merges of its own, and once with the same as ranks.
    public static TheoryData<bool> Kinds => [false, true];

    [Fact]
    public void Special_tokens_get_the_ids_after_all_others()
    {
        RegexTokenizer tokenizer = Published.Cl100k.AddSpecialTokens("<|im_start|>", "<|im_end|>");

        Assert.Equal(100279, tokenizer.VocabularySize);
        Assert.Equal([100277, 15339, 100278], tokenizer.Encode("<|im_start|>hello<|im_end|>", SpecialTokenPolicy.Allow));
        Assert.Throws<TokenizerException>(() => tokenizer.AddSpecialTokens("<|im_end|>"));
        Assert.Throws<TokenizerException>(() => tokenizer.AddSpecialTokens(""));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_ordinary_token_is_added_by_a_merge_after_all_others(bool byRank)
    {
        RegexTokenizer tokenizer = Make(300, byRank);
        int[] pieces = tokenizer.Encode("theother");

        RegexTokenizer grown = tokenizer.AddTokens("theother");

        int[] ids = grown.Encode("theother");
        Assert.True(pieces.Length > 1);
        Assert.Equal([grown.VocabularySize - 1], ids);
        Assert.Equal(pieces.Length - 1, grown.VocabularySize - tokenizer.VocabularySize);
        Assert.Equal("theother", grown.Decode(ids));
        Assert.Equal(tokenizer.Encode(Text), grown.Encode(Text));
        Assert.Equal(byRank, grown.Vocabulary.MergesByRank);
        // Within a larger chunk, too: it is merged and not only looked up.
        Assert.Contains(ids[0], grown.Encode("theotherQ"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_added_is_one_token_and_old_ids_stay(bool byRank)
    {
        RegexTokenizer tokenizer = Make(290, byRank).WithSpecialTokens([new("<end>", 291)]);
        Gen<string[]> texts = Gen.Elements("aaaa", "abab", "th", "thth", "é", "他的", " then", "xyz", "aXaX", "there", "aaaaaaa", "  ", "123")
            .ArrayOf().Where(texts => texts.Length > 0);

        Check.One(_config.WithMaxTest(200), Prop.ForAll(texts.ToArbitrary(), texts =>
        {
            string[] fresh = [.. texts.Distinct().Where(text => tokenizer.Encode(text).Length > 1)];
            RegexTokenizer grown = tokenizer.AddTokens(fresh);
            return fresh.All(text => grown.Encode(text).Length == 1)
                && grown.SpecialTokens.Ids["<end>"] == 291
                && Enumerable.Range(0, tokenizer.VocabularySize).All(id => tokenizer.TokenBytes(id).SequenceEqual(grown.TokenBytes(id)))
                && grown.Decode(grown.Encode(Text)) == Text;
        }));
    }

    [Fact]
    public void Tokens_that_cannot_be_made_are_refused()
    {
        RegexTokenizer tokenizer = Make(300, byRank: false);

        Assert.Contains("not one chunk", Refused("two words"), StringComparison.Ordinal);
        Assert.Contains("not one chunk", Refused(""), StringComparison.Ordinal);
        Assert.Contains("is token 97 already", Refused("a"), StringComparison.Ordinal);

        string Refused(string text) => Assert.Throws<TokenizerException>(() => tokenizer.AddTokens(text)).Message;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_first_merges_are_what_a_shorter_training_would_have_learned(bool byRank)
    {
        RegexTokenizer tokenizer = Make(300, byRank).WithSpecialTokens([new("<end>", 300)]);

        (RegexTokenizer shrunk, var newIds) = tokenizer.KeepMerges(20);

        RegexTokenizer shorter = RegexTokenizer.Train(Text, 276);
        Assert.Equal(277, shrunk.VocabularySize);
        Assert.Equal(shorter.Vocabulary.Merges, shrunk.Vocabulary.Merges);
        Assert.Equal(276, shrunk.SpecialTokens.Ids["<end>"]);
        Assert.Equal([.. Enumerable.Range(0, 276), .. Enumerable.Repeat(-1, 24), 276], newIds);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_a_text_needs_is_kept_and_its_ids_only_change_their_names(bool byRank)
    {
        RegexTokenizer tokenizer = Make(310, byRank).WithSpecialTokens([new("<end>", 320)]);

        Check.One(_config.WithMaxTest(100), Prop.ForAll(Gen.Elements(Text.Split(' ')).ArrayOf().ToArbitrary(), words =>
        {
            var text = string.Join(' ', words);
            int[] ids = tokenizer.Encode(text);
            (RegexTokenizer shrunk, var newIds) = tokenizer.Keep(ids);
            int[] kept = [.. newIds.Where(id => id >= 0)];
            return shrunk.Encode(text).SequenceEqual(ids.Select(id => newIds[id]))
                && kept.SequenceEqual(Enumerable.Range(0, shrunk.VocabularySize))
                && shrunk.Decode(shrunk.Encode(Text)) == Text
                && newIds.Length == 321 && newIds[320] == shrunk.VocabularySize - 1;
        }));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("cl100k_base")]
    public void A_published_vocabulary_is_cut_down_to_tiny_Shakespeare(string name)
    {
        RegexTokenizer tokenizer = name == "gpt2" ? Published.Gpt2 : Published.Cl100k;
        var text = File.ReadAllText(TestFiles.Data("tinyshakespeare.txt"));
        int[] ids = tokenizer.Encode(text);

        (RegexTokenizer shrunk, var newIds) = tokenizer.Keep(ids);

        Assert.Equal(ids.Select(id => newIds[id]), shrunk.Encode(text));
        Assert.InRange(shrunk.VocabularySize, 10_000, 16_000);
        Assert.Equal(shrunk.VocabularySize - 1, newIds.Max());
        Assert.Equal(tokenizer.SpecialTokens.Ids.Keys.Order(), shrunk.SpecialTokens.Ids.Keys.Order());
    }

    [Fact]
    public void An_id_that_is_none_is_refused() =>
        Assert.Throws<TokenizerException>(() => Make(300, byRank: false).Keep(300));

    private static RegexTokenizer Make(int size, bool byRank)
    {
        RegexTokenizer tokenizer = RegexTokenizer.Train(Text, size);
        Assert.Equal(size, tokenizer.VocabularySize);
        return byRank
            ? new RegexTokenizer(
                BytePairVocabulary.FromRanks([.. Enumerable.Range(0, size).Select(id => tokenizer.TokenBytes(id).ToArray())]), tokenizer.Splitter)
            : tokenizer;
    }
}
