using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The names as the sixth lecture splits them, shuffled by Python's generator of seed 42, with three or eight characters of
/// context.
/// </summary>
internal static class WaveNetData
{
    private static readonly Dictionary<int, (Examples Train, Examples Dev)> _splits = [];

    /// <summary>Returns the examples of the first eight tenths of the names, and of the ninth tenth.</summary>
    public static (Examples Train, Examples Dev) Split(int contextLength)
    {
        if (!_splits.TryGetValue(contextLength, out (Examples Train, Examples Dev) split))
        {
            string[] words = Words();
            (int first, int second) = (words.Length * 8 / 10, words.Length * 9 / 10);
            split = (NameContexts.Of(words[..first], contextLength), NameContexts.Of(words[first..second], contextLength));
            _splits.Add(contextLength, split);
        }

        return split;
    }

    /// <summary>Returns all names in the order of the lecture.</summary>
    public static string[] Words()
    {
        string[] words = [.. NameBigrams.Words];
        new PythonRandom(42).Shuffle(words.AsSpan());
        return words;
    }
}
