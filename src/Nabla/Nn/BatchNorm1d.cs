using System.Globalization;

namespace Nabla.Nn;

/// <summary>
/// Batch normalisation: every channel gets mean 0 and variance 1 over the batch, then a learned scale (from 1) and shift (from
/// 0). Ioffe and Szegedy, "Batch Normalization", 2015, arXiv:1502.03167.
/// </summary>
/// <remarks>
/// <para>
/// In training mode a batch is normalised by its own mean and biased variance, and the running ones move a step of
/// <c>momentum</c> towards its mean and unbiased variance, as in PyTorch. In evaluation mode the running ones are used, so that an
/// example does not depend on the others and may come alone.
/// </para>
/// <para>
/// Channels are last: <c>[N, C]</c>, or <c>[N, L, C]</c> with statistics over N and L. PyTorch's own layout is
/// <c>[N, C, L]</c>; get it by <c>norm.Forward(x.Transpose(1, 2)).Transpose(1, 2)</c>.
/// </para>
/// </remarks>
public sealed class BatchNorm1d : Layer
{
    private readonly float _epsilon;
    private readonly float _momentum;

    /// <summary>Creates the layer.</summary>
    /// <param name="channels">The size of the last dimension.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">The part of the way that the running statistics move at each training batch, from 0 to 1.</param>
    /// <param name="affine">Whether to scale and shift.</param>
    public BatchNorm1d(int channels, float epsilon = 1e-5f, float momentum = 0.1f, bool affine = true)
    {
        (_epsilon, _momentum) = (epsilon, momentum);
        Weight = affine ? AddParameter("weight", Tensor.Ones(channels)) : null;
        Bias = affine ? AddParameter("bias", Tensor.Zeros(channels)) : null;
        RunningMean = AddBuffer("running_mean", Tensor.Zeros(channels));
        RunningVariance = AddBuffer("running_var", Tensor.Ones(channels));
    }

    /// <summary>Gets the scale, [channels], if there is one.</summary>
    public Tensor? Weight { get; }

    /// <summary>Gets the shift, [channels], if there is one.</summary>
    public Tensor? Bias { get; }

    /// <summary>Gets the mean that evaluation uses, [channels], from 0.</summary>
    public Tensor RunningMean { get; }

    /// <summary>Gets the variance that evaluation uses, [channels], from 1.</summary>
    public Tensor RunningVariance { get; }

    /// <inheritdoc/>
    protected override string Arguments => string.Create(
        CultureInfo.InvariantCulture,
        $"{RunningMean.Count}, eps={_epsilon:0.###e-00}, momentum={_momentum}, affine={Weight is not null}");

    /// <summary>Normalises each channel of [N, C] or [N, L, C].</summary>
    /// <exception cref="ShapeException">The input has another shape, or a training batch has a single number to a channel.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Rank is 2 or 3
            ? Observed(x.BatchNorm(Weight, Bias, RunningMean, RunningVariance, IsTraining, _momentum, _epsilon))
            : throw new ShapeException(
                $"BatchNorm1d: the input is {x.Shape}; it must be [N, {RunningMean.Count}] or [N, L, {RunningMean.Count}], channels last.");
    }
}
