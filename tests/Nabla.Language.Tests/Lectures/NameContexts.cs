namespace Nabla.Language.Tests.Lectures;

/// <summary>The names as the lectures from the third on see them: a few characters, and the one that comes after them.</summary>
internal static class NameContexts
{
    private static Examples? _all;
    private static (Examples Train, Examples Dev, Examples Test)? _split;

    /// <summary>Gets the examples of all names, three characters of context each.</summary>
    public static Examples All => _all ??= Of(NameBigrams.Words);

    /// <summary>Gets the examples of eight, one and one tenth of the names, three characters of context each.</summary>
    public static (Examples Train, Examples Dev, Examples Test) Split
    {
        get
        {
            if (_split is null)
            {
                (string[] train, string[] dev, string[] test) = Words();
                _split = (Of(train), Of(dev), Of(test));
            }

            return _split.Value;
        }
    }

    /// <summary>Shuffles the names as Python does from seed 42, and cuts them at 80 and at 90 %.</summary>
    public static (string[] Train, string[] Dev, string[] Test) Words()
    {
        string[] words = [.. NameBigrams.Words];
        new PythonRandom(42).Shuffle(words.AsSpan());
        (int first, int second) = (words.Length * 8 / 10, words.Length * 9 / 10);
        return (words[..first], words[first..second], words[second..]);
    }

    /// <summary>The examples of words: every character, and the dot at the end, after the characters before it.</summary>
    public static Examples Of(IReadOnlyList<string> words, int contextLength = 3)
    {
        List<int> contexts = [];
        List<int> labels = [];
        foreach (string word in words)
        {
            int[] context = new int[contextLength];
            foreach (char character in word + ".")
            {
                int label = NameBigrams.Id(character);
                contexts.AddRange(context);
                labels.Add(label);
                context = [.. context[1..], label];
            }
        }

        // Kept, since who asks first may be inside a memory scope.
        return new Examples(
            IndexTensor.From([.. contexts], labels.Count, contextLength).Keep(), IndexTensor.From([.. labels]).Keep());
    }

    /// <summary>Contexts <c>[N, T]</c> and, for each, the character that comes next <c>[N]</c>.</summary>
    internal sealed record Examples(IndexTensor Contexts, IndexTensor Labels)
    {
        public int Count => Labels.Count;

        public Examples this[IndexTensor ids] => new(Contexts[ids], Labels[ids]);

        public Examples this[Range range] => new(Contexts[range], Labels[range]);
    }
}
