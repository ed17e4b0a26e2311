using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>Copies or adds one tensor into another of the same shape, whatever their strides.</summary>
internal static unsafe class StridedCopy
{
    /// <summary>Does <c>to = from</c>, or <c>to += from</c>.</summary>
    public static void Run(Tensor from, Tensor to, bool add) => Run(from, from.Strides, to, add);

    /// <summary>Does the same, where these strides read <paramref name="from"/> as of the other's shape.</summary>
    public static void Run(Tensor from, in Shape.Sizes strides, Tensor to, bool add)
    {
        StridedPlan plan = new(to.Shape, strides, to.Strides, to.Strides);
        bool flat = plan.OuterCount == 1;
        Body body = new(from.Pointer, to.Pointer, plan, flat, add);
        ParallelFor.Run(flat ? plan.InnerCount : plan.OuterCount, flat ? 1 : plan.InnerCount, body);
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }

    private readonly struct Body(float* from, float* to, StridedPlan plan, bool flat, bool add) : IParallelBody
    {
        public void Run(int start, int end)
        {
            if (flat)
            {
                Row(from + ((nint)start * plan.InnerA), to + ((nint)start * plan.InnerB), end - start);
                return;
            }

            for (int outer = start; outer < end; outer++)
            {
                plan.Offsets(outer, out nint a, out nint b, out _);
                Row(from + a, to + b, plan.InnerCount);
            }
        }

        private void Row(float* source, float* target, int count)
        {
            if (plan.InnerA == 1 && plan.InnerB == 1 && !add)
            {
                new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(target, count));
            }
            else if (plan.InnerA == 1 && plan.InnerB == 1)
            {
                Rows.AddTo(target, source, count);
            }
            else if (plan.InnerA == 0 && plan.InnerB == 1)
            {
                // A broadcast row: the gradient of a sum or a mean, every time.
                Rows.Write(target, new Repeated(*source), count, add);
            }
            else
            {
                (int sourceStep, int targetStep) = (plan.InnerA, plan.InnerB);
                for (int i = 0; i < count; i++)
                {
                    float value = source[(nint)i * sourceStep];
                    float* place = target + ((nint)i * targetStep);
                    *place = add ? *place + value : value;
                }
            }
        }
    }

    private readonly struct Repeated(float value) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
            => V.Broadcast(value);
    }
}
