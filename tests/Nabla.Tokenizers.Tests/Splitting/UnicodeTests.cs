namespace Nabla.Tokenizers.Tests.Splitting;

/// <summary>
/// tiktoken and .NET must know the same Unicode. Should a later .NET class a new character in another way, then these tests
/// say which.
/// </summary>
public sealed class UnicodeTests
{
    [Fact]
    [Trait("Number", "L09-061")]
    public void The_sets_of_patterns_hold_the_same_characters_as_tiktokens()
    {
        foreach ((string pattern, int[] expected) in TiktokenFixture.Sets)
        {
            CodePointSet set = Assert.Single(PatternParser.Parse(pattern), piece => piece.Set is not null).Set!;
            int[] actual = [.. set.Ranges.ToArray().SelectMany(range => new[] { range.First, range.Last })];
            Assert.Equal((pattern, Listed(expected)), (pattern, Listed(actual)));
        }
    }

    [Fact]
    public void Every_code_point_has_the_class_that_tiktokens_sets_give_it()
    {
        Dictionary<string, CharacterClass> classes = new()
        {
            ["\\p{Lu}"] = CharacterClass.Upper,
            ["\\p{Lt}"] = CharacterClass.Upper,
            ["\\p{Ll}"] = CharacterClass.Lower,
            ["\\p{Lm}"] = CharacterClass.Caseless,
            ["\\p{Lo}"] = CharacterClass.Caseless,
            ["\\p{M}"] = CharacterClass.Mark,
            ["\\p{N}"] = CharacterClass.Number,
            ["\\s"] = CharacterClass.Blank,
        };
        var expected = new CharacterClass[0x110000];
        Array.Fill(expected, CharacterClass.Other);
        foreach ((string pattern, int[] ranges) in TiktokenFixture.Sets.Where(set => classes.ContainsKey(set.Pattern)))
        {
            for (var index = 0; index < ranges.Length; index += 2)
            {
                expected.AsSpan(ranges[index]..(ranges[index + 1] + 1)).Fill(classes[pattern]);
            }
        }

        expected['\r'] = expected['\n'] = CharacterClass.NewLine;
        Assert.DoesNotContain(Enumerable.Range(0, 0x110000), codePoint => CharacterClasses.Of(codePoint) != expected[codePoint]);
        Assert.Equal(expected[..128], Enumerable.Range(0, 128).Select(value => CharacterClasses.OfAscii((byte)value)));
    }

    private static string Listed(int[] ranges) => string.Join(' ', ranges.Select(value => value.ToString("X4", null)));
}
