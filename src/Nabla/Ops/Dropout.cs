using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Sets a random share of the elements to zero and multiplies the others by 1 / (1 - share), so that the expectation stays:
    /// Srivastava et al., "Dropout", 2014.
    /// </summary>
    /// <param name="share">The probability that an element is dropped, from 0 to below 1.</param>
    /// <param name="random">Where the mask's seed is drawn from; null for the default generator.</param>
    /// <remarks>Backward multiplies by the same mask, which is drawn again rather than stored.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to below 1.</exception>
    public Tensor Dropout(float share, RandomGenerator? random = null)
    {
        DropoutKernel.Check(share, nameof(Dropout));
        if (share == 0)
        {
            return this;
        }

        ulong seed = (random ?? RandomGenerator.Default).NextUInt64();
        Tensor input = Contiguous();
        Tensor y = new(Shape);
        DropoutKernel.Run(input, y, share, seed, add: false);
        return Records(this) ? y.ProducedBy(new DropoutOp(this, share, seed)) : y;
    }
}

internal static unsafe class DropoutKernel
{
    /// <summary>Throws unless the share of dropped elements leaves any.</summary>
    public static void Check(float share, string operation)
    {
        if (!(share >= 0 && share < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(share), share, $"{operation}: the share of dropped elements must be from 0 to below 1.");
        }
    }

    public static void Run(Tensor x, Tensor y, float share, ulong seed, bool add)
    {
        ParallelFor.Run(x.Count, 4, new Body(x.Pointer, y.Pointer, share, seed, add));
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    private readonly struct Body(float* x, float* y, float share, ulong seed, bool add) : IParallelBody
    {
        public void Run(int start, int end)
            => DropoutMask.Apply(x + start, y + start, end - start, share, seed, (ulong)start, add);
    }
}

file sealed class DropoutOp(Tensor x, float share, ulong seed) : Op(x)
{
    public override void Backward(Tensor dy)
    {
        Tensor dx = GradientOf(x, out bool fresh);
        DropoutKernel.Run(dy, dx, share, seed, add: !fresh);
    }
}
