using FsCheck;
using FsCheck.Fluent;
using Nabla.Language.Data;

namespace Nabla.Language.Tests.Data;

public sealed class SequentialWindowsTests
{
    [Fact]
    public void Full_windows_come_in_batches_and_the_short_one_last_and_alone()
    {
        Assert.Equal([new(0, 2, 4), new(8, 1, 4), new(12, 1, 3)], SequentialWindows.Cut(16, 4, 2));
        Assert.Equal([new(0, 2, 4), new(8, 2, 4)], SequentialWindows.Cut(17, 4, 2));
        Assert.Equal([new WindowBatch(0, 1, 1)], SequentialWindows.Cut(2, 4, 2));
    }

    [Fact]
    public void Each_id_but_the_first_is_a_target_once_behind_the_id_before_it()
    {
        Arbitrary<(int, int, int)> cuts = (
            from count in Gen.Choose(2, 200)
            from context in Gen.Choose(1, 40)
            from batch in Gen.Choose(1, 9)
            select (count, context, batch)).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithReplay(3, 5), Prop.ForAll(cuts, cut =>
        {
            (int count, int context, int batch) = cut;
            int[] ids = [.. Enumerable.Range(0, count)];
            WindowBatch[] batches = [.. SequentialWindows.Cut(count, context, batch)];
            int[] inputs = [.. batches.SelectMany(window => ids[Range(window)])];
            int[] targets = [.. batches.SelectMany(window => ids[Range(window, by: 1)])];
            return inputs.SequenceEqual(ids.SkipLast(1)) && targets.SequenceEqual(ids.Skip(1))
                && batches.All(window => window.BatchSize <= batch && window.Length <= context)
                && batches.Sum(window => window.TokenCount) == count - 1;
        }));
    }

    private static Range Range(WindowBatch window, int by = 0)
        => new((int)window.Start + by, (int)window.Start + by + window.TokenCount);

    [Theory]
    [InlineData(1, 4, 2)]
    [InlineData(16, 0, 2)]
    [InlineData(16, 4, 0)]
    public void A_cut_that_makes_no_sense_is_refused_at_the_call(int tokenCount, int contextLength, int batchSize) =>
        Assert.Throws<ArgumentException>(() => SequentialWindows.Cut(tokenCount, contextLength, batchSize));
}
