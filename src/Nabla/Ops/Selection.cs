namespace Nabla.Ops;

/// <summary>
/// A part of a tensor of a known shape, every so many places along each dimension. Found once, it is taken of the tensor
/// itself and, in backward, of its gradient, whose strides are others.
/// </summary>
internal readonly struct Selection
{
    private readonly Shape.Sizes _starts;
    private readonly Shape.Sizes _steps;

    // For each dimension of the result, the dimension that it is a part of.
    private readonly Shape.Sizes _from;
    private readonly int _sourceRank;

    /// <summary>Selects by one index for each of the first dimensions; the rest are taken whole.</summary>
    /// <exception cref="ShapeException">There are too many indices, or one does not fit.</exception>
    public Selection(in Shape shape, ReadOnlySpan<TensorIndex> indices, string operation)
    {
        if (indices.Length > shape.Rank)
        {
            throw new ShapeException(
                $"{operation}: {indices.Length} indices given for {shape}, which has {shape.Rank} dimensions.");
        }

        Span<int> sizes = stackalloc int[shape.Rank];
        int rank = 0;
        for (int dim = 0; dim < shape.Rank; dim++)
        {
            TensorIndex index = dim < indices.Length ? indices[dim] : Range.All;
            (_starts[dim], sizes[rank]) = index.Within(shape, dim, operation);
            _steps[dim] = 1;
            if (index.IsRange)
            {
                _from[rank++] = dim;
            }
        }

        _sourceRank = shape.Rank;
        Shape = new Shape(sizes[..rank]);
    }

    /// <summary>Selects every <paramref name="step"/>th place of one dimension, all of which must exist.</summary>
    public Selection(in Shape shape, int dim, int start, int count, int step)
        : this(shape, [], string.Empty)
    {
        (_starts[dim], _steps[dim]) = (start, step);
        Shape = shape.With(dim, count);
    }

    /// <summary>Gets the shape of the selected part.</summary>
    public Shape Shape { get; }

    /// <summary>Returns the selected part as a view, off the tape.</summary>
    public Tensor Of(Tensor x)
    {
        int offset = 0;
        for (int dim = 0; dim < _sourceRank && Shape.Count > 0; dim++)
        {
            offset += _starts[dim] * x.Stride(dim);
        }

        Shape.Sizes strides = default;
        for (int dim = 0; dim < Shape.Rank; dim++)
        {
            strides[dim] = x.Stride(_from[dim]) * _steps[_from[dim]];
        }

        return x.AliasAs(Shape, strides, offset);
    }
}
