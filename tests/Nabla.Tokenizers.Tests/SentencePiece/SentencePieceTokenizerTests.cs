using System.Text;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>What holds for every text and every id, whatever the model.</summary>
public sealed class SentencePieceTokenizerTests
{
    private static readonly Lazy<SentencePieceTokenizer> _llama2 =
        new(() => SentencePieceTokenizer.Load(TestFiles.Data("llama2_tokenizer.model")));

    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("ab")]
    [InlineData("\U0001F600")]
    public void A_million_times_the_same_does_not_take_quadratic_time(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 1_000_000));
        foreach (SentencePieceTokenizer tokenizer in new[]
        {
            _llama2.Value, SentencePieceTokenizer.Load(TestFiles.Fixture("sentencepiece-unigram.model")),
        })
        {
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        }
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused_with_its_place()
    {
        foreach (var text in new[] { "ab\uD83D", "ab\uDE00c", "ab\uD83D\uD83D\uDE00" })
        {
            var fault = Assert.Throws<TokenizerException>(() => _llama2.Value.Encode(text)).Message;
            Assert.StartsWith("the text has half of a surrogate pair, U+", fault, StringComparison.Ordinal);
            Assert.Contains("at position 2", fault, StringComparison.Ordinal);
            Assert.Throws<TokenizerException>(() => _llama2.Value.Count(text));
            Assert.Throws<TokenizerException>(() => _llama2.Value.EncodeWithRanges(text));
        }
    }

    [Fact]
    public void Token_bytes_join_to_the_text_but_for_the_space_in_front()
    {
        for (var seed = 1; seed <= 2000; seed++)
        {
            var text = MixedText.Of(seed).Replace('▁', ' ');
            Assert.Equal(" " + text, Encoding.UTF8.GetString(
                [.. _llama2.Value.Encode(text).SelectMany(id => _llama2.Value.TokenBytes(id).ToArray())]));
            Assert.Equal(text, _llama2.Value.DecodeStrict(_llama2.Value.Encode(text)));
            Assert.Equal(_llama2.Value.Encode(text).Length, _llama2.Value.Count(text));
        }
    }

    [Fact]
    public void A_stream_of_ids_decodes_to_the_text()
    {
        const string Text = "hello 안녕하세요 😉 and more";
        var decoder = new StreamingDecoder(_llama2.Value);
        var text = string.Concat(_llama2.Value.Encode(Text).Select(decoder.Add));
        Assert.Equal(Text, text + decoder.Finish());
    }

    [Fact]
    public void Ids_outside_of_the_vocabulary_are_refused()
    {
        Assert.Equal("id 32000 is outside the vocabulary: ids run from 0 to 31999.",
            Assert.Throws<TokenizerException>(() => _llama2.Value.Decode([1, 32000])).Message);
        Assert.Throws<TokenizerException>(() => _llama2.Value.Decode([-1]));
        Assert.Throws<TokenizerException>(() => _llama2.Value.TokenBytes(32000));
        Assert.Throws<TokenizerException>(() => _llama2.Value.PieceOf(-1));
    }

    [Fact]
    public void Special_pieces_are_those_that_no_text_becomes()
    {
        Assert.Equal([0, 1, 2], Enumerable.Range(-5, 32010).Where(_llama2.Value.IsSpecial));
        Assert.Equal((true, ".model"), (_llama2.Value.DropsLeadingSpace, _llama2.Value.FileExtension));
        Assert.True(_llama2.Value.TokenBytes(1).IsEmpty);
        Assert.Equal([0x41], _llama2.Value.TokenBytes(3 + 0x41).ToArray());
    }

    [Fact]
    public void Many_threads_get_the_same_ids()
    {
        int[][] expected = [.. Enumerable.Range(1, 500).Select(seed => _llama2.Value.Encode(MixedText.Of(seed)))];
        Parallel.For(0, 2000, index =>
            Assert.Equal(expected[index % 500], _llama2.Value.Encode(MixedText.Of((index % 500) + 1))));
    }
}
