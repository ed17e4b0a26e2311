using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Tokenizers.Tests.Inspection;

public sealed class SplitDifferenceTests
{
    private static readonly BasicTokenizer _bytes = new([]);

    [Fact]
    public void Equal_tokenizers_do_not_differ() => Assert.Empty(Between(_bytes, new BasicTokenizer([]), "abc 안녕 😉"));

    [Fact]
    public void A_difference_reaches_from_one_common_cut_to_the_next()
    {
        // ab|c|ab|c|d against a|bc|a|bc|d: where one cuts in the middle of the other's token.
        var first = new BasicTokenizer([new('a', 'b')]);
        var second = new BasicTokenizer([new('b', 'c')]);

        Assert.Equal(
            [new SplitDifference(0, 3, 0..2, 0..2), new SplitDifference(3, 6, 2..4, 2..4)], Between(first, second, "abcabcd"));
    }

    [Fact]
    public void Within_a_character_the_bytes_tell()
    {
        byte[] sign = System.Text.Encoding.UTF8.GetBytes("€");
        var front = new BasicTokenizer([new(sign[0], sign[1])]);
        var back = new BasicTokenizer([new(sign[1], sign[2])]);

        Assert.Equal([new SplitDifference(1, 2, 1..3, 1..3)], Between(front, back, "a€b"));
        Assert.Empty(Between(front, new BasicTokenizer([new(sign[0], sign[1])]), "a€b"));
    }

    [Fact]
    public void An_empty_text_has_no_differences() => Assert.Empty(Between(_bytes, _bytes, ""));

    [Fact]
    public void Outside_the_differences_the_tokens_are_the_same_and_inside_they_cover_the_same_text()
    {
        var first = BasicTokenizer.Train("the cat and the hat sat on that mat, äöü äöü €€", 275);
        var second = BasicTokenizer.Train("a hat at the theatre, a cat at sea äöü €", 270);
        Gen<string> texts = Gen.Elements("the ", "cat", "hat", "at", "ä", "ö", "€", "😉", " ", "sea", "th").ArrayOf()
            .Select(parts => string.Concat(parts));

        Prop.ForAll(Arb.From(texts), text =>
        {
            TokenRange[] a = first.EncodeWithRanges(text);
            TokenRange[] b = second.EncodeWithRanges(text);
            (int i, int j) = (0, 0);
            foreach (SplitDifference difference in SplitDifference.Between(first, a, second, b))
            {
                Assert.Equal(Texts(first, a[i..difference.First.Start.Value]), Texts(second, b[j..difference.Second.Start.Value]));
                string[] left = Texts(first, a[difference.First]);
                string[] right = Texts(second, b[difference.Second]);
                Assert.NotEqual(left, right);
                Assert.Equal(string.Concat(left), string.Concat(right));
                Assert.Equal(
                    Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text[difference.Start..difference.End])), string.Concat(left));
                (i, j) = (difference.First.End.Value, difference.Second.End.Value);
            }

            Assert.Equal(Texts(first, a[i..]), Texts(second, b[j..]));
        }).Check(Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1));
    }

    private static string[] Texts(BasicTokenizer tokenizer, TokenRange[] tokens)
        => [.. tokens.Select(token => Convert.ToHexString(tokenizer.TokenBytes(token.Id)))];

    private static IReadOnlyList<SplitDifference> Between(BasicTokenizer first, BasicTokenizer second, string text)
        => SplitDifference.Between(first, first.EncodeWithRanges(text), second, second.EncodeWithRanges(text));
}
