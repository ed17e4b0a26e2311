using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace Nabla;

/// <summary>The sizes of a tensor's dimensions, outermost first. A scalar has none.</summary>
/// <remarks>The sizes lie inside the struct, so making a shape allocates nothing.</remarks>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The largest number of dimensions.</summary>
    public const int MaxRank = 8;

    private readonly Sizes _sizes;

    // A default struct is a valid scalar: no dimensions, one element.
    private readonly int _countLessOne;

    /// <summary>Creates a shape from its sizes.</summary>
    /// <exception cref="ShapeException">
    /// There are more than <see cref="MaxRank"/> sizes, one is negative, or they multiply to more than 2^31 - 1 elements.
    /// </exception>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length > MaxRank)
        {
            throw new ShapeException($"Shape: {sizes.Length} dimensions given, the most is {MaxRank}.");
        }

        long count = 1;
        for (int dim = 0; dim < sizes.Length; dim++)
        {
            int size = sizes[dim];
            if (size < 0)
            {
                throw new ShapeException($"Shape: size {size} of dimension {dim} is negative.");
            }

            _sizes[dim] = size;
            count = Math.Min(count * size, int.MaxValue + 1L);
        }

        if (count > int.MaxValue)
        {
            throw new ShapeException($"Shape: [{string.Join(", ", sizes.ToArray())}] has more than 2^31 - 1 elements.");
        }

        Rank = sizes.Length;
        _countLessOne = (int)count - 1;
    }

    /// <summary>Gets the number of dimensions.</summary>
    public int Rank { get; }

    /// <summary>Gets the number of elements: the product of the sizes, 1 for a scalar.</summary>
    public int Count => _countLessOne + 1;

    /// <summary>Gets the size of a dimension; -1 is the last.</summary>
    /// <exception cref="ShapeException">The shape has no such dimension.</exception>
    public int this[int dim]
    {
        get
        {
            int place = dim < 0 ? dim + Rank : dim;
            return (uint)place < (uint)Rank ? _sizes[place] : throw NoDimension(dim, "Shape");
        }
    }

    /// <summary>Gets the size of a dimension; <c>^1</c> is the last.</summary>
    /// <exception cref="ShapeException">The shape has no such dimension.</exception>
    public int this[Index dim] => this[dim.IsFromEnd ? -dim.Value : dim.Value];

    /// <summary>Compares two shapes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Compares two shapes.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>Turns an array of sizes into a shape.</summary>
    public static implicit operator Shape(int[] sizes) => new(sizes);

    /// <summary>Returns the sizes as a span that lives as long as this shape does.</summary>
    [UnscopedRef]
    public ReadOnlySpan<int> AsSpan() => ((ReadOnlySpan<int>)_sizes)[..Rank];

    /// <summary>Returns the sizes as a new array.</summary>
    public int[] ToArray() => AsSpan().ToArray();

    /// <inheritdoc/>
    public bool Equals(Shape other) => AsSpan().SequenceEqual(other.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int size in AsSpan())
        {
            hash.Add(size);
        }

        return hash.ToHashCode();
    }

    /// <summary>Returns the sizes in brackets: <c>[32, 3, 10]</c>.</summary>
    public override string ToString()
    {
        StringBuilder text = new("[");
        foreach (int size in AsSpan())
        {
            text.Append(text.Length > 1 ? ", " : string.Empty).Append(size);
        }

        return text.Append(']').ToString();
    }

    /// <summary>Returns the shape that two shapes broadcast to: aligned at the last dimension, sizes equal or 1.</summary>
    internal static Shape Broadcast(in Shape left, in Shape right, string operation)
    {
        if (left == right)
        {
            return left;
        }

        Span<int> sizes = stackalloc int[Math.Max(left.Rank, right.Rank)];
        for (int fromEnd = 1; fromEnd <= sizes.Length; fromEnd++)
        {
            int a = fromEnd <= left.Rank ? left._sizes[left.Rank - fromEnd] : 1;
            int b = fromEnd <= right.Rank ? right._sizes[right.Rank - fromEnd] : 1;
            if (a != b && a != 1 && b != 1)
            {
                throw new ShapeException(
                    $"{operation}: {left} and {right} do not broadcast: counted from the last dimension, sizes must be equal " +
                    $"or 1, and {a} meets {b}.");
            }

            sizes[^fromEnd] = a == 1 ? b : a;
        }

        return new Shape(sizes);
    }

    /// <summary>Returns the dimension that <paramref name="dim"/> names, counting negative ones from the end.</summary>
    internal int Dimension(int dim, string operation)
    {
        int result = dim < 0 ? dim + Rank : dim;
        return (uint)result < (uint)Rank ? result : throw NoDimension(dim, operation);
    }

    /// <summary>Returns this shape with one size replaced.</summary>
    internal Shape With(int dim, int size)
    {
        Span<int> sizes = stackalloc int[Rank];
        AsSpan().CopyTo(sizes);
        sizes[dim] = size;
        return new Shape(sizes);
    }

    /// <summary>Returns this shape without one dimension.</summary>
    internal Shape Without(int dim)
    {
        Span<int> sizes = stackalloc int[Rank - 1];
        AsSpan()[..dim].CopyTo(sizes);
        AsSpan()[(dim + 1)..].CopyTo(sizes[dim..]);
        return new Shape(sizes);
    }

    /// <summary>Returns this shape with a dimension put in front of dimension <paramref name="dim"/>.</summary>
    internal Shape Insert(int dim, int size)
    {
        Span<int> sizes = stackalloc int[Rank + 1];
        AsSpan()[..dim].CopyTo(sizes);
        sizes[dim] = size;
        AsSpan()[dim..].CopyTo(sizes[(dim + 1)..]);
        return new Shape(sizes);
    }

    /// <summary>Returns the strides of a row-major tensor of this shape.</summary>
    internal Sizes RowMajorStrides()
    {
        Sizes strides = default;
        int stride = 1;
        for (int dim = Rank - 1; dim >= 0; dim--)
        {
            strides[dim] = stride;
            stride *= Math.Max(_sizes[dim], 1);
        }

        return strides;
    }

    private ShapeException NoDimension(int dim, string operation) => new(Rank == 0
        ? $"{operation}: dimension {dim} does not exist: the tensor is a scalar."
        : $"{operation}: dimension {dim} does not exist in {this}; it must be from {-Rank} to {Rank - 1}.");

    /// <summary>Room for one number per dimension.</summary>
    [InlineArray(MaxRank)]
    internal struct Sizes
    {
        private int _first;
    }
}
