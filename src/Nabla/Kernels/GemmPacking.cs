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

        if (lanes < padded)
        {
            for (nint step = 0; step < steps; step++)
            {
                new Span<float>(packed + (step * padded) + lanes, padded - lanes).Clear();
            }
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

    /// <summary>Packs a strip whose steps lie side by side in memory, four lanes by four steps at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnLanes(float* source, nint laneStride, int lanes, int padded, int steps, float* packed)
    {
        int turned = steps & ~3;
        for (int first = 0; first < lanes; first += 4)
        {
            // The last block overlaps the one before, so nothing outside the strip is touched.
            int lane = Math.Min(first, lanes - 4);
            float* lane0 = source + (lane * laneStride);
            float* lane1 = lane0 + laneStride;
            float* lane2 = lane1 + laneStride;
            float* lane3 = lane2 + laneStride;
            float* target = packed + lane;
            for (nint step = 0; step < turned; step += 4)
            {
                Turn(
                    Vector128.Load(lane0 + step),
                    Vector128.Load(lane1 + step),
                    Vector128.Load(lane2 + step),
                    Vector128.Load(lane3 + step),
                    target,
                    padded);
                target += 4 * padded;
            }
        }

        CopyElements(source + turned, laneStride, 1, lanes, padded, steps - turned, packed + ((nint)turned * padded));
    }

    /// <summary>Writes the columns of the block whose rows are given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(
        Vector128<float> row0, Vector128<float> row1, Vector128<float> row2, Vector128<float> row3, float* target, nint stride)
    {
        Vector128<float> low02 = InterleaveLower(row0, row2);
        Vector128<float> high02 = InterleaveUpper(row0, row2);
        Vector128<float> low13 = InterleaveLower(row1, row3);
        Vector128<float> high13 = InterleaveUpper(row1, row3);
        InterleaveLower(low02, low13).Store(target);
        InterleaveUpper(low02, low13).Store(target + stride);
        InterleaveLower(high02, high13).Store(target + (2 * stride));
        InterleaveUpper(high02, high13).Store(target + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveLower(Vector128<float> left, Vector128<float> right)
        => Sse.IsSupported ? Sse.UnpackLow(left, right) : AdvSimd.Arm64.ZipLow(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveUpper(Vector128<float> left, Vector128<float> right)
        => Sse.IsSupported ? Sse.UnpackHigh(left, right) : AdvSimd.Arm64.ZipHigh(left, right);
}
