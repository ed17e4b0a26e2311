using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Nabla.Kernels;

/// <summary>The instruction set the kernels run on: the widest that the machine has and the environment allows.</summary>
internal enum SimdTier
{
    /// <summary>No vector unit: one lane at a time.</summary>
    Scalar,

    /// <summary>Four lanes.</summary>
    Vector128,

    /// <summary>Eight lanes, with fused multiply-add.</summary>
    Vector256,

    /// <summary>Sixteen lanes, with fused multiply-add.</summary>
    Vector512,
}

/// <summary>Chooses the instruction set. The conditions are constants to the compiler, so the branches not taken vanish.</summary>
internal static class Simd
{
    /// <summary>Gets the tier in use.</summary>
    public static SimdTier Tier =>
        Vector512.IsHardwareAccelerated ? SimdTier.Vector512
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? SimdTier.Vector256
        : Vector128.IsHardwareAccelerated ? SimdTier.Vector128
        : SimdTier.Scalar;

    /// <summary>
    /// Gets whether a multiply-add is one instruction. Where it is not, kernels multiply and then add: emulating the single
    /// rounding would be about 200 times slower.
    /// </summary>
    public static bool Fuses => Fma.IsSupported || AdvSimd.IsSupported;
}
