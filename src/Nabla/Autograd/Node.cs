using Nabla.Tensors;

namespace Nabla.Autograd;

/// <summary>
/// A tensor's place on the tape: the operation that made it and, during a backward pass, the gradient gathered so far.
/// </summary>
internal sealed class Node(Op operation)
{
    /// <summary>Gets or sets the operation; null once a backward pass has been through and freed what it saved.</summary>
    public Op? Operation { get; set; } = operation;

    /// <summary>Gets or sets the gradient of the loss with respect to the tensor, while a backward pass runs.</summary>
    public Tensor? Gradient { get; set; }

    /// <summary>Gets or sets the tensor that asked to see its gradient.</summary>
    public Tensor? Retained { get; set; }

    /// <summary>Gets or sets the tensor's memory, if nobody but the tape needs it: to be given back when backward has been through.</summary>
    public Storage? Released { get; set; }

    /// <summary>Gets or sets the number of the backward pass that found this node last.</summary>
    public long Pass { get; set; }

    /// <summary>Gets or sets the number of consumers whose gradient is still to come in this pass.</summary>
    public int Pending { get; set; }
}
