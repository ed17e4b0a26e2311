namespace Nabla.Tokenizers;

/// <summary>
/// The random numbers of SentencePiece's sample: the 32-bit Mersenne Twister (Matsumoto and Nishimura 1998) with a fixed seed,
/// and GCC's uniform whole numbers on top (Lemire 2019, Fast random integer generation in an interval).
/// </summary>
internal sealed class SamplingRandom
{
    private const int Length = 624;
    private const int Middle = 397;
    private const uint Seed = 12345678;

    private readonly uint[] _state = new uint[Length];
    private int _next = Length;

    public SamplingRandom()
    {
        _state[0] = Seed;
        for (var index = 1; index < Length; index++)
        {
            var previous = _state[index - 1];
            _state[index] = (1812433253 * (previous ^ (previous >> 30))) + (uint)index;
        }
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1, which must be below 2^32.</summary>
    public ulong Below(ulong bound)
    {
        var product = Next() * bound;
        if ((uint)product < bound)
        {
            var threshold = (uint)-(uint)bound % (uint)bound;
            while ((uint)product < threshold)
            {
                product = Next() * bound;
            }
        }

        return product >> 32;
    }

    private ulong Next()
    {
        if (_next == Length)
        {
            Refill();
            _next = 0;
        }

        var value = _state[_next++];
        value ^= value >> 11;
        value ^= (value << 7) & 0x9D2C5680;
        value ^= (value << 15) & 0xEFC60000;
        return value ^ (value >> 18);
    }

    private void Refill()
    {
        for (var index = 0; index < Length; index++)
        {
            var joined = (_state[index] & 0x80000000) | (_state[(index + 1) % Length] & 0x7FFFFFFF);
            _state[index] = _state[(index + Middle) % Length] ^ (joined >> 1) ^ ((joined & 1) == 0 ? 0 : 0x9908B0DF);
        }
    }
}
