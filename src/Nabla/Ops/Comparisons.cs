using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

/// <content>
/// Comparisons, element by element and broadcasting: 1 where they hold, else 0. They are not differentiable: the result is
/// never on the tape. NaN differs from everything, itself included.
/// </content>
public sealed partial class Tensor
{
    /// <summary>Returns 1 where left is less than right, else 0; not on the tape.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator <(Tensor left, Tensor right) => left.Less(right);

    /// <summary>Returns 1 where left is greater than right, else 0; not on the tape.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator >(Tensor left, Tensor right) => left.Greater(right);

    /// <summary>Returns 1 where left is at most right, else 0; not on the tape.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator <=(Tensor left, Tensor right) => left.LessEqual(right);

    /// <summary>Returns 1 where left is at least right, else 0; not on the tape.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator >=(Tensor left, Tensor right) => left.GreaterEqual(right);

    /// <summary>Returns 1 where an element is less than a number, else 0; not on the tape.</summary>
    public static Tensor operator <(Tensor left, float right) => left.Less(right);

    /// <summary>Returns 1 where an element is greater than a number, else 0; not on the tape.</summary>
    public static Tensor operator >(Tensor left, float right) => left.Greater(right);

    /// <summary>Returns 1 where an element is at most a number, else 0; not on the tape.</summary>
    public static Tensor operator <=(Tensor left, float right) => left.LessEqual(right);

    /// <summary>Returns 1 where an element is at least a number, else 0; not on the tape.</summary>
    public static Tensor operator >=(Tensor left, float right) => left.GreaterEqual(right);

    /// <summary>Returns 1 where two elements are equal, else 0; not on the tape.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Equal(Tensor other) => Broadcasting.Compute<EqualFunction>(this, other, nameof(Equal));

    /// <summary>Returns 1 where an element equals a number, else 0; not on the tape.</summary>
    public Tensor Equal(float value) => Equal(Scalar(value));

    /// <summary>Returns 1 where two elements differ, else 0; not on the tape.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor NotEqual(Tensor other) => Broadcasting.Compute<NotEqualFunction>(this, other, nameof(NotEqual));

    /// <summary>Returns 1 where an element differs from a number, else 0; not on the tape.</summary>
    public Tensor NotEqual(float value) => NotEqual(Scalar(value));

    /// <summary>Returns 1 where an element is less than the other, else 0; not on the tape.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Less(Tensor other) => Broadcasting.Compute<LessFunction>(this, other, nameof(Less));

    /// <summary>Returns 1 where an element is less than a number, else 0; not on the tape.</summary>
    public Tensor Less(float value) => Less(Scalar(value));

    /// <summary>Returns 1 where an element is at most the other, else 0; not on the tape.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor LessEqual(Tensor other) => Broadcasting.Compute<LessEqualFunction>(this, other, nameof(LessEqual));

    /// <summary>Returns 1 where an element is at most a number, else 0; not on the tape.</summary>
    public Tensor LessEqual(float value) => LessEqual(Scalar(value));

    /// <summary>Returns 1 where an element is greater than the other, else 0; not on the tape.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Greater(Tensor other) => Broadcasting.Compute<LessFunction>(other, this, nameof(Greater));

    /// <summary>Returns 1 where an element is greater than a number, else 0; not on the tape.</summary>
    public Tensor Greater(float value) => Greater(Scalar(value));

    /// <summary>Returns 1 where an element is at least the other, else 0; not on the tape.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor GreaterEqual(Tensor other) => Broadcasting.Compute<LessEqualFunction>(other, this, nameof(GreaterEqual));

    /// <summary>Returns 1 where an element is at least a number, else 0; not on the tape.</summary>
    public Tensor GreaterEqual(float value) => GreaterEqual(Scalar(value));
}

file readonly struct EqualFunction : IBinaryFunction
{
    public V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>
        => V.IfEqual(a, b, V.Broadcast(1), V.Broadcast(0));
}

file readonly struct NotEqualFunction : IBinaryFunction
{
    public V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>
        => V.IfEqual(a, b, V.Broadcast(0), V.Broadcast(1));
}

file readonly struct LessFunction : IBinaryFunction
{
    public V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>
        => V.IfLess(a, b, V.Broadcast(1), V.Broadcast(0));
}

file readonly struct LessEqualFunction : IBinaryFunction
{
    public V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>
        => V.IfLess(a, b, V.Broadcast(1), V.IfEqual(a, b, V.Broadcast(1), V.Broadcast(0)));
}
