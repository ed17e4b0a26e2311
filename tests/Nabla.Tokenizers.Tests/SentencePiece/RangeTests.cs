using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>The stretch of text that each token stands for.</summary>
public sealed class RangeTests
{
    private static readonly Lazy<SentencePieceTokenizer> _llama2 =
        new(() => SentencePieceTokenizer.Load(TestFiles.Data("llama2_tokenizer.model")));

    private static readonly Lazy<SentencePieceTokenizer> _normalising = new(() => new(SentencePieceTrainer.Train(
        Enumerable.Range(1, 5000).Select(MixedText.Of).SelectMany(text => text.Split('\n')),
        PythonOptions.Read(SentencePieceFixture.Part("trainings").GetProperty("mixed, normalised").GetProperty("options")))));

    [Fact]
    public void Without_normalisation_the_ranges_are_those_of_SentencePiece() => AssertAsStored("llama2", _llama2.Value);

    [Fact]
    public void With_normalisation_the_ranges_are_those_of_SentencePiece() =>
        AssertAsStored("mixed, normalised", _normalising.Value);

    [Fact]
    public void The_space_in_front_has_an_empty_range_and_a_byte_that_of_its_character()
    {
        Assert.Equal(
            [new TokenRange(29871, 0, 0), new(238, 0, 1), new(136, 0, 1), new(152, 0, 1), new(29874, 1, 2), new(29871, 2, 3)],
            _llama2.Value.EncodeWithRanges("녕a "));
        Assert.Empty(_llama2.Value.EncodeWithRanges(""));
    }

    [Fact]
    public void A_character_that_becomes_several_is_the_range_of_each_of_their_pieces()
    {
        // U+FDFA becomes eighteen letters and spaces.
        TokenRange[] inside = [.. _normalising.Value.EncodeWithRanges("12\uFDFA34").Where(range => range.Start == 2)];
        Assert.InRange(inside.Length, 2, 18);
        Assert.All(inside, range => Assert.Equal(3, range.End));
    }

    private static void AssertAsStored(string name, SentencePieceTokenizer tokenizer)
    {
        var seed = 1;
        foreach (var stored in SentencePieceFixture.Part("ranges").GetProperty(name).EnumerateArray())
        {
            var text = MixedText.Of(seed);
            int[] edges = SentencePieceFixture.Numbers(stored);
            TokenRange[] ranges = tokenizer.EncodeWithRanges(text);
            int[] units = [.. UnitsOf(text)];
            Assert.Equal(edges.Length, ranges.Length * 2);
            Assert.Equal(tokenizer.Encode(text), ranges.Select(range => range.Id));
            for (var index = 0; index < ranges.Length; index++)
            {
                (int start, int end) = (units[edges[index * 2]], units[edges[(index * 2) + 1]]);
                Assert.Equal((seed, start), (seed, ranges[index].Start));

                // Where a character is in several tokens, SentencePiece gives its end to the last one only.
                Assert.True(end == ranges[index].End || (end < ranges[index].End && ranges[index + 1].Start == end),
                    $"seed {seed}: {ranges[index]} ends at {end}");
            }

            seed++;
        }
    }

    // Where each code point of a text begins, in UTF-16 code units, and where the last ends.
    private static IEnumerable<int> UnitsOf(string text)
    {
        var unit = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            yield return unit;
            unit += rune.Utf16SequenceLength;
        }

        yield return unit;
    }
}
