namespace Nabla.Tokenizers.Tests.BytePairs;

public sealed class PairCountsTests
{
    [Fact]
    [Trait("Number", "L09-013")]
    public void The_symbolic_example_shrinks_as_its_vocabulary_grows()
    {
        const string Symbols = "abcdZYX";
        int[] ids = [.. "aaabdaaabac".Select(symbol => Symbols.IndexOf(symbol))];
        List<int> lengths = [ids.Length];
        List<int> sizes = [4];
        List<string> merges = [];
        for (var id = 4; id < Symbols.Length; id++)
        {
            BytePair pair = PairCounts.MostFrequent(ids)!.Value;
            merges.Add($"{Symbols[pair.Left]}{Symbols[pair.Right]}");
            ids = PairCounts.Merge(ids, pair, id);
            lengths.Add(ids.Length);
            sizes.Add(id + 1);
        }

        // The second merge could be ab or Za, each there twice; what is seen first goes first. The page that the lecture
        // quotes takes ab, and ends with the same symbols: it is the rule that is free, not the length.
        Assert.Equal(["aa", "Za", "Yb"], merges);
        Assert.Equal([11, 9, 7, 5], lengths);
        Assert.Equal([4, 5, 6, 7], sizes);
        Assert.Equal("XdXac", string.Concat(ids.Select(id => Symbols[id])));
    }

    [Fact]
    [Trait("Number", "L09-013")]
    public void The_symbolic_example_merged_as_the_lecture_does_it()
    {
        const string Symbols = "abcdZYX";
        int[] ids = [.. "aaabdaaabac".Select(symbol => Symbols.IndexOf(symbol))];
        List<int> lengths = [ids.Length];
        foreach ((string pair, char merged) in new[] { ("aa", 'Z'), ("ab", 'Y'), ("ZY", 'X') })
        {
            ids = PairCounts.Merge(ids, new BytePair(Symbols.IndexOf(pair[0]), Symbols.IndexOf(pair[1])), Symbols.IndexOf(merged));
            lengths.Add(ids.Length);
        }

        Assert.Equal([11, 9, 7, 5], lengths);
        Assert.Equal("XdXac", string.Concat(ids.Select(id => Symbols[id])));
    }

    [Fact]
    [Trait("Number", "L09-015")]
    public void Overlapping_pairs_count()
    {
        Assert.Equal([new(new(1, 1), 2)], PairCounts.Of([1, 1, 1]));
        Assert.Equal([new(new(1, 2), 2), new(new(2, 3), 1), new(new(3, 1), 1)], PairCounts.Of([1, 2, 3, 1, 2]));
        Assert.Empty(PairCounts.Of([1]));
        Assert.Empty(PairCounts.Of([]));
    }

    [Fact]
    [Trait("Number", "L09-017")]
    public void Of_equally_frequent_pairs_the_first_is_the_most_frequent()
    {
        Assert.Equal(new BytePair(1, 2), PairCounts.MostFrequent([1, 2, 3, 4]));
        Assert.Equal(new BytePair(7, 5), PairCounts.MostFrequent([7, 5, 9, 1]));
        Assert.Null(PairCounts.MostFrequent([7]));
    }

    [Fact]
    [Trait("Number", "L09-018")]
    public void A_pair_becomes_one_id() => Assert.Equal([5, 6, 99, 9, 1], PairCounts.Merge([5, 6, 6, 7, 9, 1], new(6, 7), 99));

    [Fact]
    [Trait("Number", "L09-019")]
    [Trait("Number", "L09-029")]
    public void Merging_goes_from_the_left_on_a_copy()
    {
        int[] ids = [1, 1, 1];
        Assert.Equal([9, 1], PairCounts.Merge(ids, new(1, 1), 9));
        Assert.Equal([1, 1, 1], ids);
        Assert.Equal([3, 1], PairCounts.Merge([3, 1], new(1, 2), 9));
    }
}
