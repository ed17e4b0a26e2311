namespace Nabla;

/// <content>Uniforms, exponentials, integers and permutations.</content>
public sealed partial class RandomGenerator
{
    /// <summary>
    /// Fills with uniform numbers from [<paramref name="low"/>, <paramref name="high"/>), one draw of 32 bits each:
    /// <c>torch.rand</c> and <c>uniform_</c>. Rounding may reach <paramref name="high"/> itself where the range is not [0, 1).
    /// </summary>
    /// <param name="destination">The numbers to set, of any length.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    /// <exception cref="ArgumentException">The ends are in the wrong order, or their distance is not finite.</exception>
    public void Uniform(Span<float> destination, float low = 0, float high = 1)
    {
        float width = high - low;
        if (!(width >= 0 && float.IsFinite(width)))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Uniform: from {low} to {high} is no range: low must not exceed high, and their distance must be finite."));
        }

        for (int i = 0; i < destination.Length; i++)
        {
            // PyTorch's compiled loop rounds once here; a product and then a sum would miss its last bit half the time.
            destination[i] = MathF.FusedMultiplyAdd(NextSingle(), width, low);
        }
    }

    /// <summary>
    /// Fills with numbers from the exponential distribution of density <c>lambda exp(-lambda x)</c>, two draws of 32 bits each:
    /// <c>exponential_</c>. PyTorch built with MKL may take its numbers from MKL's own streams instead.
    /// </summary>
    /// <param name="destination">The numbers to set, of any length.</param>
    /// <param name="lambda">The rate, the inverse of the mean.</param>
    /// <exception cref="ArgumentException">The rate is not a positive finite number.</exception>
    public void Exponential(Span<float> destination, double lambda = 1)
    {
        if (!(lambda > 0 && double.IsFinite(lambda)))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Exponential: the rate {lambda} must be positive and finite."));
        }

        double minusMean = -1 / lambda;
        for (int i = 0; i < destination.Length; i++)
        {
            // 1 - u is exact, as u is a multiple of 2^-53: the plain logarithm loses nothing against log1p(-u).
            destination[i] = (float)(minusMean * Math.Log(1 - NextDouble()));
        }
    }

    /// <summary>
    /// Fills with integers from [<paramref name="low"/>, <paramref name="high"/>), one draw of 32 bits each:
    /// <c>torch.randint</c>. They are remainders: where the range does not divide 2^32 the low ones are favoured, by less than
    /// range / 2^32.
    /// </summary>
    /// <param name="destination">The numbers to set, of any length.</param>
    /// <param name="low">The smallest number.</param>
    /// <param name="high">One past the largest number.</param>
    /// <exception cref="ArgumentException">The range holds no number.</exception>
    public void Integers(Span<int> destination, int low, int high)
    {
        uint range = (uint)CheckedRange(low, high);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (int)(NextUInt32() % range) + low;
        }
    }

    /// <summary>
    /// Fills with integers from [<paramref name="low"/>, <paramref name="high"/>): <c>torch.randint</c>. As there, a range of
    /// 2^32 and more takes 64 random bits for each, and a smaller one 32.
    /// </summary>
    /// <param name="destination">The numbers to set, of any length.</param>
    /// <param name="low">The smallest number.</param>
    /// <param name="high">One past the largest number.</param>
    /// <exception cref="ArgumentException">The range holds no number.</exception>
    public void Integers(Span<long> destination, long low, long high)
    {
        ulong range = CheckedRange(low, high);
        for (int i = 0; i < destination.Length; i++)
        {
            ulong bits = range > uint.MaxValue ? NextUInt64() : NextUInt32();
            destination[i] = (long)(bits % range) + low;
        }
    }

    /// <summary>
    /// Fills with the numbers from 0 up to the length, in random order: <c>torch.randperm</c>. Each place in turn swaps with one
    /// at or after it (R. A. Fisher and F. Yates), one draw of 32 bits for every place but the last.
    /// </summary>
    /// <param name="destination">The numbers to set, of any length.</param>
    public void Permutation(Span<int> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = i;
        }

        for (int i = 0; i < destination.Length - 1; i++)
        {
            int other = i + (int)(NextUInt32() % (uint)(destination.Length - i));
            (destination[i], destination[other]) = (destination[other], destination[i]);
        }
    }

    private static ulong CheckedRange(long low, long high) => low < high
        ? (ulong)(high - low)
        : throw new ArgumentException($"Integers: [{low}, {high}) holds no number: low must be less than high.");
}
