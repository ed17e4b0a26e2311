using Nabla.Language.Data;

namespace Nabla.Language.Tests.Data;

/// <summary>Documents as rows: nothing is predicted twice, and nothing is left out.</summary>
public sealed class DocumentRowsTests
{
    private const int None = DocumentRows.NoTarget;

    [Fact]
    public void A_row_is_a_document_between_boundaries_and_what_fills_it_up_is_no_target()
    {
        DocumentRows rows = new((int[])[0, 5, 6, 0, 7, 0], 4, 0);

        Assert.Equal((2, 5), (rows.Count, rows.TargetCount));
        Assert.Equal("0 5 6 0 to 5 6 0 -100: 3", Row(rows, 0));
        Assert.Equal("0 7 0 0 to 7 0 -100 -100: 2", Row(rows, 1));
    }

    [Fact]
    public void A_document_that_is_longer_than_a_row_goes_on_in_the_next()
    {
        DocumentRows rows = new((int[])[0, 1, 2, 3, 4, 0], 2, 0);

        Assert.Equal(3, rows.Count);
        Assert.Equal("0 1 to 1 2: 2", Row(rows, 0));
        Assert.Equal("2 3 to 3 4: 2", Row(rows, 1));
        Assert.Equal("4 0 to 0 -100: 1", Row(rows, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public async Task Every_name_is_there_with_every_letter_once(int context)
    {
        TextDataset names = await TextSource.LoadAsync("names");
        DocumentRows rows = new(names.ValidationIds, context, 0);
        int[] x = new int[context];
        int[] y = new int[context];
        List<int> targets = [];
        for (int row = 0; row < rows.Count; row++)
        {
            int count = rows.Fill(row, x, y);
            targets.AddRange(y[..count]);
            Assert.All(y[count..], target => Assert.Equal(None, target));
        }

        Assert.Equal(names.ValidationIds.ToArray()[1..], targets);
        Assert.Equal(targets.Count, rows.TargetCount);
    }

    [Fact]
    public void A_batch_depends_on_the_generator_alone()
    {
        DocumentRows rows = new((int[])[0, 5, 6, 0, 7, 0, 8, 0], 4, 0);

        Assert.Equal(Batch(), Batch());

        int[] Batch()
        {
            (int[] x, int[] y) = (new int[12], new int[12]);
            new DocumentSampler(rows, 3, new RandomGenerator(4)).Next(x, y);
            return [.. x, .. y];
        }
    }

    [Fact]
    public void Too_few_tokens_are_refused()
        => Assert.Contains("at least two tokens", Assert.Throws<ArgumentException>(() => new DocumentRows((int[])[0], 4, 0)).Message, StringComparison.Ordinal);

    private static string Row(DocumentRows rows, int index)
    {
        (int[] x, int[] y) = (new int[rows.ContextLength], new int[rows.ContextLength]);
        int count = rows.Fill(index, x, y);
        return $"{string.Join(' ', x)} to {string.Join(' ', y)}: {count}";
    }
}
