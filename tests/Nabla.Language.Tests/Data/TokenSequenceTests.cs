using FsCheck;
using FsCheck.Fluent;
using Nabla.Language.Data;

namespace Nabla.Language.Tests.Data;

/// <summary>Tokens are the same wherever they are read from.</summary>
public sealed class TokenSequenceTests
{
    [Fact]
    public void Joined_sequences_read_as_one_at_any_place()
    {
        Arbitrary<(int[] Lengths, int Start, int Count)> reads = (
            from lengths in Gen.Choose(0, 5).ArrayOf(4)
            let total = lengths.Sum()
            from start in Gen.Choose(0, total)
            from count in Gen.Choose(0, total - start)
            select (lengths, start, count)).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithReplay(7, 9).WithMaxTest(500), Prop.ForAll(reads, read =>
        {
            int next = 0;
            TokenSequence joined = TokenSequence.Join(
                [.. read.Lengths.Select(length => (TokenSequence)Enumerable.Range((next += length) - length, length).ToArray())]);
            int[] ids = new int[read.Count];
            joined.Read(read.Start, ids);
            return ids.SequenceEqual(Enumerable.Range(read.Start, read.Count))
                && joined.Length == read.Lengths.Sum()
                && joined.Parts.Select(part => part.Length).SequenceEqual(read.Lengths.Where(length => length > 0).Select(length => (long)length));
        }));
    }

    [Fact]
    public void A_place_beyond_the_end_is_refused_in_one_line()
    {
        TokenSequence ids = TokenSequence.Join([(int[])[1, 2, 3], (int[])[4]]);

        Assert.Equal(4, ids[3]);
        foreach ((long place, int count) in (ReadOnlySpan<(long, int)>)[(-1, 1), (4, 1), (2, 3), (long.MaxValue, 1)])
        {
            string message = Assert.Throws<ArgumentOutOfRangeException>(() => ids.Read(place, new int[count])).Message;
            Assert.Contains($"{count} ids from place {place} on are not within the 4", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void More_ids_than_an_array_holds_are_not_copied_into_one()
        => Assert.Contains(
            "read them piece by piece",
            Assert.Throws<InvalidOperationException>(() => new CountingTokens(1L << 40).ToArray()).Message,
            StringComparison.Ordinal);
}
