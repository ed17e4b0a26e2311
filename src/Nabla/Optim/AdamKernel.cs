using Nabla.Kernels;

namespace Nabla.Optim;

/// <summary>
/// A step of <see cref="Adam"/> or <see cref="AdamW"/> in one pass over parameters p, gradients g, their means m and the means of
/// their squares v. The pass waits for memory, so the decay that is not in use costs nothing by being computed with 0.
/// </summary>
internal readonly unsafe struct AdamKernel(float* p, float* g, float* m, float* v) : IVectorBody
{
    /// <summary>Gets what gradients are multiplied by first.</summary>
    public required float GradientScale { get; init; }

    /// <summary>Gets 1 - beta1.</summary>
    public required float MeanRate { get; init; }

    /// <summary>Gets 1 - beta2.</summary>
    public required float SquareRate { get; init; }

    /// <summary>Gets what the root of v is multiplied by to make up for its start at zero.</summary>
    public required float RootScale { get; init; }

    /// <summary>Gets what is added to the root.</summary>
    public required float Epsilon { get; init; }

    /// <summary>Gets the learning rate, made up for the start of m at zero.</summary>
    public required float Step { get; init; }

    /// <summary>Gets what of the parameter is added to its gradient.</summary>
    public required float GradientDecay { get; init; }

    /// <summary>Gets what of the parameter is taken off it.</summary>
    public required float DirectDecay { get; init; }

    /// <summary>Does the step for <paramref name="count"/> elements.</summary>
    public void Run(int count) => ParallelFor.Run(count, 4, new VectorLoop<AdamKernel>(this));

    public int Range<V>(int index, int end)
        where V : unmanaged, IVector<V>
    {
        for (; index <= end - V.Count; index += V.Count)
        {
            V parameter = V.Load(p + index);
            V gradient = V.MultiplyAdd(V.Broadcast(GradientDecay), parameter, V.Load(g + index) * V.Broadcast(GradientScale));

            // Steps towards the new value need only 1 - beta, which is exact to float32 where beta, close to 1, would not be.
            V mean = V.Load(m + index);
            mean = V.MultiplyAdd(V.Broadcast(MeanRate), gradient - mean, mean);
            mean.Store(m + index);
            V square = V.Load(v + index);
            square = V.MultiplyAdd(V.Broadcast(SquareRate), (gradient * gradient) - square, square);
            square.Store(v + index);

            // Likewise the decay: 1 - lr * weightDecay rounded to float32 would lose most of its digits.
            parameter = V.MultiplyAdd(V.Broadcast(-DirectDecay), parameter, parameter);
            V root = V.MultiplyAdd(V.Sqrt(square), V.Broadcast(RootScale), V.Broadcast(Epsilon));
            V.MultiplyAdd(V.Broadcast(-Step), mean / root, parameter).Store(p + index);
        }

        return index;
    }
}
