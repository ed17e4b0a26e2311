using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Nabla.Kernels;

/// <summary>
/// Copies a strip of a matrix into the order in which a tile reads it. A strip has a few lanes (rows of A, or columns of B)
/// and is as long as the common dimension; packed, the lanes of one step lie together and the steps follow each other.
/// </summary>
internal static unsafe class GemmPacking
{
    /// <summary>The floats in a line of the cache.</summary>
    private const int StepsInLine = 16;

    /// <summary>How many steps ahead of their use lanes that lie side by side are fetched.</summary>
    private const int StepsAhead = 16;

    /// <summary>Gets whether four by four blocks can be turned in registers.</summary>
    private static bool Transposes => Sse.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>Packs one strip.</summary>
    /// <param name="source">The first element.</param>
    /// <param name="laneStride">The distance from a lane to the next.</param>
    /// <param name="stepStride">The distance from a step to the next.</param>
    /// <param name="lanes">The number of lanes.</param>
    /// <param name="padded">The number of lanes to write: those past <paramref name="lanes"/> become zero.</param>
    /// <param name="steps">The length of the strip.</param>
    /// <param name="packed">Where step s, lane l goes to: element <c>s * padded + l</c>.</param>
    public static void Pack(
        float* source, nint laneStride, nint stepStride, int lanes, int padded, int steps, float* packed)
    {
        if (lanes < padded)
        {
            // All at once: what is cleared for nothing costs less than a call for each step.
            new Span<float>(packed, padded * steps).Clear();
        }

        if (laneStride == 1)
        {
            CopySteps(source, stepStride, lanes, padded, steps, packed);
        }
        else if (stepStride == 1 && Transposes && lanes >= 4)
        {
            TurnLanes(source, laneStride, lanes, padded, steps, packed);
        }
        else
        {
            CopyElements(source, laneStride, stepStride, lanes, padded, steps, packed);
        }
    }

    private static void CopyElements(
        float* source, nint laneStride, nint stepStride, int lanes, int padded, int steps, float* packed)
    {
        for (nint step = 0; step < steps; step++)
        {
            for (nint lane = 0; lane < lanes; lane++)
            {
                packed[(step * padded) + lane] = source[(lane * laneStride) + (step * stepStride)];
            }
        }
    }

    /// <summary>Packs a strip whose lanes lie side by side in memory already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopySteps(float* source, nint stepStride, int lanes, int padded, int steps, float* packed)
    {
        if (lanes < 4 || !Vector128.IsHardwareAccelerated)
        {
            CopyElements(source, 1, stepStride, lanes, padded, steps, packed);
            return;
        }

        int wide = Vector512.IsHardwareAccelerated ? lanes & ~15 : 0;
        for (; steps > 0; steps--)
        {
            if (Sse.IsSupported)
            {
                // Steps are far apart: the hardware does not guess where the next one lies.
                Sse.Prefetch0(source + (StepsAhead * stepStride));
                Sse.Prefetch0(source + (StepsAhead * stepStride) + lanes - 1);
            }

            int lane = 0;
            for (; lane < wide; lane += 16)
            {
                Vector512.Load(source + lane).Store(packed + lane);
            }

            for (; lane + 4 <= lanes; lane += 4)
            {
                Vector128.Load(source + lane).Store(packed + lane);
            }

            // The last vector overlaps the one before, so nothing outside the strip is touched.
            Vector128.Load(source + lanes - 4).Store(packed + lanes - 4);
            source += stepStride;
            packed += padded;
        }
    }

    /// <summary>
    /// Packs a strip whose steps lie side by side in memory: blocks of lanes are turned in registers, all that lies in a line
    /// of the cache before the next, since lines that are a power of two apart drive each other out.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnLanes(float* source, nint laneStride, int lanes, int padded, int steps, float* packed)
    {
        int turned = steps & ~3;
        bool eight = Avx.IsSupported && lanes >= 8;
        int block = eight ? 8 : 4;
        for (int line = 0; line < turned; line += StepsInLine)
        {
            int end = Math.Min(line + StepsInLine, turned);
            for (int first = 0; first < lanes; first += block)
            {
                // The last block overlaps the one before, so nothing outside the strip is touched.
                int lane = Math.Min(first, lanes - block);
                float* from = source + (lane * laneStride);
                if (Sse.IsSupported)
                {
                    for (nint next = 0; next < block; next++)
                    {
                        Sse.Prefetch0(from + line + (next * laneStride) + (2 * StepsInLine));
                    }
                }

                float* to = packed + lane;
                for (nint step = line; step < end; step += 4)
                {
                    if (eight)
                    {
                        TurnEight(from + step, laneStride, to + (step * padded), padded);
                    }
                    else
                    {
                        TurnFour(from + step, laneStride, to + (step * padded), padded);
                    }
                }
            }
        }

        CopyElements(source + turned, laneStride, 1, lanes, padded, steps - turned, packed + ((nint)turned * padded));
    }

    /// <summary>Writes four steps of eight lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TurnEight(float* from, nint laneStride, float* to, nint stride)
    {
        Vector256<float> lanes04 = TwoLanes(from, from + (4 * laneStride));
        Vector256<float> lanes15 = TwoLanes(from + laneStride, from + (5 * laneStride));
        Vector256<float> lanes26 = TwoLanes(from + (2 * laneStride), from + (6 * laneStride));
        Vector256<float> lanes37 = TwoLanes(from + (3 * laneStride), from + (7 * laneStride));
        Vector256<float> low02 = Avx.UnpackLow(lanes04, lanes26);
        Vector256<float> high02 = Avx.UnpackHigh(lanes04, lanes26);
        Vector256<float> low13 = Avx.UnpackLow(lanes15, lanes37);
        Vector256<float> high13 = Avx.UnpackHigh(lanes15, lanes37);
        Avx.UnpackLow(low02, low13).Store(to);
        Avx.UnpackHigh(low02, low13).Store(to + stride);
        Avx.UnpackLow(high02, high13).Store(to + (2 * stride));
        Avx.UnpackHigh(high02, high13).Store(to + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> TwoLanes(float* lower, float* upper)
        => Vector256.Create(Vector128.Load(lower), Vector128.Load(upper));

    /// <summary>Writes four steps of four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TurnFour(float* from, nint laneStride, float* to, nint stride)
    {
        Vector128<float> lane0 = Vector128.Load(from);
        Vector128<float> lane1 = Vector128.Load(from + laneStride);
        Vector128<float> lane2 = Vector128.Load(from + (2 * laneStride));
        Vector128<float> lane3 = Vector128.Load(from + (3 * laneStride));
        Vector128<float> low02 = InterleaveLower(lane0, lane2);
        Vector128<float> high02 = InterleaveUpper(lane0, lane2);
        Vector128<float> low13 = InterleaveLower(lane1, lane3);
        Vector128<float> high13 = InterleaveUpper(lane1, lane3);
        InterleaveLower(low02, low13).Store(to);
        InterleaveUpper(low02, low13).Store(to + stride);
        InterleaveLower(high02, high13).Store(to + (2 * stride));
        InterleaveUpper(high02, high13).Store(to + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveLower(Vector128<float> left, Vector128<float> right)
        => Sse.IsSupported ? Sse.UnpackLow(left, right) : AdvSimd.Arm64.ZipLow(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveUpper(Vector128<float> left, Vector128<float> right)
        => Sse.IsSupported ? Sse.UnpackHigh(left, right) : AdvSimd.Arm64.ZipHigh(left, right);
}
