namespace Nabla.Tokenizers.Tests.Splitting;

/// <summary>The scanners, and all forms in which their patterns were published, cut random texts alike.</summary>
public sealed class PublishedFormTests
{
    private const int Texts = 200_000;

    [Fact]
    [Trait("Number", "L09-056")]
    public void All_forms_of_Gpt2s_pattern_are_the_scanner() =>
        AssertAlike<Gpt2Chunker>(SplitPatterns.Gpt2, SplitPatterns.Gpt2Original, SplitPatterns.Gpt2Possessive);

    [Fact]
    [Trait("Number", "L09-057")]
    public void All_forms_of_Gpt4s_pattern_are_the_scanner() =>
        AssertAlike<Cl100kChunker>(SplitPatterns.Cl100k, SplitPatterns.Cl100kMinbpe);

    [Fact]
    public void The_possessive_form_of_Gpt4s_pattern_is_its_scanner() =>
        AssertAlike<Cl100kPossessiveChunker>(SplitPatterns.Cl100kPossessive);

    [Fact]
    public void Gpt4os_pattern_is_the_scanner() => AssertAlike<O200kChunker>(SplitPatterns.O200k);

    [Fact]
    public void Every_form_is_known()
    {
        Assert.Equal(SplitKind.WholeText, TextSplitter.None.Kind);
        Assert.Equal(SplitKind.Gpt2, TextSplitter.FromPattern(SplitPatterns.Gpt2).Kind);
        Assert.Equal(SplitKind.Gpt2, TextSplitter.FromPattern(SplitPatterns.Gpt2Original).Kind);
        Assert.Equal(SplitKind.Gpt2, TextSplitter.FromPattern(SplitPatterns.Gpt2Possessive).Kind);
        Assert.Equal(SplitKind.Cl100k, TextSplitter.FromPattern(SplitPatterns.Cl100k).Kind);
        Assert.Equal(SplitKind.Cl100k, TextSplitter.FromPattern(SplitPatterns.Cl100kMinbpe).Kind);
        Assert.Equal(SplitKind.Cl100kPossessive, TextSplitter.FromPattern(SplitPatterns.Cl100kPossessive).Kind);
        Assert.Equal(SplitKind.O200k, TextSplitter.FromPattern(SplitPatterns.O200k).Kind);
        Assert.Equal(SplitKind.Pattern, TextSplitter.FromPattern(SplitPatterns.Gpt2 + "|x").Kind);
    }

    [Fact]
    public void The_possessive_form_of_Gpt4s_pattern_keeps_white_space_at_the_end_together()
    {
        Assert.Equal(["a", " \n", "  "], TextSplitter.Cl100k.Split("a \n  "));
        Assert.Equal(["a", " \n  "], TextSplitter.FromPattern(SplitPatterns.Cl100kPossessive).Split("a \n  "));
        Assert.Equal(["a", " \n", " ", " b"], TextSplitter.FromPattern(SplitPatterns.Cl100kPossessive).Split("a \n  b"));
    }

    private static void AssertAlike<T>(params string[] forms) where T : struct, IChunker
    {
        SplitPattern[] patterns = [.. forms.Select(form => new SplitPattern(form))];
        Parallel.For(1, Texts + 1, seed =>
        {
            var text = RandomText.Of(seed);
            List<string> expected = SplitterRoutes.Scanned<T>(text);
            foreach (SplitPattern pattern in patterns)
            {
                Assert.Equal(expected, SplitterRoutes.Matched(pattern, text));
            }
        });
    }
}
