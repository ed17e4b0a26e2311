using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Tokenizers.Tests.Decoding;

public sealed class StreamingDecoderTests
{
    private static readonly BasicTokenizer _bytes = new([]);

    [Fact]
    public void A_character_comes_out_whole_with_its_last_byte()
    {
        StreamingDecoder decoder = new(_bytes);

        Assert.Equal(["h", "", "", "", "👋", "", "é", ""],
            [.. _bytes.Encode("h👋é").Select(decoder.Add), decoder.Finish()]);
    }

    [Fact]
    public void What_is_left_unfinished_is_one_replacement_at_the_end()
    {
        StreamingDecoder decoder = new(_bytes);

        Assert.Equal("", decoder.Add(0xF0));
        Assert.Equal("", decoder.Add(0x9F));
        Assert.Equal("\uFFFD", decoder.Finish());
    }

    [Fact]
    public void Any_bytes_give_the_text_that_they_give_together() => Prop
        .ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            int[] ids = [.. bytes.Select(value => (int)value)];
            StreamingDecoder decoder = new(_bytes);
            return string.Concat(ids.Select(decoder.Add)) + decoder.Finish() == _bytes.Decode(ids);
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20261122, 1));
}
