using System.Text;

namespace Nabla.Tokenizers.Tests.Training;

/// <summary>
/// The first paragraph of Nathan Reed's "A Programmer's Introduction to Unicode" (2017), on which the lecture trains first,
/// with U+200C between the flag letters.
/// </summary>
public sealed class UnicodeParagraphTests
{
    private const string Paragraph =
        "Ｕｎｉｃｏｄｅ! 🅤🅝🅘🅒🅞🅓🅔‽ 🇺\u200C🇳\u200C🇮\u200C🇨\u200C🇴\u200C🇩\u200C🇪! 😄 The very name strikes fear and awe into the hearts of "
        + "programmers worldwide. We all know we ought to “support Unicode” in our software (whatever that means—like using wchar_t "
        + "for all the strings, right?). But Unicode can be abstruse, and diving into the thousand-page Unicode Standard plus its "
        + "dozens of supplementary annexes, reports, and notes can be more than a little intimidating. I don’t blame programmers "
        + "for still finding the whole thing mysterious, even 30 years after Unicode’s inception.";

    private static readonly BytePair _first = new('e', ' ');

    private static int[] Ids => [.. Encoding.UTF8.GetBytes(Paragraph).Select(value => (int)value)];

    [Fact]
    [Trait("Number", "L09-020")]
    public void Its_length_depends_on_what_is_counted()
    {
        Assert.Equal(533, Paragraph.EnumerateRunes().Count());
        Assert.Equal(616, Encoding.UTF8.GetByteCount(Paragraph));
        Assert.Equal(548, Paragraph.Length);
    }

    [Fact]
    [Trait("Number", "L09-016")]
    public void Its_most_frequent_pairs() => Assert.Equal(
        [(20, new(101, 32)), (15, new(240, 159)), (12, new(226, 128)), (12, new(105, 110)), (10, new BytePair(115, 32))],
        PairCounts.Of(Ids).Select(entry => (entry.Value, entry.Key))
            .OrderByDescending(entry => entry.Value).ThenByDescending(entry => entry.Key.Left).ThenByDescending(entry => entry.Key.Right)
            .Take(5));

    [Fact]
    [Trait("Number", "L09-021")]
    public void Its_most_frequent_pair()
    {
        Assert.Equal(_first, PairCounts.MostFrequent(Ids));
        Assert.Equal(20, PairCounts.Of(Ids).Single(entry => entry.Key == _first).Value);
    }

    [Fact]
    [Trait("Number", "L09-022")]
    [Trait("Number", "L09-023")]
    public void After_one_merge_the_pair_is_gone_and_its_tokens_are_still_there()
    {
        var merged = PairCounts.Merge(Ids, _first, 256);
        Assert.Equal(596, merged.Length);
        Assert.Equal(20, merged.Count(id => id == 256));
        Assert.DoesNotContain(PairCounts.Of(merged), entry => entry.Key == _first);
        Assert.Equal(26, merged.Count(id => id == 'e'));
        Assert.Equal(62, merged.Count(id => id == ' '));
    }

    [Fact]
    [Trait("Number", "L09-024")]
    [Trait("Number", "L09-029")]
    public void Twenty_merges()
    {
        BytePairTraining training = BytePairTrainer.Train(Paragraph, new BytePairTrainingOptions { VocabularySize = 276 });
        Assert.Equal(
            [new(101, 32), new(240, 159), new(226, 128), new(105, 110), new(115, 32), new(97, 110), new(116, 104), new(257, 133),
                new(257, 135), new(97, 114), new(239, 189), new(258, 140), new(267, 264), new(101, 114), new(111, 114), new(116, 32),
                new(259, 103), new(115, 116), new(261, 100), new(32, 262)],
            training.Merges.Select(merge => merge.Pair));
        Assert.Equal(Enumerable.Range(256, 20), training.Merges.Select(merge => merge.Id));
        Assert.Equal(616, training.ByteCount);
        Assert.Equal(451, training.TokenCount);
        Assert.Equal(1.37, training.CompressionRatio, 2);
    }

    [Fact]
    [Trait("Number", "L09-031")]
    public void The_merges_are_a_forest_of_many_trees()
    {
        BytePairTraining training = BytePairTrainer.Train(Paragraph, new BytePairTrainingOptions { VocabularySize = 276 });
        HashSet<int> children = [.. training.Merges.SelectMany(merge => new[] { merge.Pair.Left, merge.Pair.Right })];
        HashSet<int> parents = [.. training.Merges.Select(merge => merge.Id)];
        Assert.Equal(256, Enumerable.Range(0, 276).Count(id => !parents.Contains(id)));
        Assert.True(parents.Count(id => !children.Contains(id)) > 1);
    }

    [Fact]
    [Trait("Number", "L09-033")]
    public void The_merges_of_the_whole_post_make_these_tokens()
    {
        // The post itself is not here; its merges are quoted.
        BytePairVocabulary vocabulary = BytePairVocabulary.FromMerges([
            new(101, 32), new(105, 110), new(115, 32), new(116, 104), new(101, 114), new(99, 111), new(116, 32), new(226, 128),
            new(44, 32), new(97, 110), new(111, 114), new(100, 32), new(97, 114), new(101, 110), new(257, 103), new(261, 100),
            new(121, 32), new(46, 32), new(97, 108), new(259, 256)]);
        Assert.Equal(276, vocabulary.Size);
        Assert.Equal(["e ", "th", "ing", "the "],
            new[] { 256, 259, 270, 275 }.Select(id => Encoding.UTF8.GetString(vocabulary.TokenBytes(id))));
    }
}
