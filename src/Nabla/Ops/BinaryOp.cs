using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla.Ops;

/// <summary>
/// Any elementwise function of two tensors that broadcast: the functions themselves are <see cref="IBinaryOperator"/> structs.
/// </summary>
internal sealed unsafe class BinaryOp<TOperator> : Op
    where TOperator : unmanaged, IBinaryOperator
{
    private readonly Tensor _a;
    private readonly Tensor _b;
    private readonly bool _needsA;
    private readonly bool _needsB;
    private readonly Saved? _savedA;
    private readonly Saved? _savedB;
    private readonly TOperator _function;

    private BinaryOp(Tensor a, Tensor b, TOperator function)
        : base(a, b)
    {
        (_a, _b, _function) = (a, b, function);
        (_needsA, _needsB) = (a.NeedsGradient, b.NeedsGradient);

        // Only what a wanted gradient reads: what is saved must not change until then.
        if (TOperator.GradientReadsInputs)
        {
            _savedA = _needsB || (_needsA && TOperator.LeftGradientReadsLeft) ? new Saved(a) : null;
            _savedB = _needsA || (_needsB && TOperator.RightGradientReadsRight) ? new Saved(b) : null;
        }
    }

    /// <summary>Computes the function of every pair of elements into a new tensor.</summary>
    public static Tensor Apply(Tensor a, Tensor b, string operation, TOperator function = default)
    {
        Tensor y = Broadcasting.Compute(a, b, operation, function);
        return Tensor.Records(a, b) ? y.ProducedBy(new BinaryOp<TOperator>(a, b, function)) : y;
    }

    /// <summary>Computes the function of every pair of elements into the left tensor.</summary>
    public static Tensor ApplyInPlace(Tensor a, Tensor b, string operation, TOperator function = default)
    {
        Broadcasting.Compute(a, a.ReadableWhileWriting(b, operation), a, function);
        a.Touch();
        return a;
    }

    public override void Backward(Tensor dy)
    {
        // The right first: the left may take over the memory of dy.
        if (_needsB)
        {
            AddGradientTo(_b, left: false, dy, last: !_needsA);
        }

        if (_needsA)
        {
            AddGradientTo(_a, left: true, dy, last: true);
        }
    }

    private static StridedPlan Plan(Tensor a, Tensor b, Tensor y)
        => new(y.Shape, Broadcasting.Strides(a, y.Shape), Broadcasting.Strides(b, y.Shape), y.Strides);

    private void AddGradientTo(Tensor x, bool left, Tensor dy, bool last)
    {
        bool broadcast = x.Shape != dy.Shape;
        if (!TOperator.GradientReadsInputs && _function is IPassesGradient passes && passes.Passes(left))
        {
            if (broadcast)
            {
                Broadcasting.AddSum(dy, x);
            }
            else if (last)
            {
                HandOver(x, dy);
            }
            else
            {
                AddGradient(x, dy);
            }

            return;
        }

        // In place of an input that the function does not read, any tensor of the output's shape will do.
        (Tensor a, Tensor b) = (_savedA?.For(this) ?? dy, _savedB?.For(this) ?? dy);
        bool fresh = true;
        Tensor dx = broadcast ? new Tensor(dy.Shape) : GradientOf(x, out fresh);
        Elementwise.AddBinaryGradient(a.Pointer, b.Pointer, dy.Pointer, dx.Pointer, Plan(a, b, dy), left, !fresh, _function);
        if (broadcast)
        {
            Broadcasting.AddSum(dx, x);
        }
    }
}
