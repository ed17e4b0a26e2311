using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Tokenizers.Tests.Splitting;

public sealed class SplitterPropertyTests
{
    private static readonly Config _thorough = Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20240220, 7);

    private static readonly (TextSplitter Splitter, SplitPattern Pattern)[] _published =
    [
        .. ((string[])[SplitPatterns.Gpt2, SplitPatterns.Cl100k, SplitPatterns.Cl100kPossessive, SplitPatterns.O200k])
            .Select(pattern => (TextSplitter.FromPattern(pattern), new SplitPattern(pattern))),
    ];

    // Runs of letters are found sixteen bytes at once where the machine can.
    [Fact]
    [Trait("Tier", "true")]
    public void Chunks_join_to_the_text_and_are_those_of_the_pattern() => Check.One(_thorough, Prop.ForAll(Texts(), text =>
    {
        foreach ((TextSplitter splitter, SplitPattern pattern) in _published)
        {
            var chunks = splitter.Split(text);
            Assert.Equal(text, string.Concat(chunks));
            Assert.DoesNotContain("", chunks);
            Assert.Equal(SplitterRoutes.Matched(pattern, text), chunks);
        }
    }));

    [Fact]
    public void Any_pattern_is_refused_in_one_line_or_its_chunks_join_to_the_text()
    {
        Gen<string> patterns = Gen.Elements(["a", "b", "🙂", ".", "*", "+", "?", "|", "(", ")", "[", "]", "^", "$", "-", "{1,2}", "{2}",
            "(?i:", "(?!", "(?=", "(?<=", "(?>", "\\p{L}", "\\P{N}", "\\s", "\\S", "\\b", "\\", "&&", "\\u0061", "(?i)", "😀-🙏"]).ListOf()
            .Select(string.Concat);
        var accepted = 0;
        Check.One(_thorough.WithMaxTest(500), Prop.ForAll(patterns.ToArbitrary(), pattern =>
        {
            try
            {
                var splitPattern = new SplitPattern(pattern, TimeSpan.FromSeconds(1));
                foreach (var text in new[] { "", "ab aab🙂🙂 B", "𝒜-𝒷\n\naaaa" })
                {
                    Assert.Equal(text, string.Concat(SplitterRoutes.Matched(splitPattern, text)));
                }

                accepted++;
            }
            catch (TokenizerException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
            }
        }));
        Assert.InRange(accepted, 50, 450);
    }

    private static Arbitrary<string> Texts() => Gen.OneOf(
        Gen.Choose(0x20, 0x7E),
        Gen.Choose('a', 'z'),
        Gen.Choose('a', 'z'),
        Gen.Elements(" ", "\n", "\r", "\t", "'", "s", "S", "l", "A", "1", "/", "\u3000", "\u0301", "ª", "ſ")
            .Select(text => (int)text[0]),
        Gen.Choose(0, 0xD7FF),
        Gen.Choose(0xE000, 0x10FFFF)).ListOf()
        .Select(codePoints => string.Concat(codePoints.Select(codePoint => new Rune(codePoint).ToString()))).ToArbitrary();
}
