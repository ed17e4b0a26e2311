namespace Nabla.Kernels;

/// <summary>
/// Multiplies by a random mask of 0 and 1 / (1 - share), drawn from a seed and the position alone: it is never stored, and any
/// part of it can be drawn again, in any order.
/// </summary>
internal static unsafe class DropoutMask
{
    private const int BlockLength = 256;

    /// <summary>Does <c>y = x * mask</c> on the calling thread; y may be x.</summary>
    /// <param name="x">What is masked.</param>
    /// <param name="y">The result.</param>
    /// <param name="count">The number of elements.</param>
    /// <param name="share">The probability that an element becomes 0.</param>
    /// <param name="seed">The seed of the mask.</param>
    /// <param name="first">The position of the first element in the whole mask.</param>
    /// <param name="add">Whether to add to y instead.</param>
    public static void Apply(float* x, float* y, int count, float share, ulong seed, ulong first, bool add = false)
    {
        uint limit = (uint)Math.Min(share * 4294967296.0, uint.MaxValue);
        float kept = 1 / (1 - share);
        Span<uint> bits = stackalloc uint[BlockLength];
        for (int start = 0; start < count; start += BlockLength)
        {
            Span<uint> block = bits[..Math.Min(BlockLength, count - start)];
            CounterRandom.Fill(block, seed, first + (ulong)start);
            for (int i = 0; i < block.Length; i++)
            {
                float value = block[i] < limit ? 0 : x[start + i] * kept;
                y[start + i] = add ? y[start + i] + value : value;
            }
        }
    }
}
