using Nabla.Autograd;
using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Multiplies matrices: [m, k] x [k, n] gives [m, n]. Dimensions before the last two are batches, which broadcast. A vector
    /// counts as a row on the left and as a column on the right, and that dimension is absent from the result.
    /// </summary>
    /// <remarks>Backward: <c>da += dy b^T</c>, <c>db += a^T dy</c>, reading the transposed operands where they lie.</remarks>
    /// <exception cref="ShapeException">A side is a scalar, the inner sizes differ, or the batches do not broadcast.</exception>
    public Tensor MatMul(Tensor right)
    {
        ArgumentNullException.ThrowIfNull(right);
        if (Rank == 0 || right.Rank == 0)
        {
            throw new ShapeException($"MatMul: {Shape} x {right.Shape}: a scalar cannot be multiplied as a matrix; use *.");
        }

        if (Rank == 1 || right.Rank == 1)
        {
            Tensor left = Rank == 1 ? Reshape(1, Count) : this;
            Tensor product = left.MatMul(right.Rank == 1 ? right.Reshape(right.Count, 1) : right);
            Shape shape = product.Shape;
            shape = right.Rank == 1 ? shape.Without(shape.Rank - 1) : shape;
            shape = Rank == 1 ? shape.Without(shape.Rank - (right.Rank == 1 ? 1 : 2)) : shape;
            return product.View(shape);
        }

        if (Shape[-1] != right.Shape[-2])
        {
            throw new ShapeException(
                $"MatMul: {Shape} x {right.Shape}: the last dimension of the left ({Shape[-1]}) must equal the second-last of the " +
                $"right ({right.Shape[-2]}).");
        }

        Tensor y = new(MatrixProduct.ResultShape(this, right));
        MatrixProduct.Run(this, right, y, accumulate: false);
        return Records(this, right) ? y.ProducedBy(new MatMulOp(this, right)) : y;
    }
}

file sealed class MatMulOp(Tensor a, Tensor b) : Op(a, b)
{
    private readonly Saved _a = new(a);
    private readonly Saved _b = new(b);

    public override void Backward(Tensor dy)
    {
        if (a.NeedsGradient)
        {
            AddProduct(dy, MatrixProduct.Turned(_b.For(this)), a);
        }

        if (b.NeedsGradient)
        {
            AddProduct(MatrixProduct.Turned(_a.For(this)), dy, b);
        }
    }

    private static void AddProduct(Tensor left, Tensor right, Tensor x)
    {
        Shape shape = MatrixProduct.ResultShape(left, right);
        if (shape == x.Shape)
        {
            Tensor dx = GradientOf(x, out bool fresh);
            MatrixProduct.Run(left, right, dx, accumulate: !fresh);
            return;
        }

        // x was broadcast over batches. Where both factors are one tall matrix over those batches, so is the product's sum.
        if (x.Rank == 2 && MatrixProduct.Stacked(left, ofColumns: true) is Matrix wide && MatrixProduct.Stacked(right, ofColumns: false) is Matrix tall)
        {
            Tensor dx = GradientOf(x, out bool fresh);
            MatrixProduct.Run(wide, tall, dx, accumulate: !fresh);
            GC.KeepAlive(left);
            GC.KeepAlive(right);
            return;
        }

        Tensor batches = new(shape);
        MatrixProduct.Run(left, right, batches, accumulate: false);
        Broadcasting.AddSum(batches, x);
    }
}
