using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <content>What the sums are sums of, and what is written.</content>
internal static unsafe partial class Rows
{
    private readonly struct Plain(float* x) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
            => V.Load(x + index);
    }

    private readonly struct Negated(float* x) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
            => -V.Load(x + index);
    }

    private readonly struct SquaresFrom(float* x, float mean) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
        {
            V difference = V.Load(x + index) - V.Broadcast(mean);
            return difference * difference;
        }
    }

    private readonly struct Product(float* x, float* y) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
            => V.Load(x + index) * V.Load(y + index);
    }

    private readonly struct ExpShifted(float* x, float max) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
            => VectorMath.Exp(V.Load(x + index) - V.Broadcast(max));
    }

    private readonly struct ExpShiftedInto(float* y, float* x, float max) : IRowElements
    {
        public static bool Stores => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
        {
            V result = VectorMath.Exp(V.Load(x + index) - V.Broadcast(max));
            result.Store(y + index);
            return result;
        }
    }

    private readonly struct Scaled(float* x, float factor) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
            => V.Load(x + index) * V.Broadcast(factor);
    }

    private readonly struct Total(float* x, float* y) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
            => V.Load(x + index) + V.Load(y + index);
    }

    private readonly struct ScaledTotal(float* x, float* y, float factor) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
            => V.MultiplyAdd(V.Load(y + index), V.Broadcast(factor), V.Load(x + index));
    }

    private readonly struct SoftmaxGradients(float* dy, float* y, float mean, float factor) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
            => V.Broadcast(factor) * V.Load(y + index) * (V.Load(dy + index) - V.Broadcast(mean));
    }
}
