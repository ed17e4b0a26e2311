using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The names as the fifth lecture splits them: shuffled by Python's generator of seed 42, cut at 80 and at 90 %.
/// </summary>
internal static class BackpropData
{
    private static (Examples Train, Examples Dev, Examples Test)? _split;

    public static (Examples Train, Examples Dev, Examples Test) Split => _split ??= Read();

    /// <summary>32 contexts and labels drawn evenly: for what holds for any characters, and needs no file.</summary>
    public static Examples RandomCharacters(ulong seed)
    {
        RandomGenerator random = new(seed);
        return new Examples(IndexTensor.Randint(random, 0, 27, 32, 3), IndexTensor.Randint(random, 0, 27, 32));
    }

    private static (Examples Train, Examples Dev, Examples Test) Read()
    {
        string[] words = [.. NameBigrams.Words];
        new PythonRandom(42).Shuffle(words.AsSpan());
        (int first, int second) = (words.Length * 8 / 10, words.Length * 9 / 10);
        return (NameContexts.Of(words[..first]), NameContexts.Of(words[first..second]), NameContexts.Of(words[second..]));
    }
}
