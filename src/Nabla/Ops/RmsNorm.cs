using System.Runtime.CompilerServices;
using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Divides the last dimension by its root mean square, then scales it: layer norm that leaves the mean alone. Zhang and
    /// Sennrich, "Root Mean Square Layer Normalization", 2019, arXiv:1910.07467.
    /// </summary>
    /// <param name="weight">[C], the scale; null for 1.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <returns>A tensor of this shape, [..., C].</returns>
    /// <remarks>
    /// With s = 1 / sqrt(mean(x^2) + epsilon), n = x s and g = dy * weight, backward is <c>dx += (g - n mean(g n)) s</c>,
    /// <c>dweight += sum(dy n)</c>.
    /// </remarks>
    /// <exception cref="ShapeException">The tensor is a scalar, or the weight is not [C].</exception>
    public unsafe Tensor RmsNorm(Tensor? weight = null, float epsilon = 1e-5f)
    {
        if (Rank == 0)
        {
            throw new ShapeException("RmsNorm: the tensor is a scalar; it needs a last dimension to normalise.");
        }

        int width = Shape[-1];
        if (weight is not null && (weight.Rank != 1 || weight.Count != width))
        {
            throw new ShapeException($"RmsNorm: the weight is {weight.Shape}; for an input of {Shape} it must be [{width}].");
        }

        Tensor input = Contiguous();
        Tensor? scale = weight?.Contiguous();
        Tensor y = new(Shape);
        Tensor factors = new(new Shape(width == 0 ? 0 : Count / width));
        ForwardRows body = new(input.Pointer, scale is null ? null : scale.Pointer, epsilon, factors.Pointer, y.Pointer, width);
        ParallelFor.Run(factors.Count, 3L * width, body);
        GC.KeepAlive(input);
        GC.KeepAlive(scale);
        GC.KeepAlive(factors);
        return Records(this, weight) ? y.ProducedBy(new RmsNormOp(this, input, weight, scale, factors)) : y;
    }
}

file sealed unsafe class RmsNormOp(Tensor x, Tensor input, Tensor? weight, Tensor? scale, Tensor factors) : Op(x, weight)
{
    private readonly Saved _input = new(input);
    private readonly Saved _scale = scale is null ? default : new(scale);

    public override void Backward(Tensor dy)
    {
        float* saved = _input.For(this).Pointer;
        (int rows, int width) = (factors.Count, dy.Shape[-1]);
        if (x.NeedsGradient)
        {
            Tensor dx = GradientOf(x, out bool fresh);
            float* weights = scale is null ? null : _scale.For(this).Pointer;
            AddBackwardRows body = new(saved, weights, factors.Pointer, dy.Pointer, dx.Pointer, width, !fresh);
            ParallelFor.Run(rows, 5L * width, body);
        }

        if (weight is not null && weight.NeedsGradient)
        {
            AddWeightGradient body = new(saved, factors.Pointer, dy.Pointer, GradientOf(weight).Pointer, rows, width);
            Columns.Run(width, 2L * rows, body);
        }
    }
}

file readonly unsafe struct ForwardRows(float* x, float* weight, float epsilon, float* factors, float* y, int width) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            float* source = x + ((nint)row * width);
            float factor = 1 / MathF.Sqrt((Rows.Dot(source, source, width) / width) + epsilon);
            factors[row] = factor;
            Rows.Write(y + ((nint)row * width), new Normal(source, weight, factor), width);
        }
    }
}

file readonly unsafe struct AddBackwardRows(
    float* x, float* weight, float* factors, float* dy, float* dx, int width, bool add) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            nint offset = (nint)row * width;
            float factor = factors[row];
            float slope = Rows.Sum(new Products(x + offset, weight, dy + offset), width) / width * factor * factor;
            Rows.Write(dx + offset, new Gradient(x + offset, weight, dy + offset, factor, slope), width, add);
        }
    }
}

file readonly unsafe struct AddWeightGradient(float* x, float* factors, float* dy, float* dweight, int rows, int width) : IColumnBody
{
    public void Run<V>(int column)
        where V : unmanaged, IVector<V>
        => (V.Load(dweight + column) + Columns.Sum<V, Normals<V>>(new(x, factors, dy), rows, width, column)).Store(dweight + column);
}

file readonly unsafe struct Normal(float* x, float* weight, float factor) : IRowElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
    {
        V normal = V.Load(x + index) * V.Broadcast(factor);
        return weight == null ? normal : normal * V.Load(weight + index);
    }
}

file readonly unsafe struct Products(float* x, float* weight, float* dy) : IRowElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
    {
        V product = V.Load(x + index) * V.Load(dy + index);
        return weight == null ? product : product * V.Load(weight + index);
    }
}

file readonly unsafe struct Gradient(float* x, float* weight, float* dy, float factor, float slope) : IRowElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
    {
        V g = V.Load(dy + index);
        g = weight == null ? g : g * V.Load(weight + index);
        return (g - (V.Load(x + index) * V.Broadcast(slope))) * V.Broadcast(factor);
    }
}

file readonly unsafe struct Normals<V>(float* x, float* factors, float* dy) : IColumnElements<V>
    where V : unmanaged, IVector<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At(int row, nint index) => V.Load(dy + index) * V.Load(x + index) * V.Broadcast(factors[row]);
}
