namespace Nabla;

/// <summary>
/// Shuffles as Python's <c>random</c> module does: the same seed gives the same order, so that the training, development and test
/// parts of a data set are those of a lecture or a notebook that begins with <c>random.seed(42); random.shuffle(words)</c>.
/// </summary>
/// <remarks>
/// The streams are not those of <see cref="RandomGenerator"/>: both are a Mersenne Twister, seeded in two ways. Compared with
/// Python 3.11; the order of a shuffle has been the same since 3.2.
/// </remarks>
public sealed class PythonRandom
{
    private readonly MersenneTwister _engine = new(0);

    /// <summary>Makes a generator at the start of the stream of a seed, as <c>random.seed(seed)</c> does.</summary>
    /// <param name="seed">The seed, of which every bit counts.</param>
    public PythonRandom(ulong seed)
    {
        ReadOnlySpan<uint> words = [(uint)seed, (uint)(seed >> 32)];
        _engine.Seed(seed > uint.MaxValue ? words : words[..1]);
    }

    /// <summary>Brings items into random order, in place: <c>random.shuffle(items)</c>.</summary>
    /// <typeparam name="T">The type of an item.</typeparam>
    /// <param name="items">The items.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = Below(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>Draws as many bits as the bound has, until they are less: every number below it is as likely.</summary>
    private int Below(int bound)
    {
        int bits = 32 - int.LeadingZeroCount(bound);
        uint drawn = uint.MaxValue;
        while (drawn >= (uint)bound)
        {
            drawn = _engine.Next() >> (32 - bits);
        }

        return (int)drawn;
    }
}
