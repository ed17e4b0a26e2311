using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    private bool _requiresGrad;
    private Tensor? _grad;
    private bool _gradIsStale = true;

    // Who wrote a gradient into the stale memory ahead of backward; forgotten as soon as another writes there.
    private Op? _gradBorrower;

    /// <summary>
    /// Gets or sets whether <see cref="Backward"/> gathers a gradient for this tensor. True by itself for a result computed
    /// from such a tensor; to be set only on tensors that were not computed.
    /// </summary>
    /// <exception cref="InvalidOperationException">Set on a computed tensor.</exception>
    public bool RequiresGrad
    {
        get => NeedsGradient;
        set => _requiresGrad = Node is null
            ? value
            : throw new InvalidOperationException($"RequiresGrad: the tensor of shape {Shape} was computed; use Detach() for one that is not on the tape.");
    }

    /// <summary>Gets the gradient gathered so far, of this tensor's shape; null before the first backward and after <see cref="ZeroGrad"/>.</summary>
    public Tensor? Grad => _gradIsStale ? null : _grad;

    /// <summary>Gets whether the tensor was given rather than computed on the tape.</summary>
    public bool IsLeaf => Node is null;

    /// <summary>Gets the place on the tape; null for a leaf.</summary>
    internal Node? Node { get; private set; }

    /// <summary>Gets whether a backward pass needs to bring a gradient here.</summary>
    internal bool NeedsGradient => _requiresGrad || Node is not null;

    /// <summary>Switches recording off on this thread until the result is disposed.</summary>
    /// <example><code>using (Tensor.NoGrad()) { weights.AddInPlace(step); }</code></example>
    public static NoGradScope NoGrad() => NoGradScope.Begin();

    /// <summary>
    /// Computes the gradient of this tensor with respect to every tensor it was computed from that requires one, and adds it to
    /// their <see cref="Grad"/>.
    /// </summary>
    /// <param name="gradient">The gradient of the final result with respect to this tensor, of its shape; 1 for a scalar.</param>
    /// <param name="retainGraph">Whether to keep what the operations saved, so that backward can run again.</param>
    /// <exception cref="ShapeException">The tensor is no scalar and no gradient is given, or it has another shape.</exception>
    /// <exception cref="InvalidOperationException">
    /// Nothing here requires a gradient, or the graph was walked before, or a saved tensor has changed since.
    /// </exception>
    public void Backward(Tensor? gradient = null, bool retainGraph = false)
    {
        if (gradient is null && Count != 1)
        {
            throw new ShapeException($"Backward: the tensor is {Shape}, not a scalar; give the gradient of the result with respect to it.");
        }

        if (gradient is not null && gradient.Shape != Shape)
        {
            throw new ShapeException($"Backward: the gradient is {gradient.Shape}, the tensor is {Shape}; they must be equal.");
        }

        if (!NeedsGradient)
        {
            throw new InvalidOperationException(
                $"Backward: the tensor of shape {Shape} was not computed from any tensor that requires a gradient (or under NoGrad).");
        }

        Tensor seed = new(Shape);
        if (gradient is null)
        {
            seed.Fill(1);
        }
        else
        {
            StridedCopy.Run(gradient, seed, add: false);
        }

        if (Node is null)
        {
            AddToGrad(seed);
        }
        else
        {
            BackwardPass.Run(Node, seed, retainGraph);
        }
    }

    /// <summary>Asks that <see cref="Grad"/> of this computed tensor be filled by backward too.</summary>
    /// <returns>This tensor.</returns>
    public Tensor RetainGrad()
    {
        if (Node is not null)
        {
            Node.Retained = this;
        }

        return this;
    }

    /// <summary>Forgets the gradient. Its memory is used again by the next forward or backward.</summary>
    public void ZeroGrad() => _gradIsStale = true;

    /// <summary>Returns whether an operation on these inputs goes on the tape.</summary>
    internal static bool Records(Tensor first, Tensor? second = null, Tensor? third = null)
        => NoGradScope.IsRecording
            && (first.NeedsGradient || (second is not null && second.NeedsGradient) || (third is not null && third.NeedsGradient));

    /// <summary>Puts this new tensor on the tape as the output of an operation.</summary>
    internal Tensor ProducedBy(Op operation)
    {
        Node = new Node(operation);
        OpWatch.Ended?.Invoke(operation, this);
        return this;
    }

    /// <summary>Returns a leaf of the same memory, whose gradient belongs to the running scope like any result.</summary>
    internal Tensor Twin(bool requiresGrad)
    {
        Tensor twin = Detach();
        twin._requiresGrad = requiresGrad;
        twin._grad = requiresGrad ? new Tensor(Shape) : null;
        return twin;
    }

    /// <summary>Returns where the gradient of this tensor is gathered; when fresh, its contents are arbitrary.</summary>
    internal Tensor GradientBuffer(out bool fresh)
    {
        if (Node is Node node)
        {
            fresh = node.Gradient is null;
            return node.Gradient ??= new Tensor(Shape);
        }

        // The gradient of a leaf lives as long as the leaf, so no scope may release it.
        fresh = _gradIsStale;
        return GradMemory();
    }

    /// <summary>Adds to <see cref="Grad"/>.</summary>
    internal void AddToGrad(Tensor gradient)
    {
        bool add = !_gradIsStale;
        StridedCopy.Run(gradient, GradMemory(), add);
    }

    /// <summary>
    /// Lends the memory of a leaf's gradient to an operation that computes what backward will ask for ahead of it; null where it
    /// holds a gradient, or none is wanted. The last borrower has it.
    /// </summary>
    internal Tensor? BorrowGradient(Op borrower)
    {
        if (!_requiresGrad || !_gradIsStale)
        {
            return null;
        }

        _gradBorrower = borrower;
        return _grad ??= new Tensor(Shape, scoped: false);
    }

    /// <summary>Makes what a borrower wrote the gradient; false where others have written there in the meantime.</summary>
    internal bool TakeBorrowedGradient(Op borrower)
    {
        if (_gradBorrower != borrower)
        {
            return false;
        }

        GradMemory();
        return true;
    }

    private Tensor GradMemory()
    {
        _gradIsStale = false;
        _gradBorrower = null;
        return _grad ??= new Tensor(Shape, scoped: false);
    }
}
