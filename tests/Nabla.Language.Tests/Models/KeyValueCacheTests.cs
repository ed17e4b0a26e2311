namespace Nabla.Language.Tests.Models;

public sealed class KeyValueCacheTests
{
    private static readonly Gpt _gpt = new(
        new GptConfig { VocabularySize = 9, ContextLength = 100, LayerCount = 2, HeadCount = 2, Width = 8 }, new RandomGenerator(1));

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    public void Selected_rows_go_on_as_if_they_had_been_read_alone(int room)
    {
        using var noGrad = Tensor.NoGrad();
        int[][] beginnings = [[1, 2, 3], [4, 5, 6], [7, 8, 0]];
        KeyValueCache cache = new(_gpt.Config, 3);
        _gpt.Forward(IndexTensor.From([.. beginnings.SelectMany(ids => ids)], 3, 3), cache);

        KeyValueCache selected = cache.Select([2, 0, 2, 2], room);
        Tensor logits = _gpt.Forward(IndexTensor.From([1, 2, 3, 4, 5, 6, 7, 8], 4, 2), selected);

        Assert.Equal([5, 5, 5, 5], selected.Lengths.ToArray());
        Assert.Equal([3, 3, 3], cache.Lengths.ToArray());
        int[] rows = [2, 0, 2, 2];
        for (int i = 0; i < rows.Length; i++)
        {
            Tensor alone = _gpt.Forward(IndexTensor.From([.. beginnings[rows[i]], (2 * i) + 1, (2 * i) + 2], 1, 5))[0, 3..];
            Assert.True(logits[i].AllClose(alone, 1e-5f, 1e-6f));
        }
    }

    [Fact]
    public void Rows_of_different_lengths_keep_theirs()
    {
        using var noGrad = Tensor.NoGrad();
        KeyValueCache cache = new(_gpt.Config, 0);
        foreach (int length in (int[])[2, 5])
        {
            KeyValueCache one = new(_gpt.Config);
            _gpt.Forward(IndexTensor.Arange(length).View(1, -1), one);
            cache.Add(one);
        }

        KeyValueCache selected = cache.Select([1, 0]);

        Assert.Equal([5, 2], selected.Lengths.ToArray());
        Tensor logits = _gpt.Forward(IndexTensor.From([7, 8], 2, 1), selected);
        Assert.True(logits[0].AllClose(_gpt.Forward(IndexTensor.From([0, 1, 2, 3, 4, 7], 1, 6))[0, ^1..], 1e-5f, 1e-6f));
        Assert.True(logits[1].AllClose(_gpt.Forward(IndexTensor.From([0, 1, 8], 1, 3))[0, ^1..], 1e-5f, 1e-6f));
    }

    [Fact]
    public void Nothing_can_be_selected_but_what_there_is()
    {
        KeyValueCache cache = new(_gpt.Config, 2);

        Assert.Equal(3, cache.Select([1, 1, 0]).Batch);
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => cache.Select([2]));
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => cache.Select([-1]));
    }
}
