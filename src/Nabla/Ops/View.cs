using Nabla.Autograd;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the same elements under another shape, sharing memory.</summary>
    /// <param name="sizes">The new sizes; one may be -1 and is then worked out.</param>
    /// <exception cref="ShapeException">The sizes do not multiply to <see cref="Count"/>, or the tensor is not contiguous.</exception>
    public Tensor View(params ReadOnlySpan<int> sizes)
    {
        Shape shape = InferShape(sizes, nameof(View));
        if (!IsContiguous)
        {
            throw new ShapeException($"View: the tensor of shape {Shape} is not contiguous; use Reshape, which copies where it must.");
        }

        Tensor y = AliasAs(shape);
        return Records(this) ? y.ProducedBy(new ViewOp(this)) : y;
    }

    /// <summary>Returns the same elements under another shape: a view where possible, else of a copy.</summary>
    /// <param name="sizes">The new sizes; one may be -1 and is then worked out.</param>
    /// <exception cref="ShapeException">The sizes do not multiply to <see cref="Count"/>.</exception>
    public Tensor Reshape(params ReadOnlySpan<int> sizes)
    {
        _ = InferShape(sizes, nameof(Reshape));
        return Contiguous().View(sizes);
    }

    /// <summary>Returns the same elements under another shape, sharing memory.</summary>
    /// <exception cref="ShapeException">The shape has another number of elements, or the tensor is not contiguous.</exception>
    public Tensor View(Shape shape) => View(shape.AsSpan());

    /// <summary>Returns the same elements under another shape: a view where possible, else of a copy.</summary>
    /// <exception cref="ShapeException">The shape has another number of elements.</exception>
    public Tensor Reshape(Shape shape) => Reshape(shape.AsSpan());

    private Shape InferShape(ReadOnlySpan<int> sizes, string operation) => InferShape(Shape, sizes, operation);

    /// <summary>Works out the size given as -1 and checks that the number of elements stays.</summary>
    internal static Shape InferShape(in Shape from, ReadOnlySpan<int> sizes, string operation)
    {
        int unknown = sizes.IndexOf(-1);
        if (unknown >= 0)
        {
            long known = 1;
            Span<int> inferred = stackalloc int[sizes.Length];
            for (int dim = 0; dim < sizes.Length; dim++)
            {
                known *= dim == unknown ? 1 : sizes[dim];
                inferred[dim] = sizes[dim];
            }

            if (known > 0 && from.Count % known == 0)
            {
                inferred[unknown] = (int)(from.Count / known);
                return new Shape(inferred);
            }
        }
        else if (new Shape(sizes) is Shape shape && shape.Count == from.Count)
        {
            return shape;
        }

        throw new ShapeException(
            $"{operation}: {from} has {from.Count} elements, which do not fill [{string.Join(", ", sizes.ToArray())}].");
    }
}

file sealed class ViewOp(Tensor x) : Op(x)
{
    public override void Backward(Tensor dy) => HandOver(x, dy);
}
