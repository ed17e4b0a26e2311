using Nabla.Autograd;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Applies a function of which only the input is kept for backward; all else that backward needs is computed again when it comes
    /// there. Memory for the time of one more forward pass: T. Chen et al., "Training Deep Nets with Sublinear Memory Cost" (2016),
    /// arXiv:1604.06174; PyTorch's <c>torch.utils.checkpoint</c>.
    /// </summary>
    /// <param name="function">
    /// What to apply, such as a block of layers. It must compute the same when it is called again, and may use any tensors besides
    /// its input; of those, gradients come to leaves such as parameters only.
    /// </param>
    /// <param name="random">What the function draws random numbers from, so that it draws them again; null for the default generator.</param>
    /// <returns>What the function returns; loss and gradients are the same bits as without.</returns>
    /// <example><code>x = x.Recompute(block.Forward);</code></example>
    public Tensor Recompute(Func<Tensor, Tensor> function, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (!NoGradScope.IsRecording)
        {
            return function(this);
        }

        random ??= RandomGenerator.Default;
        RandomState state = random.GetState();
        Tensor y;
        using (NoGrad())
        {
            y = function(this);
        }

        return (y == this ? y.Detach() : y).ProducedBy(new RecomputeOp(this, function, random, state));
    }
}

file sealed class RecomputeOp(Tensor x, Func<Tensor, Tensor> function, RandomGenerator random, RandomState state) : Op(x)
{
    private readonly Saved _x = new(x);

    public override void Backward(Tensor dy)
    {
        Tensor twin = _x.For(this).Twin(x.NeedsGradient);
        RandomState now = random.GetState();
        random.SetState(state);
        using (NoGradScope.Lift())
        {
            Tensor y = function(twin);
            if (y.NeedsGradient)
            {
                y.Backward(dy);
                y.Release();
            }
        }

        random.SetState(now);
        if (twin.Grad is Tensor dx)
        {
            HandOver(x, dx);
        }
    }
}
