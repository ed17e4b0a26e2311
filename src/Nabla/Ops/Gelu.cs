using System.Runtime.CompilerServices;
using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns the Gaussian error linear unit of every element in the form that GPT-2 uses,
    /// <c>x (1 + tanh(u)) / 2</c> with <c>u = sqrt(2 / pi) (x + 0.044715 x^3)</c> (Hendrycks and Gimpel, 2016). Backward, with
    /// <c>s = (1 + tanh(u)) / 2</c>: <c>dx += (s + 2 x s (1 - s) u') dy</c>.
    /// </summary>
    /// <remarks>
    /// PyTorch's <c>gelu(approximate="tanh")</c>. Its default is <see cref="GeluExact"/>; the two differ by at most 5e-4.
    /// </remarks>
    public Tensor Gelu() => UnaryOp<GeluOperator>.Apply(this);
}

internal readonly struct GeluOperator : IUnaryOperator
{
    // 2 sqrt(2 / pi), and that times 0.044715: (1 + tanh(u)) / 2 is sigmoid(2 u), which nothing cancels in.
    private const float Linear = 1.59576912f;
    private const float Cubic = 0.0713548163f;

    // Beyond it the sigmoid is 0 or 1 in single precision; short of it a cube cannot overflow and meet a zero.
    private const float Saturated = 12;

    public static GradientReads Reads => GradientReads.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V square = x * x;
        return x * VectorMath.Sigmoid(x * V.MultiplyAdd(V.Broadcast(Cubic), square, V.Broadcast(Linear)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
    {
        V bound = V.Broadcast(Saturated);
        x = V.IfLess(bound, x, bound, x);
        x = V.IfLess(x, -bound, -bound, x);
        V square = x * x;
        V s = VectorMath.Sigmoid(x * V.MultiplyAdd(V.Broadcast(Cubic), square, V.Broadcast(Linear)), out V complement);
        V slope = V.MultiplyAdd(V.Broadcast(3 * Cubic), square, V.Broadcast(Linear));
        return V.MultiplyAdd(x * slope * s, complement, s) * dy;
    }
}
