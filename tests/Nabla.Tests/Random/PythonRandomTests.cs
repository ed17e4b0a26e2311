namespace Nabla.Tests;

/// <summary>The orders of <see cref="PythonRandom"/> against those that Python 3.11 made.</summary>
public sealed class PythonRandomTests
{
    [Theory]
    [InlineData(0ul, new[] { 7, 8, 1, 5, 3, 4, 2, 0, 9, 6 })]
    [InlineData((1ul << 40) + 7, new[] { 0, 5, 2, 3, 6, 1, 8, 4, 7, 9 })]
    public void Numbers_are_shuffled_as_Python_shuffles_them(ulong seed, int[] expected)
    {
        int[] numbers = [.. Enumerable.Range(0, expected.Length)];
        new PythonRandom(seed).Shuffle(numbers.AsSpan());
        Assert.Equal(expected, numbers);
    }

    [Fact]
    public void A_shuffle_goes_on_in_the_stream()
    {
        PythonRandom random = new(42);
        int[] first = [.. Enumerable.Range(0, 100)];
        int[] second = [.. first];
        random.Shuffle(first.AsSpan());
        random.Shuffle(second.AsSpan());
        Assert.NotEqual(first, second);
        Assert.Equal(first.Order(), second.Order());
    }

    [Fact]
    public void The_names_are_in_the_order_of_the_lectures()
    {
        string[] words = File.ReadAllLines(TestFiles.Data("names.txt"));
        new PythonRandom(42).Shuffle(words.AsSpan());
        Assert.Equal(["yuheng", "diondre", "xavien", "jori", "juanluis"], words[..5]);
    }
}
