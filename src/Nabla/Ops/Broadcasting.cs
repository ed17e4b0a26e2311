using Nabla.Kernels;

namespace Nabla.Ops;

/// <summary>An elementwise function whose gradient passes unchanged to one or both of its inputs, as a sum's does.</summary>
internal interface IPassesGradient
{
    /// <summary>Returns whether the gradient of that input equals the gradient of the output.</summary>
    bool Passes(bool left);
}

/// <summary>Reading a small tensor as a larger one, and the sum that is the gradient of doing so.</summary>
internal static unsafe class Broadcasting
{
    /// <summary>Returns the strides that read <paramref name="x"/> as <paramref name="shape"/>: 0 where it repeats.</summary>
    public static Shape.Sizes Strides(Tensor x, in Shape shape) => Strides(x, x.Rank, shape);

    /// <summary>Does the same for all but the last two dimensions of <paramref name="x"/>.</summary>
    public static Shape.Sizes BatchStrides(Tensor x, in Shape batches) => Strides(x, x.Rank - 2, batches);

    /// <summary>Computes a function of every pair of elements into a new tensor, off the tape.</summary>
    public static Tensor Compute<TFunction>(Tensor a, Tensor b, string operation, TFunction function = default)
        where TFunction : unmanaged, IBinaryFunction
    {
        Tensor y = new(Shape.Broadcast(a.Shape, b.Shape, operation));
        Compute(a, b, y, function);
        return y;
    }

    /// <summary>Computes a function of every pair of elements, which broadcast to y, into y.</summary>
    public static void Compute<TFunction>(Tensor a, Tensor b, Tensor y, TFunction function = default)
        where TFunction : unmanaged, IBinaryFunction
    {
        StridedPlan plan = new(y.Shape, Strides(a, y.Shape), Strides(b, y.Shape), y.Strides);
        Elementwise.Binary(a.Pointer, b.Pointer, y.Pointer, plan, function);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(y);
    }

    /// <summary>Copies a tensor, which broadcasts to y, into y.</summary>
    public static void Copy(Tensor x, Tensor y) => StridedCopy.Run(x, Strides(x, y.Shape), y, add: false);

    /// <summary>Adds a gradient of a broadcast shape to the gradient of <paramref name="x"/>, summed where x repeats.</summary>
    public static void AddSum(Tensor dy, Tensor x)
    {
        Tensor dx = x.GradientBuffer(out bool fresh);
        int added = dy.Rank - x.Rank;
        Span<bool> repeats = stackalloc bool[dy.Rank];
        for (int dim = 0; dim < dy.Rank; dim++)
        {
            repeats[dim] = dim < added || (x.Shape[dim - added] == 1 && dy.Shape[dim] != 1);
        }

        Reduction.Sum(dy, repeats, dx, add: !fresh);
    }

    private static Shape.Sizes Strides(Tensor x, int rank, in Shape shape)
    {
        Shape.Sizes strides = default;
        int added = shape.Rank - rank;
        for (int dim = added; dim < shape.Rank; dim++)
        {
            strides[dim] = x.Shape[dim - added] == 1 && shape[dim] != 1 ? 0 : x.Stride(dim - added);
        }

        return strides;
    }
}
