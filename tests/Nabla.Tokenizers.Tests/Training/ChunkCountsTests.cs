using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Tokenizers.Tests.Training;

public sealed class ChunkCountsTests
{
    // Bytes with zeros and repetitions, of all lengths around the eight that are kept as a number.
    private static readonly Arbitrary<byte[][]> _chunks = Gen.Elements<byte>(0, 1, 97, 255).ArrayOf()
        .Where(bytes => bytes.Length > 0).ArrayOf().ToArbitrary();

    [Fact]
    public void Chunks_are_counted_in_the_order_of_their_first_appearance() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(60).WithReplay(5, 11), Prop.ForAll(_chunks, chunks =>
        {
            ChunkCounts counts = new();
            for (var index = 0; index < chunks.Length; index++)
            {
                counts.Add(chunks[index], index);
            }

            Assert.Equal(Expected(chunks), Listed(counts));
        }));

    [Fact]
    public void Tables_of_parts_join_to_that_of_the_whole() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(60).WithReplay(5, 13), Prop.ForAll(_chunks, chunks =>
        {
            ChunkCounts[] parts = [new(), new(), new()];
            var deal = new Random(chunks.Length);
            for (var index = 0; index < chunks.Length; index++)
            {
                parts[deal.Next(3)].Add(chunks[index], index);
            }

            Assert.Equal(Expected(chunks), Listed(ChunkCounts.Join(parts, CancellationToken.None)));
        }));

    [Fact]
    public void A_table_grows()
    {
        ChunkCounts counts = new();
        for (var round = 0; round < 2; round++)
        {
            for (var number = 0; number < 100_000; number++)
            {
                counts.Add(BitConverter.GetBytes(number), number);
            }
        }

        Assert.Equal(100_000, counts.Count);
        Assert.All(Enumerable.Range(0, 100_000), number =>
        {
            Assert.Equal(number, BitConverter.ToInt32(counts.Chunk(number)));
            Assert.Equal(2, counts.CountOf(number));
        });
    }

    private static List<string> Expected(byte[][] chunks) =>
    [
        .. chunks.Select((chunk, position) => (Text: Convert.ToHexString(chunk), position)).GroupBy(chunk => chunk.Text)
            .Select(group => $"{group.Key} {group.Count()} {group.First().position}"),
    ];

    private static List<string> Listed(ChunkCounts counts) =>
    [
        .. Enumerable.Range(0, counts.Count)
            .Select(index => $"{Convert.ToHexString(counts.Chunk(index))} {counts.CountOf(index)} {counts.FirstPosition(index)}"),
    ];
}
