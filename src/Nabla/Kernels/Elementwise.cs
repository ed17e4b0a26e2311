using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>A function of one element, with its derivative; written once for every vector width.</summary>
internal interface IUnaryOperator
{
    /// <summary>Gets which of x and y the gradient reads; the other is handed over with arbitrary contents.</summary>
    static abstract GradientReads Reads { get; }

    /// <summary>Returns y = f(x).</summary>
    V Forward<V>(V x)
        where V : unmanaged, IVector<V>;

    /// <summary>Returns dx = f'(x) dy.</summary>
    V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>;
}

/// <summary>A function of two elements, written once for every vector width.</summary>
internal interface IBinaryFunction
{
    /// <summary>Returns y = f(a, b).</summary>
    V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>;
}

/// <summary>A function of two elements, with its two derivatives.</summary>
internal interface IBinaryOperator : IBinaryFunction
{
    /// <summary>Gets whether the gradients read the inputs, or follow from the output's gradient alone.</summary>
    static abstract bool GradientReadsInputs { get; }

    /// <summary>Gets whether the left input's gradient reads the left input itself, as a product's does not.</summary>
    static virtual bool LeftGradientReadsLeft => true;

    /// <summary>Gets whether the right input's gradient reads the right input itself.</summary>
    static virtual bool RightGradientReadsRight => true;

    /// <summary>Returns the gradient of the left input.</summary>
    V LeftGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>;

    /// <summary>Returns the gradient of the right input.</summary>
    V RightGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>;
}

/// <summary>What the gradient of an elementwise function is computed from, besides the gradient of its output.</summary>
internal enum GradientReads
{
    /// <summary>Nothing: the derivative is constant.</summary>
    Nothing,

    /// <summary>The input.</summary>
    Input,

    /// <summary>The output.</summary>
    Output,
}

/// <summary>Runs elementwise functions over contiguous and broadcast arrays.</summary>
internal static unsafe class Elementwise
{
    /// <summary>Does <c>y = f(x)</c> over contiguous memory; y may be x.</summary>
    public static void Unary<TOperator>(float* x, float* y, int count, TOperator function)
        where TOperator : unmanaged, IUnaryOperator
        => ParallelFor.Run(count, 4, new VectorLoop<UnaryBody<TOperator>>(new(x, y, function)));

    /// <summary>Does <c>dx += f'(x) dy</c>, or <c>dx = f'(x) dy</c>, over contiguous memory.</summary>
    public static void AddUnaryGradient<TOperator>(float* x, float* y, float* dy, float* dx, int count, bool add, TOperator function)
        where TOperator : unmanaged, IUnaryOperator
        => ParallelFor.Run(count, 4, new VectorLoop<UnaryGradientBody<TOperator>>(new(x, y, dy, dx, add, function)));

    /// <summary>Does <c>y = f(a, b)</c> along a plan whose arrays are a, b and y.</summary>
    public static void Binary<TFunction>(float* a, float* b, float* y, in StridedPlan plan, TFunction function)
        where TFunction : unmanaged, IBinaryFunction
        => Along(plan, new BinaryBody<TFunction>(a, b, y, plan, function));

    /// <summary>
    /// Does <c>dx += df/da dy</c> (or df/db, or = instead of +=) along a plan whose arrays are a, b and both dy and dx.
    /// </summary>
    public static void AddBinaryGradient<TOperator>(
        float* a, float* b, float* dy, float* dx, in StridedPlan plan, bool left, bool add, TOperator function)
        where TOperator : unmanaged, IBinaryOperator
        => Along(plan, new BinaryGradientBody<TOperator>(a, b, dy, dx, plan, left, add, function));

    /// <summary>Runs a body along a plan: over its elements where they form one run, else over its outer loops.</summary>
    public static void Along<TBody>(in StridedPlan plan, in TBody body)
        where TBody : unmanaged, IParallelBody
    {
        bool flat = plan.OuterCount == 1;
        ParallelFor.Run(flat ? plan.InnerCount : plan.OuterCount, flat ? 1 : plan.InnerCount, body);
    }

    /// <summary>Reads elements that lie together (a step of 1), or one that repeats (a step of 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Read<V>(float* x, nint index, int step)
        where V : unmanaged, IVector<V>
        => step == 0 ? V.Broadcast(*x) : V.Load(x + index);

    // Every width keeps a method of its own: the formulas may be long, and a method inlines only so much of them.
    private readonly struct UnaryBody<TOperator>(float* x, float* y, TOperator function) : IVectorBody
        where TOperator : unmanaged, IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public int Range<V>(int index, int end)
            where V : unmanaged, IVector<V>
        {
            for (; index <= end - V.Count; index += V.Count)
            {
                function.Forward(V.Load(x + index)).Store(y + index);
            }

            return index;
        }
    }

    private readonly struct UnaryGradientBody<TOperator>(float* x, float* y, float* dy, float* dx, bool add, TOperator function)
        : IVectorBody
        where TOperator : unmanaged, IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public int Range<V>(int index, int end)
            where V : unmanaged, IVector<V>
        {
            for (; index <= end - V.Count; index += V.Count)
            {
                V gradient = function.Gradient(V.Load(x + index), V.Load(y + index), V.Load(dy + index));
                (add ? V.Load(dx + index) + gradient : gradient).Store(dx + index);
            }

            return index;
        }
    }

    private readonly struct BinaryBody<TFunction>(float* a, float* b, float* y, StridedPlan plan, TFunction function) : IParallelBody
        where TFunction : unmanaged, IBinaryFunction
    {
        public void Run(int start, int end)
        {
            (int stepA, int stepB, int stepY) = (plan.InnerA, plan.InnerB, plan.InnerC);
            if (plan.OuterCount == 1)
            {
                Row(a + ((nint)start * stepA), b + ((nint)start * stepB), y + ((nint)start * stepY), end - start);
                return;
            }

            for (int outer = start; outer < end; outer++)
            {
                plan.Offsets(outer, out nint offsetA, out nint offsetB, out nint offsetY);
                Row(a + offsetA, b + offsetB, y + offsetY, plan.InnerCount);
            }
        }

        private void Row(float* rowA, float* rowB, float* rowY, int count)
        {
            if (plan.InnerA is not (0 or 1) || plan.InnerB is not (0 or 1) || plan.InnerC != 1)
            {
                for (int i = 0; i < count; i++)
                {
                    V1 value = function.Forward(new V1(rowA[(nint)i * plan.InnerA]), new V1(rowB[(nint)i * plan.InnerB]));
                    value.Store(rowY + ((nint)i * plan.InnerC));
                }

                return;
            }

            switch (Simd.Tier)
            {
                case SimdTier.Vector512:
                    Range<V1>(rowA, rowB, rowY, Range<V512>(rowA, rowB, rowY, 0, count), count);
                    break;
                case SimdTier.Vector256:
                    Range<V1>(rowA, rowB, rowY, Range<V256>(rowA, rowB, rowY, 0, count), count);
                    break;
                case SimdTier.Vector128:
                    Range<V1>(rowA, rowB, rowY, Range<V128>(rowA, rowB, rowY, 0, count), count);
                    break;
                default:
                    Range<V1>(rowA, rowB, rowY, 0, count);
                    break;
            }
        }

        private int Range<V>(float* rowA, float* rowB, float* rowY, int i, int count)
            where V : unmanaged, IVector<V>
        {
            (int stepA, int stepB) = (plan.InnerA, plan.InnerB);
            for (; i <= count - V.Count; i += V.Count)
            {
                function.Forward(Read<V>(rowA, i, stepA), Read<V>(rowB, i, stepB)).Store(rowY + i);
            }

            return i;
        }
    }

    private readonly struct BinaryGradientBody<TOperator>(
        float* a, float* b, float* dy, float* dx, StridedPlan plan, bool left, bool add, TOperator function) : IParallelBody
        where TOperator : unmanaged, IBinaryOperator
    {
        public void Run(int start, int end)
        {
            (int stepA, int stepB, int stepY) = (plan.InnerA, plan.InnerB, plan.InnerC);
            if (plan.OuterCount == 1)
            {
                nint offset = (nint)start * stepY;
                Row(a + ((nint)start * stepA), b + ((nint)start * stepB), dy + offset, dx + offset, end - start);
                return;
            }

            for (int outer = start; outer < end; outer++)
            {
                plan.Offsets(outer, out nint offsetA, out nint offsetB, out nint offsetY);
                Row(a + offsetA, b + offsetB, dy + offsetY, dx + offsetY, plan.InnerCount);
            }
        }

        private void Row(float* rowA, float* rowB, float* rowDy, float* rowDx, int count)
        {
            if (plan.InnerA is not (0 or 1) || plan.InnerB is not (0 or 1) || plan.InnerC != 1)
            {
                for (int i = 0; i < count; i++)
                {
                    nint place = (nint)i * plan.InnerC;
                    V1 gradient = Gradient(
                        new V1(rowA[(nint)i * plan.InnerA]), new V1(rowB[(nint)i * plan.InnerB]), new V1(rowDy[place]));
                    rowDx[place] = add ? rowDx[place] + gradient.Lane : gradient.Lane;
                }

                return;
            }

            switch (Simd.Tier)
            {
                case SimdTier.Vector512:
                    Range<V1>(rowA, rowB, rowDy, rowDx, Range<V512>(rowA, rowB, rowDy, rowDx, 0, count), count);
                    break;
                case SimdTier.Vector256:
                    Range<V1>(rowA, rowB, rowDy, rowDx, Range<V256>(rowA, rowB, rowDy, rowDx, 0, count), count);
                    break;
                case SimdTier.Vector128:
                    Range<V1>(rowA, rowB, rowDy, rowDx, Range<V128>(rowA, rowB, rowDy, rowDx, 0, count), count);
                    break;
                default:
                    Range<V1>(rowA, rowB, rowDy, rowDx, 0, count);
                    break;
            }
        }

        private int Range<V>(float* rowA, float* rowB, float* rowDy, float* rowDx, int i, int count)
            where V : unmanaged, IVector<V>
        {
            (int stepA, int stepB) = (plan.InnerA, plan.InnerB);
            for (; i <= count - V.Count; i += V.Count)
            {
                V gradient = Gradient(Read<V>(rowA, i, stepA), Read<V>(rowB, i, stepB), V.Load(rowDy + i));
                (add ? V.Load(rowDx + i) + gradient : gradient).Store(rowDx + i);
            }

            return i;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V Gradient<V>(V valueA, V valueB, V gradientY)
            where V : unmanaged, IVector<V>
            => left ? function.LeftGradient(valueA, valueB, gradientY) : function.RightGradient(valueA, valueB, gradientY);
    }
}
