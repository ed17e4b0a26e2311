using Nabla.Ops;

namespace Nabla.Kernels;

/// <summary>Copies or adds the elements that a mask names, and leaves the others as they are.</summary>
internal static unsafe class MaskedCopy
{
    /// <summary>
    /// Does <c>to = from</c>, or <c>to += from</c>, where the mask is not zero, or, if not <paramref name="where"/>, where it is.
    /// </summary>
    /// <param name="mask">Broadcasts to the shape written to.</param>
    /// <param name="from">Broadcasts to the shape written to.</param>
    /// <param name="to">The tensor written to.</param>
    /// <param name="where">Whether to write where the mask is set, rather than where it is clear.</param>
    /// <param name="add">Whether to add rather than overwrite.</param>
    public static void Run(Tensor mask, Tensor from, Tensor to, bool where, bool add)
    {
        StridedPlan plan = new(to.Shape, Broadcasting.Strides(mask, to.Shape), Broadcasting.Strides(from, to.Shape), to.Strides);
        Elementwise.Along(plan, new Body(mask.Pointer, from.Pointer, to.Pointer, plan, where, add));
        GC.KeepAlive(mask);
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }

    private readonly struct Body(float* mask, float* from, float* to, StridedPlan plan, bool where, bool add) : IParallelBody
    {
        public void Run(int start, int end)
        {
            if (plan.OuterCount == 1)
            {
                (nint a, nint b, nint c) = ((nint)start * plan.InnerA, (nint)start * plan.InnerB, (nint)start * plan.InnerC);
                Row(mask + a, from + b, to + c, end - start);
                return;
            }

            for (int outer = start; outer < end; outer++)
            {
                plan.Offsets(outer, out nint a, out nint b, out nint c);
                Row(mask + a, from + b, to + c, plan.InnerCount);
            }
        }

        private void Row(float* rowMask, float* rowFrom, float* rowTo, int count)
        {
            if (plan.InnerA is not (0 or 1) || plan.InnerB is not (0 or 1) || plan.InnerC != 1)
            {
                for (int i = 0; i < count; i++)
                {
                    if ((rowMask[(nint)i * plan.InnerA] != 0) == where)
                    {
                        float* place = rowTo + ((nint)i * plan.InnerC);
                        float value = rowFrom[(nint)i * plan.InnerB];
                        *place = add ? *place + value : value;
                    }
                }

                return;
            }

            switch (Simd.Tier)
            {
                case SimdTier.Vector512:
                    Range<V1>(rowMask, rowFrom, rowTo, Range<V512>(rowMask, rowFrom, rowTo, 0, count), count);
                    break;
                case SimdTier.Vector256:
                    Range<V1>(rowMask, rowFrom, rowTo, Range<V256>(rowMask, rowFrom, rowTo, 0, count), count);
                    break;
                case SimdTier.Vector128:
                    Range<V1>(rowMask, rowFrom, rowTo, Range<V128>(rowMask, rowFrom, rowTo, 0, count), count);
                    break;
                default:
                    Range<V1>(rowMask, rowFrom, rowTo, 0, count);
                    break;
            }
        }

        private int Range<V>(float* rowMask, float* rowFrom, float* rowTo, int i, int count)
            where V : unmanaged, IVector<V>
        {
            (int stepMask, int stepFrom) = (plan.InnerA, plan.InnerB);
            V zero = V.Broadcast(0);
            for (; i <= count - V.Count; i += V.Count)
            {
                V old = V.Load(rowTo + i);
                V value = Elementwise.Read<V>(rowFrom, i, stepFrom);
                value = add ? old + value : value;
                V set = Elementwise.Read<V>(rowMask, i, stepMask);
                (where ? V.IfEqual(set, zero, old, value) : V.IfEqual(set, zero, value, old)).Store(rowTo + i);
            }

            return i;
        }
    }
}
