using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Nabla;

/// <content>
/// Normals, after G. E. P. Box and M. E. Muller, "A Note on the Generation of Random Normal Deviates", Annals of Mathematical
/// Statistics 29 (1958): a point of the plane with normal coordinates has a uniform angle and an exponential squared radius.
/// </content>
public sealed partial class RandomGenerator
{
    /// <summary>Calls for this many normals and more are filled in blocks of this many.</summary>
    private const int NormalBlock = 16;

    /// <summary>
    /// Fills with numbers from a normal distribution: <c>torch.randn</c> and <c>normal_</c>. As there, the way depends on the
    /// length, so that two calls for 8 do not give what one call for 16 gives.
    /// </summary>
    /// <remarks>
    /// Fewer than 16 are drawn one by one in double precision; they come in pairs, and the second of a pair is kept for the next
    /// such call, whatever else is drawn in between. From 16 on, all uniforms are drawn first and then turned into normals in
    /// blocks of 16; where the length is no multiple of 16, the last 16 are drawn anew.
    /// </remarks>
    /// <param name="destination">The numbers to set, of any length.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="standardDeviation">The standard deviation.</param>
    /// <exception cref="ArgumentException">The mean is not finite, or the standard deviation is negative or infinite.</exception>
    public void Normal(Span<float> destination, double mean = 0, double standardDeviation = 1)
    {
        if (!(standardDeviation >= 0 && double.IsFinite(standardDeviation) && double.IsFinite(mean)))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Normal: mean {mean}, standard deviation {standardDeviation}: both must be finite, the second not negative."));
        }

        if (destination.Length < NormalBlock)
        {
            for (int i = 0; i < destination.Length; i++)
            {
                destination[i] = (float)((NextNormal() * standardDeviation) + mean);
            }

            return;
        }

        Uniform(destination);
        int start = 0;
        for (; start + NormalBlock <= destination.Length; start += NormalBlock)
        {
            UniformsToNormals(destination.Slice(start, NormalBlock), (float)mean, (float)standardDeviation);
        }

        if (start < destination.Length)
        {
            Span<float> last = destination[^NormalBlock..];
            Uniform(last);
            UniformsToNormals(last, (float)mean, (float)standardDeviation);
        }
    }

    /// <summary>Turns 16 uniforms into normals, in place: numbers i and i + 8 are the polar coordinates of a pair.</summary>
    private static void UniformsToNormals(Span<float> block, float mean, float standardDeviation)
    {
        ref float first = ref MemoryMarshal.GetReference(block);
        const int Half = NormalBlock / 2;

        // One less the uniform lies in (0, 1], where the logarithm is finite.
        Vector256<float> complement = Vector256<float>.One - Vector256.LoadUnsafe(ref first);
        Vector256<float> radius = Vector256.Sqrt(Vector256.Log(complement) * -2f);
        Vector256<float> angle = Vector256.LoadUnsafe(ref first, Half) * MathF.Tau;
        (Vector256<float> sine, Vector256<float> cosine) = Vector256.SinCos(angle);

        Vector256<float> scale = Vector256.Create(standardDeviation);
        Vector256<float> shift = Vector256.Create(mean);
        Vector256.MultiplyAddEstimate(radius * cosine, scale, shift).StoreUnsafe(ref first);
        Vector256.MultiplyAddEstimate(radius * sine, scale, shift).StoreUnsafe(ref first, Half);
    }

    /// <summary>Returns the kept normal of the last pair if there is one, else draws a pair and keeps its second.</summary>
    private double NextNormal()
    {
        if (_spareNormal is double spare)
        {
            _spareNormal = null;
            return spare;
        }

        double angle = Math.Tau * NextDouble();
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        _spareNormal = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }
}
