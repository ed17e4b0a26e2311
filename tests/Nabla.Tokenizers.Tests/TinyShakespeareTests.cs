using Nabla.Tests;

namespace Nabla.Tokenizers.Tests;

/// <summary>The numbers of lecture 7 about its text, character by character.</summary>
public sealed class TinyShakespeareTests
{
    private static readonly int[] _firstIds = [18, 47, 56, 57, 58, 1, 15, 47, 58];

    private readonly string _text = File.ReadAllText(TestFiles.Data("tinyshakespeare.txt"));

    private CharacterTokenizer Tokenizer => field ??= CharacterTokenizer.FromText(_text);

    [Fact]
    [Trait("Number", "L07-001")]
    public void The_text_has_1115394_characters() => Assert.Equal(1_115_394, _text.Length);

    [Fact]
    [Trait("Number", "L07-002")]
    [Trait("Number", "L09-001")]
    public void The_65_characters_are_sorted_newline_first_and_space_second()
    {
        Assert.Equal(65, Tokenizer.VocabularySize);
        Assert.Equal([0, 1], Tokenizer.Encode("\n "));
        Assert.Equal("\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", string.Concat(Tokenizer.Characters));
    }

    [Fact]
    [Trait("Number", "L07-003")]
    [Trait("Number", "L09-003")]
    public void Hii_there_has_the_ids_of_the_lecture()
    {
        int[] ids = [46, 47, 47, 1, 58, 46, 43, 56, 43];

        Assert.Equal(ids, Tokenizer.Encode("hii there"));
        Assert.Equal("hii there", Tokenizer.Decode(ids));
    }

    [Fact]
    [Trait("Number", "L07-004")]
    public void The_whole_text_comes_back_from_its_ids() => Assert.Equal(_text, Tokenizer.Decode(Tokenizer.Encode(_text)));

    [Fact]
    [Trait("Number", "L07-005")]
    public void A_character_that_Shakespeare_does_not_use_is_refused() =>
        Assert.Contains("U+00E9", Assert.Throws<TokenizerException>(() => Tokenizer.Encode("café")).Message,
            StringComparison.Ordinal);

    [Fact]
    [Trait("Number", "L07-007")]
    public void There_is_one_id_for_each_character() => Assert.Equal(1_115_394, Tokenizer.Encode(_text).Length);

    [Fact]
    [Trait("Number", "L07-009")]
    public void The_first_9_ids_are_those_of_the_lecture() => Assert.Equal(_firstIds, Tokenizer.Encode(_text)[..9]);

    [Fact]
    [Trait("Number", "L09-002")]
    public void The_first_1000_characters_are_1000_ids()
    {
        var ids = Tokenizer.Encode(_text.AsSpan(0, 1000));

        Assert.Equal(1000, ids.Length);
        Assert.Equal([18, 47, 56, 57, 58, 1, 15, 47, 58, 47], ids[..10]);
    }

    [Fact]
    [Trait("Number", "L07-010")]
    public void One_chunk_of_9_ids_holds_8_examples()
    {
        var ids = Tokenizer.Encode(_text);
        var x = ids[..8];
        var y = ids[1..9];

        for (var t = 0; t < 8; t++)
        {
            Assert.Equal(_firstIds[..(t + 1)], x[..(t + 1)]);
            Assert.Equal(_firstIds[t + 1], y[t]);
        }
    }
}
