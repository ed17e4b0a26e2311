using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The names of the bigram lecture as pairs of neighbouring characters, . and a to z, which are 0 to 26.</summary>
internal static class NameBigrams
{
    public const ulong Seed = 2147483647;

    /// <summary>The alphabet; the boundary, which the lecture writes as a dot, is a line break in the tokenizer's text.</summary>
    public static readonly CharacterTokenizer Alphabet = CharacterTokenizer.FromText("abcdefghijklmnopqrstuvwxyz", boundary: true);

    private static string[]? _words;
    private static (IndexTensor First, IndexTensor Second)? _all;
    private static Tensor? _counts;

    /// <summary>Gets all names, those that occur twice included. Where the file is missing the test is skipped.</summary>
    public static string[] Words => _words ??= File.ReadAllLines(TestFiles.Data("names.txt"));

    /// <summary>Gets the pairs of all names.</summary>
    public static (IndexTensor First, IndexTensor Second) All => _all ??= Ids(Words);

    /// <summary>Gets how often each character follows each: row the first, column the second.</summary>
    public static Tensor Counts => _counts ??= Count(All, 27);

    /// <summary>The pairs of words, each word between two dots.</summary>
    public static (IndexTensor First, IndexTensor Second) Ids(params string[] words)
    {
        List<int> first = [];
        List<int> second = [];
        foreach (string word in words)
        {
            int[] ids = Alphabet.Encode($"\n{word}\n");
            first.AddRange(ids[..^1]);
            second.AddRange(ids[1..]);
        }

        // Kept, since who asks first may be inside a memory scope.
        return (IndexTensor.From([.. first]).Keep(), IndexTensor.From([.. second]).Keep());
    }

    public static Tensor Count((IndexTensor First, IndexTensor Second) pairs, int size)
    {
        int[] first = pairs.First.ToArray();
        int[] places = [.. pairs.Second.ToArray().Select((second, i) => (first[i] * size) + second)];
        return Tensor.Zeros(size * size).IndexAdd(0, IndexTensor.From(places), Tensor.Ones(places.Length)).View(size, size);
    }

    /// <summary>The chance of each character after each, with a number added to every count.</summary>
    public static Tensor Probabilities(float smoothing = 0)
    {
        Tensor counts = Counts + smoothing;
        return counts / counts.Sum(1, keepDim: true);
    }

    /// <summary>The mean of -ln P over the pairs of words.</summary>
    public static float Loss(Tensor probabilities, params string[] words)
    {
        (IndexTensor first, IndexTensor second) = Ids(words);
        return -probabilities[first, second].Log().Mean().Item();
    }

    /// <summary>Draws names, each up to its dot, by drawing each character after the one before it.</summary>
    public static string[] Sample(Tensor probabilities, int count)
    {
        RandomGenerator random = new(Seed);
        string[] names = new string[count];
        for (int i = 0; i < count; i++)
        {
            int id = 0;
            do
            {
                id = probabilities[id].Multinomial(1, random, replacement: true).Item();
                names[i] += Character(id);
            }
            while (id != 0);
        }

        return names;
    }

    public static int Id(char character) => character == '.' ? 0 : character - 'a' + 1;

    public static char Character(int id) => id == 0 ? '.' : (char)('a' + id - 1);
}
