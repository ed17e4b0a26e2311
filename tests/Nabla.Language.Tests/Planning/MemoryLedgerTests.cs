namespace Nabla.Language.Tests.Planning;

public class MemoryLedgerTests
{
    private const long Megabyte = 1 << 20;

    [Fact]
    public void A_block_that_was_given_back_serves_the_next_tensor_of_its_class()
    {
        MemoryLedger ledger = new();
        ledger.Take(1000);
        ledger.Give(1000);
        ledger.Take(1024); // up to 4096 bytes from 3584: the same class

        Assert.Equal(4096, ledger.Lent);
        Assert.Equal(4096, ledger.Held);
    }

    [Fact]
    public void A_tensor_of_another_class_takes_a_block_of_its_own()
    {
        MemoryLedger ledger = new();
        ledger.Take(1000);
        ledger.Give(1000);
        ledger.Take(1025);

        Assert.Equal(4100, ledger.Lent);
        Assert.Equal(4000 + 4100, ledger.Held);
    }

    [Fact]
    public void The_end_of_a_scope_gives_all_blocks_back_and_they_stay_held()
    {
        MemoryLedger ledger = new();
        ledger.Take(1000);
        ledger.Take(1000);
        ledger.GiveAll();
        ledger.Take(1000);

        Assert.Equal(4000, ledger.Lent);
        Assert.Equal(8000, ledger.Held);
    }

    [Fact]
    public void A_tensor_that_was_never_taken_cannot_be_given_back()
        => Assert.Throws<InvalidOperationException>(() => new MemoryLedger().Give(1000));

    [Theory]
    [InlineData(1_500_000, 1_500_000)] // smaller than a page of 2 MB
    [InlineData(9 * Megabyte, 10 * Megabyte)] // in a block of 10 MB, five pages
    [InlineData(10 * Megabyte, 10 * Megabyte)]
    [InlineData((27 * Megabyte) / 4, (27 * Megabyte) / 4)] // in a block of 7 MB: the end is past the three whole pages
    public void Of_a_large_block_whole_pages_are_touched(long bytes, long expected) => Assert.Equal(expected, MemoryLedger.Touched(bytes));
}
