using Nabla.Kernels;

namespace Nabla.Optim;

/// <summary>Keeps one bad batch from throwing the parameters far off.</summary>
public static class GradientClipping
{
    /// <summary>What is added to the norm it divides by, as PyTorch does.</summary>
    private const double Epsilon = 1e-6;

    /// <summary>
    /// Scales the gradients of all parameters by one factor so that their common norm, the root of the sum of all their squares,
    /// is at most <paramref name="maxNorm"/>. R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent
    /// neural networks" (2012), arXiv:1211.5063; PyTorch's <c>clip_grad_norm_</c>.
    /// </summary>
    /// <remarks>
    /// Where the norm is infinite or NaN nothing is scaled, and it is for the caller to skip the step or stop. The norm is the
    /// same bits on any number of threads.
    /// </remarks>
    /// <param name="parameters">The parameters, each once; those without a gradient do not count.</param>
    /// <param name="maxNorm">The largest norm to leave; infinity to only measure.</param>
    /// <returns>The norm before clipping.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxNorm"/> is not positive.</exception>
    public static float ClipNorm(IReadOnlyList<Tensor> parameters, float maxNorm)
    {
        float norm = Measure(parameters, maxNorm, out float factor);
        if (factor < 1)
        {
            for (int i = 0; i < parameters.Count; i++)
            {
                Scale(parameters[i].Grad, factor);
            }
        }

        return norm;
    }

    /// <summary>
    /// Returns what <see cref="ClipNorm"/> does, but leaves the gradients as they are: for <see cref="Optimizer.Step(float)"/>, which
    /// scales them on the way.
    /// </summary>
    /// <param name="parameters">The parameters, each once; those without a gradient do not count.</param>
    /// <param name="maxNorm">The largest norm to leave; infinity to only measure.</param>
    /// <param name="factor">What to scale the gradients by; 1 where the norm is small enough or not finite.</param>
    /// <returns>The norm.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxNorm"/> is not positive.</exception>
    public static float Measure(IReadOnlyList<Tensor> parameters, float maxNorm, out float factor)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!(maxNorm > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(maxNorm), maxNorm, "ClipNorm: the largest norm must be positive.");
        }

        double sum = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            sum += parameters[i].Grad is Tensor gradient ? SumOfSquares(gradient) : 0;
        }

        double norm = Math.Sqrt(sum);
        double allowed = maxNorm / (norm + Epsilon);
        factor = allowed < 1 && double.IsFinite(norm) ? (float)allowed : 1;
        return (float)norm;
    }

    private static unsafe double SumOfSquares(Tensor gradient)
    {
        // A few parts, cut by the size alone, and added in their order.
        int parts = ParallelFor.ChunkCount(gradient.Count, 1);
        float* sums = stackalloc float[parts];
        ParallelFor.Run(parts, gradient.Count / parts, new SumOfSquaresKernel(gradient.Pointer, gradient.Count, parts, sums));
        double sum = 0;
        for (int part = 0; part < parts; part++)
        {
            sum += sums[part];
        }

        GC.KeepAlive(gradient);
        return sum;
    }

    /// <summary>Multiplies a gradient, if there is one.</summary>
    internal static unsafe void Scale(Tensor? gradient, float factor)
    {
        if (gradient is not null)
        {
            ParallelFor.Run(gradient.Count, 1, new ScaleKernel(gradient.Pointer, factor));
            gradient.Touch();
            GC.KeepAlive(gradient);
        }
    }
}

file readonly unsafe struct SumOfSquaresKernel(float* x, int count, int parts, float* sums) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int part = start; part < end; part++)
        {
            int first = ParallelFor.ChunkStart(part, parts, count);
            sums[part] = Rows.Dot(x + first, x + first, ParallelFor.ChunkStart(part + 1, parts, count) - first);
        }
    }
}

file readonly unsafe struct ScaleKernel(float* x, float factor) : IParallelBody
{
    public void Run(int start, int end) => Rows.Scale(x + start, end - start, factor);
}
