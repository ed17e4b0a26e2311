namespace Nabla.Plotting.Tests;

public sealed class SvgWriterTests
{
    [Theory]
    [InlineData(-0.0, "0")]
    [InlineData(-0.001, "0")]
    [InlineData(1234.5, "1234.5")]
    [InlineData(-2.346, "-2.35")]
    [InlineData(1e9, "1000000000")]
    public void Numbers_have_at_most_two_decimals_and_zero_no_sign(double value, string text)
        => Assert.Equal(text, SvgWriter.Number(value));

    [Theory]
    [InlineData("a < b & \"c\" > d", "a &lt; b &amp; &quot;c&quot; &gt; d")]
    [InlineData("line\nline\ttab\r", "line line tab ")]
    [InlineData("naïve 漢字 😀", "naïve 漢字 😀")]
    public void Text_is_escaped(string text, string escaped) => Assert.Equal(escaped, SvgWriter.Escape(text));

    [Fact]
    public void What_xml_forbids_is_replaced()
        => Assert.Equal(new string('\uFFFD', 7), SvgWriter.Escape("\0\u0001\u007F\u0085\uFFFE\uFFFF\uD800"));
}
