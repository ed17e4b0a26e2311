using Nabla.Tokenizers.Tests.Lecture09;

namespace Nabla.Tokenizers.Tests.Splitting;

/// <summary>The chunks of the lecture, by the scanners and by the patterns themselves.</summary>
[Trait("Tier", "true")]
public sealed class LectureSplitTests
{
    private static readonly SplitPattern _gpt2 = new(SplitPatterns.Gpt2);
    private static readonly SplitPattern _cl100k = new(SplitPatterns.Cl100k);

    [Theory]
    [Trait("Number", "L09-047")]
    [InlineData("Hello", "Hello")]
    [InlineData("Hello world", "Hello| world")]
    [InlineData("Hello world how are you", "Hello| world| how| are| you")]
    public void Words_take_the_space_before_them(string text, string chunks) => AssertGpt2(text, chunks);

    [Fact]
    [Trait("Number", "L09-048")]
    public void Letters_and_numbers_part() => AssertGpt2("Hello world123 how are you", "Hello| world|123| how| are| you");

    [Fact]
    [Trait("Number", "L09-049")]
    public void Contractions_are_cut_off() =>
        AssertGpt2("Hello've world123 how's are you", "Hello|'ve| world|123| how|'s| are| you");

    [Fact]
    [Trait("Number", "L09-050")]
    public void A_curly_apostrophe_is_no_apostrophe() => AssertGpt2(" how’s", " how|’|s");

    [Theory]
    [Trait("Number", "L09-051")]
    [InlineData("HOW'S", "HOW|'|S")]
    [InlineData("HOUSE'S", "HOUSE|'|S")]
    public void Gpt2_knows_no_contractions_in_capitals(string text, string chunks) => AssertGpt2(text, chunks);

    [Fact]
    [Trait("Number", "L09-052")]
    public void Punctuation_stays_together() => AssertGpt2("how are you!!!?", "how| are| you|!!!?");

    [Fact]
    [Trait("Number", "L09-053")]
    public void Of_many_spaces_the_last_goes_with_the_word() => AssertGpt2(
        "Hello've world123 how's are       you!!!?", "Hello|'ve| world|123| how|'s| are|      | you|!!!?");

    [Theory]
    [Trait("Number", "L09-054")]
    [InlineData("Hello've world123 how's are       you!!!?    ", "Hello|'ve| world|123| how|'s| are|      | you|!!!?|    ")]
    [InlineData("how are you   ", "how| are| you|   ")]
    public void Spaces_at_the_end_are_one_chunk(string text, string chunks) => AssertGpt2(text, chunks);

    [Fact]
    [Trait("Number", "L09-055")]
    public void FizzBuzz_is_62_to_64_chunks()
    {
        Assert.Equal(62, Gpt2(Published.FizzBuzz).Count);
        Assert.Equal(63, Gpt2(Published.FizzBuzz + "\n").Count);
        Assert.Equal(64, Gpt2("\n" + Published.FizzBuzz + "\n").Count);
        Assert.Equal(["\n   ", " if"], Gpt2(Published.FizzBuzz).SkipWhile(chunk => chunk != "):").Skip(1).Take(2));
    }

    [Theory]
    [Trait("Number", "L09-058")]
    [InlineData("HOW'S", "HOW|'S")]
    [InlineData("HOUSE'S", "HOUSE|'S")]
    public void Gpt4_knows_contractions_in_capitals(string text, string chunks) => AssertCl100k(text, chunks);

    [Fact]
    [Trait("Number", "L09-059")]
    public void Gpt4_cuts_numbers_in_threes() => AssertCl100k("1234567", "123|456|7");

    [Theory]
    [Trait("Number", "L09-060")]
    [InlineData("    hello world!!!", "   | hello| world|!!!")]
    [InlineData("how’s", "how|’s")]
    [InlineData(" 101", " |101")]
    public void Gpt4_lets_a_word_take_any_character_and_a_number_none(string text, string chunks) => AssertCl100k(text, chunks);

    [Theory]
    [Trait("Number", "L09-061")]
    [InlineData('\u001C', false)]
    [InlineData('\u001F', false)]
    [InlineData('\u180E', false)]
    [InlineData('\u200B', false)]
    [InlineData('\uFEFF', false)]
    [InlineData('\u0085', true)]
    [InlineData('\u00A0', true)]
    [InlineData('\u2028', true)]
    [InlineData('\u3000', true)]
    public void White_space_is_Unicodes(char character, bool isSpace)
    {
        // White space stays together to the end; anything else joins the exclamation mark.
        var text = $"a {character}!";
        AssertGpt2(text, isSpace ? $"a| |{character}|!" : $"a| {character}!");
        AssertCl100k(text, isSpace ? $"a| |{character}|!" : $"a| {character}!");
    }

    [Fact]
    [Trait("Number", "L09-062")]
    public void The_long_s_is_an_s_where_case_does_not_count()
    {
        AssertCl100k("'ſ", "'ſ");
        AssertCl100k("x'ſt", "x|'ſ|t");
        AssertGpt2("'ſ", "'|ſ");
    }

    private static List<string> Gpt2(string text)
    {
        List<string> chunks = SplitterRoutes.Scanned<Gpt2Chunker>(text);
        Assert.Equal(chunks, SplitterRoutes.Matched(_gpt2, text));
        Assert.Equal(chunks, TextSplitter.Gpt2.Split(text));
        return chunks;
    }

    private static void AssertGpt2(string text, string chunks) => Assert.Equal(chunks.Split('|'), Gpt2(text));

    private static void AssertCl100k(string text, string chunks)
    {
        Assert.Equal(chunks.Split('|'), SplitterRoutes.Scanned<Cl100kChunker>(text));
        Assert.Equal(chunks.Split('|'), SplitterRoutes.Matched(_cl100k, text));
        Assert.Equal(chunks.Split('|'), TextSplitter.Cl100k.Split(text));
    }
}
