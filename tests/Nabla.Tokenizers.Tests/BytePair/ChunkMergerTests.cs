using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Tokenizers.Tests;

public sealed class ChunkMergerTests
{
    private static readonly Config _thorough = Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261122, 1);

    // Few ids and few ranks make what is hard common: runs, equal ranks of different pairs, and joins that rank below their
    // parts, so that merging has to go back to ranks that have had their turn.
    private static readonly Gen<(int Left, int Right, int Rank, int Id)> _merge =
        from left in Gen.Choose(0, 7)
        from right in Gen.Choose(0, 7)
        from rank in Gen.Choose(0, 12)
        from id in Gen.Choose(0, 7)
        select (left, right, rank, id);

    private static readonly Arbitrary<((int Left, int Right, int Rank, int Id)[] Merges, int[] Ids)> _cases =
        (from merges in Gen.Choose(0, 24).SelectMany(count => _merge.ArrayOf(count))
         from ids in Gen.Choose(0, 4 * ShortChunkMerger.MaxLength).SelectMany(count => Gen.Choose(-1, 4).ArrayOf(count))
         select (merges, ids)).ToArbitrary();

    [Fact]
    public void Short_and_long_ways_both_give_what_plain_merging_gives()
    {
        Prop.ForAll(_cases, @case =>
        {
            MergeTable table = Table(@case.Merges, out Dictionary<(int, int), (int, int)> merges);
            int[] expected = PlainMerging.Merge(@case.Ids, merges);
            if (@case.Ids.Length <= ShortChunkMerger.MaxLength)
            {
                Assert.Equal(expected, Merged(@case.Ids, ids => ShortChunkMerger.Merge(ids, table)));
            }

            Assert.Equal(expected, Merged(@case.Ids, ids => new LongChunkMerger().Merge(ids, table)));
        }).Check(_thorough);
    }

    [Fact]
    public void The_long_way_can_be_used_again()
    {
        var merger = new LongChunkMerger();
        Prop.ForAll(_cases, @case =>
        {
            MergeTable table = Table(@case.Merges, out Dictionary<(int, int), (int, int)> merges);
            Assert.Equal(PlainMerging.Merge(@case.Ids, merges), Merged(@case.Ids, ids => merger.Merge(ids, table)));
        }).Check(_thorough);
    }

    [Fact]
    public void A_merge_of_a_lower_rank_that_arises_to_the_left_goes_before_the_rest_of_the_sweep()
    {
        // (1, 1) becomes 2 at rank 5, and (3, 2) becomes 4 at rank 0, which takes the 2 before (2, 2) can.
        MergeTable table = Table([(1, 1, 5, 2), (2, 2, 6, 9), (3, 2, 0, 4)], out _);
        int[] ids = [.. Enumerable.Repeat<int[]>([3, 1, 1, 1, 1, 1, 1], 40).SelectMany(part => part)];
        int[] expected = [.. Enumerable.Repeat<int[]>([4, 9], 40).SelectMany(part => part)];
        Assert.Equal(expected, Merged(ids, all => ChunkMerger.Merge(all, table)));
    }

    [Fact]
    public void Ids_below_zero_never_merge()
    {
        MergeTable table = Table([(1, 1, 0, 2)], out _);
        Assert.Equal([2, -1, 1, -1, -1, 2], Merged([1, 1, -1, 1, -1, -1, 1, 1], ids => ChunkMerger.Merge(ids, table)));
    }

    private static int[] Merged(int[] ids, Func<int[], int> merge)
    {
        int[] copy = [.. ids];
        return copy[..merge(copy)];
    }

    private static MergeTable Table((int Left, int Right, int Rank, int Id)[] list, out Dictionary<(int, int), (int, int)> merges)
    {
        var table = new MergeTable();
        merges = [];
        foreach ((int left, int right, int rank, int id) in list)
        {
            Assert.Equal(merges.TryAdd((left, right), (rank, id)), table.Add(left, right, rank, id));
        }

        return table;
    }
}
