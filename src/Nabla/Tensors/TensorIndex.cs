namespace Nabla;

/// <summary>
/// What to take of one dimension: a single place, which drops the dimension, or a range, which keeps it. Never written out:
/// <c>x[.., ^1, 2..5]</c> converts by itself.
/// </summary>
public readonly struct TensorIndex : IEquatable<TensorIndex>
{
    private readonly Range _range;

    private TensorIndex(Range range, bool isRange) => (_range, IsRange) = (range, isRange);

    /// <summary>Gets whether a range is taken, so that the dimension stays.</summary>
    public bool IsRange { get; }

    /// <summary>Compares two indices.</summary>
    public static bool operator ==(TensorIndex left, TensorIndex right) => left.Equals(right);

    /// <summary>Compares two indices.</summary>
    public static bool operator !=(TensorIndex left, TensorIndex right) => !left.Equals(right);

    /// <summary>Takes one place; a negative one counts from the end, so that -1 is the last.</summary>
    public static implicit operator TensorIndex(int place) => place < 0 ? new Index(-place, fromEnd: true) : new Index(place);

    /// <summary>Takes one place.</summary>
    public static implicit operator TensorIndex(Index place) => new(place..place, isRange: false);

    /// <summary>Takes a range of places.</summary>
    public static implicit operator TensorIndex(Range range) => new(range, isRange: true);

    /// <inheritdoc/>
    public bool Equals(TensorIndex other) => IsRange == other.IsRange && _range.Equals(other._range);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TensorIndex other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_range, IsRange);

    /// <summary>Returns the index as it is written in C#.</summary>
    public override string ToString() => IsRange ? _range.ToString() : _range.Start.ToString();

    /// <summary>Works out where the index starts in a dimension and how many places it takes.</summary>
    /// <exception cref="ShapeException">A place lies outside the dimension, or the range runs backwards.</exception>
    internal (int Start, int Count) Within(in Shape shape, int dim, string operation)
    {
        int size = shape[dim];
        int start = _range.Start.GetOffset(size);
        int end = IsRange ? _range.End.GetOffset(size) : start + 1;
        return start >= 0 && start <= end && end <= size
            ? (start, end - start)
            : throw new ShapeException($"{operation}: {this} does not fit dimension {dim} of {shape}, which has size {size}.");
    }
}
