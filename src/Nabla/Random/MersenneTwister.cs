using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nabla;

/// <summary>
/// The 32-bit Mersenne Twister MT19937: a long shift register of 624 words that is renewed as a whole, each word then
/// scrambled ("tempered") as it is handed out. Its period is 2^19937 - 1.
/// </summary>
/// <remarks>
/// M. Matsumoto and T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number
/// generator", ACM Transactions on Modeling and Computer Simulation 8 (1998); seeded as in the authors' 2002 revision.
/// </remarks>
internal sealed class MersenneTwister
{
    /// <summary>The number of words of the register.</summary>
    public const int WordCount = 624;

    private const int MiddleOffset = 397;
    private const uint UpperBit = 0x80000000;
    private const uint LowerBits = 0x7FFFFFFF;
    private const uint TwistMatrix = 0x9908B0DF;

    private readonly uint[] _words = new uint[WordCount];

    /// <summary>The register's words, tempered: what is handed out.</summary>
    private readonly uint[] _outputs = new uint[WordCount];

    /// <summary>The next word to hand out; <see cref="WordCount"/> when the register must be renewed first.</summary>
    private int _position;

    public MersenneTwister(uint seed) => Seed(seed);

    /// <summary>Gets the register.</summary>
    public ReadOnlySpan<uint> Words => _words;

    /// <summary>Gets the index of the next word to hand out, from 0 to <see cref="WordCount"/>.</summary>
    public int Position => _position;

    /// <summary>Starts the stream that belongs to a seed.</summary>
    public void Seed(uint seed)
    {
        _words[0] = seed;
        for (int i = 1; i < WordCount; i++)
        {
            _words[i] = (1812433253 * Mixed(i - 1)) + (uint)i;
        }

        _position = WordCount;
    }

    /// <summary>Starts the stream that belongs to a seed of any number of words: the authors' <c>init_by_array</c>.</summary>
    public void Seed(ReadOnlySpan<uint> key)
    {
        Seed(19650218);
        int i = 1;
        for (int round = 0; round < Math.Max(WordCount, key.Length); round++)
        {
            int place = round % key.Length;
            _words[i] = (_words[i] ^ (Mixed(i - 1) * 1664525)) + key[place] + (uint)place;
            i = Following(i);
        }

        for (int round = 1; round < WordCount; round++)
        {
            _words[i] = (_words[i] ^ (Mixed(i - 1) * 1566083941)) - (uint)i;
            i = Following(i);
        }

        _words[0] = UpperBit;
        _position = WordCount;
    }

    /// <summary>Goes to a place in a stream that was captured from <see cref="Words"/> and <see cref="Position"/>.</summary>
    public void Restore(ReadOnlySpan<uint> words, int position)
    {
        words.CopyTo(_words);
        Temper();
        _position = position;
    }

    /// <summary>Returns the next 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Next()
    {
        if (_position == WordCount)
        {
            Renew();
        }

        return _outputs[_position++];
    }

    private uint Mixed(int i) => _words[i] ^ (_words[i] >> 30);

    /// <summary>The next place of the register while it is seeded: after the last comes place 1, and place 0 is as the last.</summary>
    private int Following(int i)
    {
        if (i < WordCount - 1)
        {
            return i + 1;
        }

        _words[0] = _words[^1];
        return 1;
    }

    private void Renew()
    {
        // Word i is made from words i, i + 1 and i + 397, counted around the ring: the last word meets the new first one.
        Twist(0, WordCount - MiddleOffset, MiddleOffset);
        Twist(WordCount - MiddleOffset, WordCount - 1, MiddleOffset - WordCount);
        _words[^1] = _words[MiddleOffset - 1] ^ Twist(_words[^1], _words[0]);
        Temper();
        _position = 0;
    }

    /// <summary>Renews a run of words, as many at a time as a vector holds: none needs a new word as near as that.</summary>
    private void Twist(int start, int end, int middleOffset)
    {
        Span<uint> words = _words;
        int i = start;
        for (; i <= end - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            Vector<uint> upper = new Vector<uint>(words[i..]) & new Vector<uint>(UpperBit);
            Vector<uint> following = new(words[(i + 1)..]);
            Vector<uint> joined = upper | (following & new Vector<uint>(LowerBits));
            Vector<uint> twisted = (joined >>> 1) ^ ((following & Vector<uint>.One) * TwistMatrix);
            (new Vector<uint>(words[(i + middleOffset)..]) ^ twisted).CopyTo(words[i..]);
        }

        for (; i < end; i++)
        {
            words[i] = words[i + middleOffset] ^ Twist(words[i], words[i + 1]);
        }
    }

    /// <summary>Joins the top bit of one word to the rest of the next, and multiplies by the twist matrix over bits.</summary>
    private static uint Twist(uint word, uint following)
    {
        uint joined = (word & UpperBit) | (following & LowerBits);
        return (joined >> 1) ^ ((following & 1) * TwistMatrix);
    }

    /// <summary>Tempers the register. Every width of a vector divides its length, so there is no tail.</summary>
    private void Temper()
    {
        for (int i = 0; i < WordCount; i += Vector<uint>.Count)
        {
            Vector<uint> word = new(_words, i);
            word ^= word >>> 11;
            word ^= (word << 7) & new Vector<uint>(0x9D2C5680);
            word ^= (word << 15) & new Vector<uint>(0xEFC60000);
            (word ^ (word >>> 18)).CopyTo(_outputs, i);
        }
    }
}
