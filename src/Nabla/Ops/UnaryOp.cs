using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla.Ops;

/// <summary>Any elementwise function of one tensor: the functions themselves are <see cref="IUnaryOperator"/> structs.</summary>
internal sealed unsafe class UnaryOp<TOperator> : Op
    where TOperator : unmanaged, IUnaryOperator
{
    private readonly Tensor _x;
    private readonly TOperator _function;
    private readonly Saved _read;

    private UnaryOp(Tensor x, Tensor input, Tensor y, TOperator function)
        : base(x)
    {
        _x = x;
        _function = function;
        _read = TOperator.Reads switch
        {
            GradientReads.Input => new Saved(input),
            GradientReads.Output => new Saved(y),
            _ => default,
        };
    }

    /// <summary>Computes the function of every element into a new tensor.</summary>
    public static Tensor Apply(Tensor x, TOperator function = default)
    {
        Tensor input = x.Contiguous();
        Tensor y = new(x.Shape);
        Elementwise.Unary(input.Pointer, y.Pointer, x.Count, function);
        GC.KeepAlive(input);
        return Tensor.Records(x) ? y.ProducedBy(new UnaryOp<TOperator>(x, input, y, function)) : y;
    }

    /// <summary>Computes the function of every element in place.</summary>
    public static Tensor ApplyInPlace(Tensor x, string operation, TOperator function = default)
    {
        x.CheckWritable(operation);
        if (x.IsContiguous)
        {
            Elementwise.Unary(x.Pointer, x.Pointer, x.Count, function);
            GC.KeepAlive(x);
        }
        else
        {
            using NoGradScope noGrad = Tensor.NoGrad();
            StridedCopy.Run(Apply(x, function), x, add: false);
        }

        x.Touch();
        return x;
    }

    public override bool CanRecompute => TOperator.Reads == GradientReads.Input;

    public override void Recompute(Tensor y) => Elementwise.Unary(_read.For(this).Pointer, y.Pointer, _x.Count, _function);

    public override void Backward(Tensor dy)
    {
        if (TOperator.Reads == GradientReads.Nothing)
        {
            Add(dy, dy);
        }
        else
        {
            Add(_read.For(this), dy);
        }
    }

    // The function reads either x or y, never both, so one pointer serves for the two.
    private void Add(Tensor read, Tensor dy)
    {
        Tensor dx = GradientOf(_x, out bool fresh);
        Elementwise.AddUnaryGradient(read.Pointer, read.Pointer, dy.Pointer, dx.Pointer, _x.Count, !fresh, _function);
    }
}
