using System.Text;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The names of the bigram lecture and the counts of their pairs, before anything is made of them.</summary>
public sealed class BigramDataTests
{
    // The lecture's first alphabet: a to z are 0 to 25, then a mark for the start and one for the end.
    private static readonly CharacterTokenizer _marked = new("abcdefghijklmnopqrstuvwxyz<>".EnumerateRunes());

    [Fact]
    [Trait("Number", "L02-001")]
    [Trait("Number", "L02-002")]
    public void There_are_32033_names_of_2_to_15_letters()
    {
        string[] words = NameBigrams.Words;

        Assert.Equal(32_033, words.Length);
        Assert.Equal((2, 15), (words.Min(word => word.Length), words.Max(word => word.Length)));
        Assert.Equal(["emma", "olivia", "ava"], words[..3]);
    }

    [Fact]
    [Trait("Number", "L02-004")]
    public void One_dot_in_place_of_two_marks_makes_27_characters_of_28()
    {
        var letters = CharacterTokenizer.FromText(string.Concat(NameBigrams.Words));
        Assert.Equal([0, 25, 26, 27], new CharacterTokenizer([.. letters.Characters, (Rune)'<', (Rune)'>']).Encode("az<>"));
        Assert.Equal(28, _marked.VocabularySize);

        Assert.Equal(27, NameBigrams.Alphabet.VocabularySize);
        Assert.Equal([0, 1, 26], NameBigrams.Alphabet.Encode("\naz"));
    }

    [Fact]
    [Trait("Number", "L02-005")]
    [Trait("Number", "L02-053")]
    public void Emma_is_three_pairs_and_with_dots_five_examples()
    {
        (IndexTensor first, IndexTensor second) = NameBigrams.Ids("emma");

        Assert.Equal([0, 5, 13, 13, 1], first.ToArray());
        Assert.Equal([5, 13, 13, 1, 0], second.ToArray());
        string[] pairs = [.. first.ToArray().Zip(second.ToArray(), Pair)];
        Assert.Equal([".e", "em", "mm", "ma", "a."], pairs);
        Assert.Equal(["em", "mm", "ma"], pairs[1..^1]);
    }

    [Fact]
    [Trait("Number", "L02-006")]
    public void All_of_the_first_three_names_end_with_an_a()
    {
        Tensor counts = MarkedCounts(["emma", "olivia", "ava"]);

        Assert.Equal(3, counts[0, 27].Item());
        float[] seen = [.. counts.ToArray().Where(count => count > 0)];
        Assert.Equal(14, seen.Length);
        Assert.Equal(13, seen.Count(count => count == 1));
        Assert.Equal(16, counts.Sum().Item());
    }

    [Fact]
    [Trait("Number", "L02-007")]
    public void The_most_frequent_pairs_are_an_n_at_the_end_an_a_at_the_end_and_an()
    {
        float[] counts = MarkedCounts(NameBigrams.Words).ToArray();
        int[] order = [.. Enumerable.Range(0, counts.Length).OrderByDescending(place => counts[place])];

        Assert.Equal(["n>", "a>", "an"], order[..3].Select(place => _marked.Decode([place / 28, place % 28])));
        Assert.Equal([6763, 6640, 5438], order[..3].Select(place => counts[place]));
    }

    [Theory]
    [Trait("Number", "L02-008")]
    [Trait("Number", "L02-012")]
    [InlineData("qr", 1)]
    [InlineData("dz", 1)]
    [InlineData("bg", 0)]
    [InlineData("bh", 41)]
    [InlineData("aj", 175)]
    [InlineData("dd", 149)]
    public void A_pair_occurs_as_often_as_in_the_lectures_table_with_two_marks(string pair, int expected)
    {
        int[] ids = _marked.Encode(pair);

        Assert.Equal(expected, MarkedCounts(NameBigrams.Words)[ids[0], ids[1]].Item());
    }

    [Fact]
    [Trait("Number", "L02-010")]
    public void Nothing_follows_the_end_and_nothing_precedes_the_start()
    {
        Tensor counts = MarkedCounts(NameBigrams.Words);

        Assert.Equal(new Shape(28, 28), counts.Shape);
        Assert.Equal(0, counts[27].Sum().Item());
        Assert.Equal(0, counts[.., 26].Sum().Item());
    }

    [Fact]
    [Trait("Number", "L02-011")]
    [Trait("Number", "L02-013")]
    [Trait("Number", "L02-014")]
    [Trait("Number", "L02-015")]
    public void A_row_is_what_follows_a_character()
    {
        Tensor counts = NameBigrams.Counts;

        Assert.Equal(new Shape(27, 27), counts.Shape);
        Assert.Equal(new Shape(27), counts[0].Shape);
        Assert.Equal([0, 4410, 1306, 1542], counts[0, ..4].ToArray());
        Assert.Equal(counts[0].ToArray(), counts[0, ..].ToArray());
    }

    [Fact]
    [Trait("Number", "L02-017")]
    public void Every_character_is_left_as_often_as_it_is_entered()
        => Assert.Equal(NameBigrams.Counts.Sum(0).ToArray(), NameBigrams.Counts.Sum(1).ToArray());

    [Fact]
    [Trait("Number", "L02-018")]
    [Trait("Number", "L02-019")]
    public void Less_than_a_tenth_of_the_names_begin_with_m()
    {
        Tensor counts = NameBigrams.Counts;
        Assert.Equal(2538, counts[0, 13].Item());
        Assert.Equal(516, counts[13, 0].Item());
        Assert.Equal(0.0792f, (counts[0, 13] / counts[0].Sum()).Item(), 1e-4f);
    }

    [Theory]
    [Trait("Number", "L02-020")]
    [InlineData("mb", 112)]
    [InlineData("mj", 7)]
    [InlineData("mc", 51)]
    [InlineData("mf", 1)]
    public void A_pair_occurs_as_often_as_in_the_lectures_table(string pair, int expected)
        => Assert.Equal(expected, NameBigrams.Counts[NameBigrams.Id(pair[0]), NameBigrams.Id(pair[1])].Item());

    [Fact]
    [Trait("Number", "L02-071")]
    public void All_names_together_are_228146_pairs()
        => Assert.Equal(228_146, NameBigrams.All.First.Count);

    private static string Pair(int first, int second) => $"{NameBigrams.Character(first)}{NameBigrams.Character(second)}";

    private static Tensor MarkedCounts(string[] words)
    {
        int[][] ids = [.. words.Select(word => _marked.Encode($"<{word}>"))];
        return NameBigrams.Count(
            (IndexTensor.From([.. ids.SelectMany(word => word[..^1])]), IndexTensor.From([.. ids.SelectMany(word => word[1..])])),
            _marked.VocabularySize);
    }
}
