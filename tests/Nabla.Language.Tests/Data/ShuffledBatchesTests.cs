using Nabla.Language.Data;

namespace Nabla.Language.Tests.Data;

/// <summary>Every row comes once in an epoch, in an order that only the seed decides.</summary>
public sealed class ShuffledBatchesTests
{
    private const int Rows = 103;

    private static readonly TokenSequence _ids = new CountingTokens((Rows * 4) + 1, 100_000);

    [Fact]
    public void Windows_follow_one_another_and_leave_out_less_than_one()
    {
        WindowRows rows = new(new CountingTokens(15), 4);
        Assert.Equal(3, rows.Count);
        int[] x = new int[4];
        int[] y = new int[4];
        Assert.Equal(4, rows.Fill(2, x, y));
        Assert.Equal([8, 9, 10, 11], x);
        Assert.Equal([9, 10, 11, 12], y);
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Fill(3, x, y));
    }

    [Fact]
    public void Windows_of_a_model_that_predicts_their_last_ids_overlap_by_the_others()
    {
        WindowRows rows = new(new CountingTokens(13), 4, targetsPerRow: 2);
        Assert.Equal(5, rows.Count);
        int[] x = new int[4];
        int[] y = new int[4];
        int[] targets = [.. Enumerable.Range(0, 5).SelectMany(row => y[..rows.Fill(row, x, y)].Length == 2 ? y[2..] : [])];
        Assert.Equal(Enumerable.Range(3, 10), targets);
    }

    [Fact]
    public void An_epoch_has_every_row_once_and_the_next_has_them_in_another_order()
    {
        int[] all = Drawn(Batches(5), 3 * Rows / 5 * 5);
        int[] first = all[..Rows];
        int[] second = all[Rows..(2 * Rows)];

        Assert.Equal(Enumerable.Range(0, Rows), first.Order());
        Assert.Equal(Enumerable.Range(0, Rows), second.Order());
        Assert.NotEqual(first, second);
        Assert.NotEqual(Enumerable.Range(0, Rows), first);
        Assert.InRange(first.Zip(second).Count(pair => pair.First == pair.Second), 0, 8);
    }

    [Fact]
    public void The_order_is_that_of_the_seed()
    {
        Assert.Equal(Drawn(Batches(5), 200), Drawn(Batches(5), 200));
        Assert.NotEqual(Drawn(Batches(5), 200), Drawn(Batches(5, seed: 8), 200));
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 4)]
    [InlineData(4, 2)]
    [InlineData(8, 1)]
    public void A_step_has_the_same_rows_on_any_number_of_processes(int worldSize, int batchSize)
    {
        int[] expected = Drawn(Batches(8), 40 * 8);
        ShuffledBatches[] processes = [.. Enumerable.Range(0, worldSize).Select(rank => Batches(batchSize, rank, worldSize))];

        int[] drawn = [.. Enumerable.Range(0, 40).SelectMany(_ => processes.SelectMany(process => Drawn(process, batchSize)))];

        Assert.Equal(expected, drawn);
    }

    [Fact]
    public void Another_goes_on_where_one_stopped_even_in_the_midst_of_an_epoch_and_on_more_processes()
    {
        ShuffledBatches batches = Batches(6);
        Drawn(batches, 17 * 6);
        long position = batches.Position;
        int[] expected = Drawn(batches, 60);

        Assert.Equal(17 * 6, position);
        ShuffledBatches resumed = Batches(6);
        resumed.Position = position;
        Assert.Equal(0, resumed.Epoch);
        Assert.Equal(expected, Drawn(resumed, 60));
        Assert.Equal(1, resumed.Epoch);

        ShuffledBatches[] three = [.. Enumerable.Range(0, 3).Select(rank => Batches(2, rank, 3))];
        Array.ForEach(three, process => process.Position = position);
        Assert.Equal(expected, Enumerable.Range(0, 10).SelectMany(_ => three.SelectMany(process => Drawn(process, 2))));
    }

    [Fact]
    public void Documents_come_once_an_epoch_too()
    {
        int[] ids = [.. Enumerable.Range(1, 20).SelectMany(document => (int[])[0, document, document]), 0];
        ShuffledBatches batches = new(new DocumentRows(ids, 4, 0), 4, seed: 1);
        int[] x = new int[16];
        int[] y = new int[16];
        List<int> seen = [];
        for (int step = 0; step < 5; step++)
        {
            batches.Next(x, y);
            seen.AddRange([x[1], x[5], x[9], x[13]]);
            Assert.Equal([x[1], x[1], 0, DocumentRows.NoTarget], y[..4]);
        }

        Assert.Equal(Enumerable.Range(1, 20), seen.Order());
    }

    [Fact]
    public void Drawing_within_an_epoch_allocates_nothing()
    {
        ShuffledBatches batches = Batches(8);
        int[] x = new int[32];
        int[] y = new int[32];
        batches.Next(x, y);

        long before = GC.GetAllocatedBytesForCurrentThread();
        batches.Next(x, y);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(1, -1, 2)]
    public void Batches_that_make_no_sense_are_refused(int batchSize, int rank, int worldSize)
        => Assert.Contains(
            "make no sense", Assert.Throws<ArgumentException>(() => Batches(batchSize, rank, worldSize)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_stream_without_a_window_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new WindowRows(new CountingTokens(4), 4));
        Assert.Throws<ArgumentException>(() => new WindowRows(new CountingTokens(9), 0));
        Assert.Throws<ArgumentException>(() => new WindowRows(new CountingTokens(9), 4, 5));
        Assert.Equal(1, new WindowRows(new CountingTokens(5), 4).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => Batches(1).Position = -1);
    }

    private static ShuffledBatches Batches(int batchSize, int rank = 0, int worldSize = 1, ulong seed = 7)
        => new(new WindowRows(_ids, 4), batchSize, seed, rank, worldSize);

    // The numbers of the next rows, told by their first id.
    private static int[] Drawn(ShuffledBatches batches, int count)
    {
        List<int> rows = [];
        while (rows.Count < count)
        {
            int[] x = new int[32];
            int[] y = new int[32];
            x.AsSpan().Fill(-1);
            batches.Next(x, y);
            rows.AddRange(x.Chunk(4).Where(row => row[0] >= 0).Select(row => row[0] / 4));
        }

        return [.. rows];
    }
}
