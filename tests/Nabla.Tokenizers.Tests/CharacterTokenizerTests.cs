using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Tokenizers.Tests;

public sealed class CharacterTokenizerTests
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1);

    [Fact]
    public void Ids_follow_the_order_of_the_code_points()
    {
        var tokenizer = CharacterTokenizer.FromText("banana é");

        Assert.Equal([0, 1, 2, 3, 4], tokenizer.Encode(" abné"));
        Assert.Equal(5, tokenizer.VocabularySize);
        Assert.Null(tokenizer.BoundaryId);
    }

    [Fact]
    public void An_explicit_vocabulary_keeps_its_order()
    {
        var tokenizer = new CharacterTokenizer("zax".EnumerateRunes());

        Assert.Equal([0, 2, 1], tokenizer.Encode("zxa"));
        Assert.Equal("zax", string.Concat(tokenizer.Characters));
    }

    [Fact]
    public void An_emoji_is_one_character_and_sorts_behind_all_of_the_basic_plane()
    {
        // By UTF-16 code units U+1F600 (D83D DE00) would come before U+FF21.
        var tokenizer = CharacterTokenizer.FromText("\uff21😀a");

        Assert.Equal([0, 1, 2, 2], tokenizer.Encode("a\uff21😀😀"));
        Assert.Equal("😀a😀", tokenizer.Decode([2, 0, 2]));
    }

    [Fact]
    public void An_empty_text_has_no_ids_and_no_ids_are_an_empty_text()
    {
        var tokenizer = CharacterTokenizer.FromText("ab");

        Assert.Empty(tokenizer.Encode(""));
        Assert.Equal("", tokenizer.Decode([]));
    }

    [Fact]
    public void A_vocabulary_without_a_token_is_refused()
    {
        Assert.Throws<TokenizerException>(() => CharacterTokenizer.FromText(""));
        Assert.Equal(1, CharacterTokenizer.FromText("\n", boundary: true).VocabularySize);
    }

    [Fact]
    public void A_boundary_is_id_0_a_line_break_in_text_and_never_a_full_stop()
    {
        var tokenizer = CharacterTokenizer.FromText("a.b\nc\n", boundary: true);

        Assert.Equal(0, tokenizer.BoundaryId);
        Assert.Equal(5, tokenizer.VocabularySize);
        Assert.Equal([0, 2, 1, 3, 0], tokenizer.Encode("\na.b\n"));
        Assert.Equal("\na.b\n", tokenizer.Decode([0, 2, 1, 3, 0]));
    }

    [Fact]
    public void A_line_break_as_character_beside_a_boundary_is_refused() =>
        Assert.Throws<TokenizerException>(() => new CharacterTokenizer("a\n".EnumerateRunes(), boundary: true));

    [Fact]
    public void A_character_that_is_twice_in_the_vocabulary_is_refused()
    {
        var exception = Assert.Throws<TokenizerException>(() => new CharacterTokenizer("abca".EnumerateRunes()));

        Assert.Contains("'a' (U+0061)", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Number", "L07-005")]
    [InlineData("abé", "character 'é' (U+00E9) at position 2")]
    [InlineData("a😀", "character '😀' (U+1F600) at position 1")]
    [InlineData("\u0007", "character U+0007 at position 0")]
    [InlineData("ab\nb", "character U+000A at position 2")]
    public void An_unknown_character_is_named_with_its_code_point_its_place_and_the_mend(string text, string part)
    {
        var exception = Assert.Throws<TokenizerException>(() => CharacterTokenizer.FromText("ab").Encode(text));

        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.Contains("remove it", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_rather_than_replaced()
    {
        var half = "a" + (char)0xd83d;

        Assert.Contains("U+D83D", Assert.Throws<TokenizerException>(() => CharacterTokenizer.FromText(half)).Message,
            StringComparison.Ordinal);
        Assert.Contains("position 1", Assert.Throws<TokenizerException>(() => CharacterTokenizer.FromText("a").Encode(half))
            .Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void An_id_outside_the_vocabulary_is_refused(int id)
    {
        var exception = Assert.Throws<TokenizerException>(() => CharacterTokenizer.FromText("ab").Decode([0, id]));

        Assert.Contains("position 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_text_comes_back_from_its_ids()
    {
        Gen<Rune> runes = Gen.OneOf(Gen.Choose(0, 0x7f), Gen.Choose(0, 0xd7ff), Gen.Choose(0xe000, 0x10ffff))
            .Select(point => new Rune(point));
        Arbitrary<Rune[]> texts = runes.NonEmptyListOf().Select(list => list.ToArray()).ToArbitrary();
        Check.One(_config, Prop.ForAll(texts, ArbMap.Default.ArbFor<bool>(), (characters, boundary) =>
        {
            var text = string.Concat(characters);
            var tokenizer = CharacterTokenizer.FromText(text, boundary);
            var ids = tokenizer.Encode(text);
            return ids.Length == characters.Length && tokenizer.Decode(ids) == text
                && ids.All(id => id >= 0 && id < tokenizer.VocabularySize);
        }));
    }
}
