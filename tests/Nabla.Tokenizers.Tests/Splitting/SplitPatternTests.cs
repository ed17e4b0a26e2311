using System.Text.RegularExpressions;

namespace Nabla.Tokenizers.Tests.Splitting;

public sealed class SplitPatternTests
{
    [Theory]
    [InlineData(@"\p{L}{2}", "𝒜𝒷𝒸", "𝒜𝒷|𝒸")]
    [InlineData(".", "🙂a\n\n𐐀", "🙂|a|\n\n|𐐀")]
    [InlineData("(?s).", "🙂\n", "🙂|\n")]
    [InlineData("[^a]+", "🙂🙂a🙂", "🙂🙂|a|🙂")]
    [InlineData("[😀-😂]+|🙃", "x😀😂🙃🙃", "x|😀😂|🙃|🙃")]
    [InlineData("🙂{2}", "🙂🙂🙂", "🙂🙂|🙂")]
    [InlineData(@"\P{L}+", "a🙂1𐐀", "a|🙂1|𐐀")]
    [InlineData(@"\x{1F642}|\U0001F643|\ud83d\ude44|\u{1F645}", "🙂🙃🙄🙅🙆", "🙂|🙃|🙄|🙅|🙆")]
    [InlineData(@"\w+", "a𝟙𐐀👨‍👩", "a𝟙𐐀|👨|‍|👩")]
    [InlineData(@"(?i)𐐀+", "𐐀𐐨𐐁", "𐐀𐐨|𐐁")]
    public void A_character_beyond_the_first_plane_is_one_character(string pattern, string text, string chunks) =>
        AssertChunks(pattern, text, chunks);

    [Theory]
    [InlineData(@"\d+", "ab12cd", "ab|12|cd")]
    [InlineData("a*", "bbab", "bb|a|b")]
    [InlineData("", "abc", "abc")]
    [InlineData("x", "", "")]
    [InlineData("(?=b)", "abab", "abab")]
    public void What_is_not_matched_stays_in_one_piece(string pattern, string text, string chunks) =>
        AssertChunks(pattern, text, chunks);

    [Theory]
    [InlineData("a++a|b", "aaab", "aaa|b")]
    [InlineData("a?+a|b", "aab", "aa|b")]
    [InlineData(@"\p{N}{1,3}+", "1234", "123|4")]
    [InlineData(@"\p{N}{1,3}+4", "124", "124")]
    [InlineData("(?:ab|a)*+b|c", "abac", "a|b|a|c")]
    [InlineData("(?>a|ab)c", "abcac", "abc|ac")]
    public void Possessive_repetitions_give_nothing_back(string pattern, string text, string chunks) =>
        AssertChunks(pattern, text, chunks);

    [Theory]
    [InlineData("(?i)straße", "STRAẞE", "STRAẞE")]
    [InlineData("(?i:k)|x", "KkKX", "K|k|K|X")]
    [InlineData("(?i:[^s])+", "abſS", "ab|ſS")]
    [InlineData("(?i:ı)|i", "Iıi", "I|ı|i")]
    [InlineData("a(?i)b(?-i)c|(?i:d)e", "aBcabCDEDe", "aBc|abCDE|De")]
    public void Letter_case_folds_as_Unicode_says_in_every_culture(string pattern, string text, string chunks) =>
        AssertChunks(pattern, text, chunks);

    [Theory]
    [InlineData("a$", "a\na", "a\n|a")]
    [InlineData("a$", "a\n", "a\n")]
    [InlineData("(?m)^a$", "a\na", "a|\n|a")]
    [InlineData("^a", "aa", "a|a")]
    [InlineData(@"\Aa\z|b\Z", "ab", "a|b")]
    [InlineData(@"\b", "ab cd", "ab cd")]
    [InlineData(@"\bc", "cc c", "c|c |c")]
    [InlineData(@"c\B", "cc c", "c|c c")]
    [InlineData("(?<=a)b|(?<!a)c", "abcac", "a|b|c|ac")]
    public void Ends_and_surroundings_are_those_of_Rust(string pattern, string text, string chunks) =>
        AssertChunks(pattern, text, chunks);

    [Theory]
    [InlineData("[]a]+", "]ab", "]a|b")]
    [InlineData("[^]a]+", "]ab", "]a|b")]
    [InlineData("[a-]+", "a-b", "a-|b")]
    [InlineData(@"[\]\-\\]+", @"]-\x", @"]-\|x")]
    [InlineData("[a-z&&[^aeiou]]+", "hello", "h|e|ll|o")]
    [InlineData(@"[\p{L}--[a-m]]+", "azb𝒜", "a|z|b|𝒜")]
    [InlineData("[a-c~~b-d]+", "abcd", "a|bc|d")]
    [InlineData(@"[\s\d]+", "a 1\t2b", "a| 1\t2|b")]
    [InlineData(@"[^\S\n]+", "  \n ", "  |\n| ")]
    [InlineData("b{2,}|c{2}|d{x|a{,2}", "aaabbbccd{x", "aa|a|bbb|cc|d{x")]
    [InlineData("(?P<x>a)(?<y>b)(c)", "abcd", "abc|d")]
    [InlineData(@"\p{^L}+|\pN|\p{Lu}\p{gc=Ll}\p{Uppercase_Letter}", "aBcD12", "a|BcD|12")]
    [InlineData("a+?|b{1,2}?", "aabb", "a|a|b|b")]
    [InlineData(@"\p{Han}+|[\p{Lo}&&[^\p{Script=Han}]]+|\p{sc=Latin}", "ab漢𠀀かな", "a|b|漢𠀀|かな")]
    public void Sets_groups_and_repetitions_are_those_of_Python_and_Rust(string pattern, string text, string chunks) =>
        AssertChunks(pattern, text, chunks);

    [Theory]
    [InlineData("(a", "a ) is missing, at position 0")]
    [InlineData("a)", "a ) has no (, at position 1")]
    [InlineData("[a", "a ] is missing, at position 2")]
    [InlineData("*a", "there is nothing to repeat before *, at position 0")]
    [InlineData("a|+", "there is nothing to repeat before +, at position 2")]
    [InlineData("a**", "a repetition cannot be repeated, at position 2")]
    [InlineData("a{3,2}", "{3,2} ends before it begins, at position 1")]
    [InlineData("a{1000000}", "a repetition of more than 100,000 times is not supported, at position 2")]
    [InlineData(@"(a)\1", "references to groups are not supported, at position 4")]
    [InlineData(@"\q", "the escape \\q is not supported, at position 1")]
    [InlineData(@"\", "it ends too early, at position 1")]
    [InlineData(@"\p{Klingon}",
        "the property Klingon is not known: general categories such as Lu and common scripts such as Han are, at position 2")]
    [InlineData(@"\p{L", "a } is missing, at position 3")]
    [InlineData(@"\x{110000}", "a character's number in hexadecimal digits is missing, at position 2")]
    [InlineData(@"\ud800", "half of a surrogate pair stands alone, at position 2")]
    [InlineData("[z-a]", "a range in brackets must go from a character to a later one, at position 2")]
    [InlineData(@"[a-\d]", "a range in brackets must go from a character to a later one, at position 2")]
    [InlineData("[[:alpha:]]", "named sets such as [:alpha:] are not supported: write \\p{L} or the characters, at position 1")]
    [InlineData("(?R)", "this kind of group is not supported, at position 0")]
    [InlineData("(?(1)a|b)", "this kind of group is not supported, at position 0")]
    [InlineData("(?x) a", "this kind of group is not supported, at position 0")]
    public void What_is_not_supported_is_named_with_its_place(string pattern, string message)
    {
        TokenizerException exception = Assert.Throws<TokenizerException>(() => TextSplitter.FromPattern(pattern));
        Assert.Equal($"the split pattern cannot be used: {message} of {pattern}", exception.Message);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_in_a_pattern_is_refused() => Assert.Contains("stands alone, at position 1",
        Assert.Throws<TokenizerException>(() => TextSplitter.FromPattern("a\ud800b")).Message, StringComparison.Ordinal);

    [Fact]
    public void Deep_nesting_is_refused_before_the_stack_ends()
    {
        Assert.Throws<TokenizerException>(() => TextSplitter.FromPattern(new string('(', 100_000)));
        Assert.Throws<TokenizerException>(() => TextSplitter.FromPattern(new string('[', 100_000)));
    }

    [Fact]
    public void A_pattern_with_too_many_ways_to_match_ends_in_one_clear_line()
    {
        var pattern = new SplitPattern(@"(?:\w+\s?)+!", TimeSpan.FromMilliseconds(20));
        TokenizerException exception = Assert.Throws<TokenizerException>(
            () => SplitterRoutes.Matched(pattern, new string('a', 100) + "-!"));
        Assert.StartsWith("the split pattern takes too long at position 0", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(@"\p{L}+")]
    [InlineData(SplitPatterns.Gpt2)]
    public void Half_of_a_surrogate_pair_is_refused_with_its_place(string? pattern)
    {
        TextSplitter splitter = pattern is null ? TextSplitter.None : TextSplitter.FromPattern(pattern);
        foreach (var text in new[] { "𝒜b\ud835", "𝒜b\ud835x", "𝒜b\udc9c" })
        {
            TokenizerException exception = Assert.Throws<TokenizerException>(() => splitter.Split(text));
            Assert.Contains("stands alone at position 3", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(@"\w+|\s+")]
    [InlineData(@"[a-f]+|[^a-f\s]+")]
    [InlineData(@"(?:ab|a)(?:b|c)?")]
    [InlineData(@"a(?=b)|b(?!a)|\s")]
    [InlineData(@"(?<=a)b+?|(?<!b)c{2,3}")]
    [InlineData(@"(?i:[ab])+|.\B")]
    [InlineData(@"\ba|b\b|^c|d\z")]
    [InlineData(@"(?>a+|b)a|[\-c-e]+")]
    public void On_Ascii_a_pattern_does_what_dotnet_does(string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant);
        var splitPattern = new SplitPattern(pattern);
        var random = new Random(3);
        for (var round = 0; round < 2000; round++)
        {
            var text = new string(random.GetItems("abcdefAB c-\n1".ToCharArray(), random.Next(20)));
            Assert.Equal(Pieces(regex, text), SplitterRoutes.Matched(splitPattern, text));
        }
    }

    private static void AssertChunks(string pattern, string text, string chunks)
    {
        TextSplitter splitter = TextSplitter.FromPattern(pattern);
        Assert.Equal(SplitKind.Pattern, splitter.Kind);
        Assert.Equal(pattern, splitter.Pattern);
        Assert.Equal(chunks.Split('|', StringSplitOptions.RemoveEmptyEntries), splitter.Split(text));
    }

    private static List<string> Pieces(Regex regex, string text)
    {
        List<string> pieces = [];
        var end = 0;
        foreach (Match match in regex.Matches(text).Where(match => match.Length > 0))
        {
            pieces.AddRange(text[end..match.Index], match.Value);
            end = match.Index + match.Length;
        }

        pieces.Add(text[end..]);
        return [.. pieces.Where(piece => piece.Length > 0)];
    }
}
