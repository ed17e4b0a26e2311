using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The names as the sixth lecture sees them, with three or with eight characters of context.</summary>
internal static class WaveNetData
{
    private static readonly Dictionary<int, (Examples Train, Examples Dev)> _splits = [];

    /// <summary>Returns the examples of the first eight tenths of the names, and of the ninth tenth.</summary>
    public static (Examples Train, Examples Dev) Split(int contextLength)
    {
        if (!_splits.TryGetValue(contextLength, out (Examples Train, Examples Dev) split))
        {
            (string[] train, string[] dev, _) = NameContexts.Words();
            split = (NameContexts.Of(train, contextLength), NameContexts.Of(dev, contextLength));
            _splits.Add(contextLength, split);
        }

        return split;
    }
}
