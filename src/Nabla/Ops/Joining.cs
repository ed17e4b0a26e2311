namespace Nabla.Ops;

/// <summary>Checks that shapes can be joined along a dimension and gathers the shape of the result.</summary>
internal struct Joining(string operation)
{
    private Shape? _result;
    private int _count;

    /// <summary>Gets the joined dimension, counted from the first.</summary>
    public int Dim { get; private set; }

    /// <summary>Gets the shape of the result.</summary>
    /// <exception cref="ShapeException">Nothing was added.</exception>
    public readonly Shape Result
        => _result ?? throw new ShapeException($"{operation}: no tensor is given; at least one is needed.");

    /// <summary>Adds the next tensor's shape.</summary>
    /// <exception cref="ShapeException">It has no such dimension or does not fit the ones before.</exception>
    public void Add(in Shape shape, int dim)
    {
        if (_result is not Shape joined)
        {
            Dim = shape.Dimension(dim, operation);
            _result = shape;
        }
        else if (shape.Rank == joined.Rank && shape.With(Dim, 0) == joined.With(Dim, 0))
        {
            long size = (long)joined[Dim] + shape[Dim];
            _result = joined.With(Dim, size <= int.MaxValue ? (int)size : throw new ShapeException(
                $"{operation}: dimension {Dim} of the result would be {size}, more than 2^31 - 1."));
        }
        else
        {
            throw new ShapeException(
                $"{operation}: tensor {_count} is {shape}, which does not continue {joined} along dimension {Dim}; all other sizes " +
                "must be equal.");
        }

        _count++;
    }
}
