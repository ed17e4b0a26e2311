using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Decoding;

/// <summary>From ids to bytes to text: the numbers of lecture 9, on a vocabulary of the 256 bytes.</summary>
public sealed class DecodingTests
{
    private static readonly BasicTokenizer _bytes = new([]);

    [Fact]
    [Trait("Number", "L09-034")]
    public void A_token_of_one_letter_is_that_letter() => Assert.Equal("a", _bytes.Decode([97]));

    [Fact]
    [Trait("Number", "L09-035")]
    public void A_strict_decoder_names_the_byte_its_position_and_what_is_wrong() =>
        Assert.StartsWith("byte 0x80 in position 0: invalid start byte", Fault(128), StringComparison.Ordinal);

    [Theory]
    [InlineData("byte 0xff in position 1: invalid start byte", 97, 0xFF)]
    [InlineData("byte 0xc0 in position 0: invalid start byte", 0xC0, 0x80)]
    [InlineData("byte 0xe2 in position 2: invalid continuation byte", 97, 97, 0xE2, 0x82, 97)]
    [InlineData("byte 0xed in position 0: invalid continuation byte", 0xED, 0xA0, 0x80)]
    [InlineData("byte 0xf0 in position 0: unexpected end of data", 0xF0, 0x9F, 0x98)]
    public void The_reason_is_the_one_that_Python_gives(string expected, params int[] ids) =>
        Assert.StartsWith(expected, Fault(ids), StringComparison.Ordinal);

    [Fact]
    public void A_strict_decoder_takes_what_is_valid() => Assert.Equal("é 안 👋 \uFFFD", _bytes.DecodeStrict(_bytes.Encode("é 안 👋 \uFFFD")));

    [Fact]
    [Trait("Number", "L09-036")]
    public void A_byte_that_begins_no_character_becomes_a_replacement() => Assert.Equal("\uFFFD", _bytes.Decode([128]));

    [Theory]
    [Trait("Number", "L09-037")]
    [InlineData(1, 0xE2, 0x82)]
    [InlineData(1, 0xF0, 0x9F, 0x98)]
    [InlineData(2, 0xC0, 0x80)]
    [InlineData(3, 0xED, 0xA0, 0x80)]
    public void Each_maximal_part_of_a_character_is_one_replacement(int count, params int[] ids) =>
        Assert.Equal(new string('\uFFFD', count), _bytes.Decode(ids));

    [Fact]
    [Trait("Number", "L09-038")]
    public void Bytes_are_joined_before_they_are_read_as_UTF8() => Assert.Equal("안", _bytes.Decode([236, 149, 136]));

    [Theory]
    [Trait("Number", "L09-039")]
    [InlineData(256)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void An_id_outside_the_vocabulary_is_refused(int id)
    {
        string expected = $"id {id} is outside the vocabulary: ids run from 0 to 255.";

        Assert.Equal(expected, Assert.Throws<TokenizerException>(() => _bytes.Decode([97, id])).Message);
        Assert.Equal(expected, Assert.Throws<TokenizerException>(() => _bytes.TokenBytes(id).Length).Message);
        Assert.Equal(expected, Assert.Throws<TokenizerException>(() => new StreamingDecoder(_bytes).Add(id)).Message);
    }

    [Fact]
    [Trait("Number", "L09-044")]
    public void Every_text_comes_back_from_its_ids()
    {
        string page = File.ReadAllText(TestFiles.Data("taylorswift.txt"));
        string unseen = "Многие common characters, 包括 numerals, punctuation… and 😄 emoji, are text\r\n\ttoo; 3.14 or ½?\0 ";
        foreach (ITokenizer tokenizer in (ITokenizer[])[BasicTokenizer.Train(page, 276), RegexTokenizer.Train(page, 512)])
        {
            Assert.Equal("hello world", tokenizer.Decode(tokenizer.Encode("hello world")));
            Assert.Equal(page, tokenizer.Decode(tokenizer.Encode(page)));
            Assert.Equal(unseen, tokenizer.DecodeStrict(tokenizer.Encode(unseen)));
        }
    }

    private static string Fault(params int[] ids) => Assert.Throws<TokenizerException>(() => _bytes.DecodeStrict(ids)).Message;
}
