using Nabla.Kernels;

namespace Nabla.Autograd;

/// <summary>
/// One differentiable operation on the tape: what it was applied to, what it saved, and how a gradient of its output becomes
/// gradients of its inputs.
/// </summary>
/// <remarks>
/// To add an operation, write one file in Ops: the public method with its checks, the kernel, and the Op. Inputs are given to
/// the constructor; values that backward reads are held as <see cref="Saved"/>.
/// </remarks>
internal abstract class Op(Tensor? first, Tensor? second = null, Tensor? third = null)
{
    /// <summary>Gets the number of inputs.</summary>
    public virtual int InputCount => third is not null ? 3 : second is not null ? 2 : 1;

    /// <summary>Gets the name for messages: the type's, or the operator's of a generic one.</summary>
    public string Name
    {
        get
        {
            Type type = GetType();
            string name = (type.IsGenericType ? type.GetGenericArguments()[0] : type).Name;

            // A file-local type's compiled name carries its file in front: <Softmax>F1234__SoftmaxOp.
            name = name[(name.LastIndexOf("__", StringComparison.Ordinal) is int mark and >= 0 ? mark + 2 : 0)..];
            return name.EndsWith("Operator", StringComparison.Ordinal) ? name[..^"Operator".Length]
                : name.EndsWith("Op", StringComparison.Ordinal) ? name[..^"Op".Length] : name;
        }
    }

    /// <summary>Returns an input.</summary>
    public virtual Tensor? Input(int index) => index switch { 0 => first, 1 => second, _ => third };

    /// <summary>Adds to the gradients of the inputs what follows from the gradient of the output.</summary>
    /// <param name="dy">The gradient of the output: contiguous, of its shape, and this call's to keep.</param>
    public abstract void Backward(Tensor dy);

    /// <summary>
    /// Gets whether <see cref="Recompute"/> is there, which is so where it costs next to nothing beside a matrix product.
    /// </summary>
    public virtual bool CanRecompute => false;

    /// <summary>Computes the output again, to the same bits, from what the operation saved.</summary>
    /// <param name="y">Where to write it: the output's memory, with arbitrary contents.</param>
    public virtual void Recompute(Tensor y) => throw new NotSupportedException($"{Name} does not compute its output again.");

    /// <summary>
    /// Returns the gradient of an input to add to: contiguous, of its shape, zeroed before the first addition. Call only where
    /// <see cref="Tensor.NeedsGradient"/>.
    /// </summary>
    protected static Tensor GradientOf(Tensor x)
    {
        Tensor gradient = x.GradientBuffer(out bool fresh);
        if (fresh)
        {
            gradient.Clear();
        }

        return gradient;
    }

    /// <summary>
    /// Returns the gradient of an input; where it is <paramref name="fresh"/> its contents are arbitrary and the caller must
    /// write every element instead of adding.
    /// </summary>
    protected static Tensor GradientOf(Tensor x, out bool fresh) => x.GradientBuffer(out fresh);

    /// <summary>
    /// Adds <paramref name="dy"/> to the gradient of an input of as many elements. Takes over its memory where the input has no
    /// gradient yet, so nothing may use <paramref name="dy"/> afterwards.
    /// </summary>
    protected static void HandOver(Tensor x, Tensor dy)
    {
        if (x.Node is { Gradient: null } node)
        {
            node.Gradient = dy.AliasAs(x.Shape);
            return;
        }

        AddGradient(x, dy);
    }

    /// <summary>Adds <paramref name="dy"/>, of the input's shape and any strides, to the gradient of an input.</summary>
    protected static void AddGradient(Tensor x, Tensor dy)
        => AddGradient(x, dy, dy.Shape == x.Shape ? dy.Strides : x.Shape.RowMajorStrides());

    /// <summary>Adds <paramref name="dy"/>, which these strides read as of the input's shape, to the gradient of an input.</summary>
    protected static void AddGradient(Tensor x, Tensor dy, in Shape.Sizes strides)
    {
        Tensor gradient = x.GradientBuffer(out bool fresh);
        StridedCopy.Run(dy, strides, gradient, add: !fresh);
    }
}
