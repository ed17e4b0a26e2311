using System.Globalization;

namespace Nabla.Nn;

/// <summary>
/// Group normalisation: each group of channels of each example gets mean 0 and variance 1 over all its places, then every
/// channel a learned scale (from 1) and shift (from 0). Wu and He, "Group Normalization", 2018, arXiv:1803.08494. It does not look
/// at the other examples, so training and evaluation are the same.
/// </summary>
/// <remarks>Channels are last: [N, C] or [N, L, C]. PyTorch has them second; transpose before and after for its layout.</remarks>
public sealed class GroupNorm : Layer
{
    private readonly int _groups;
    private readonly int _channels;
    private readonly float _epsilon;

    /// <summary>Creates the layer.</summary>
    /// <param name="groups">The number of groups; 1 takes all channels together.</param>
    /// <param name="channels">The size of the last dimension, a multiple of the groups.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="affine">Whether to scale and shift.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public GroupNorm(int groups, int channels, float epsilon = 1e-5f, bool affine = true)
    {
        if (groups < 1 || channels % groups != 0)
        {
            throw new ArgumentException($"GroupNorm: {channels} channels do not make {groups} equal groups.", nameof(groups));
        }

        (_groups, _channels, _epsilon) = (groups, channels, epsilon);
        Weight = affine ? AddParameter("weight", Tensor.Ones(channels)) : null;
        Bias = affine ? AddParameter("bias", Tensor.Zeros(channels)) : null;
    }

    /// <summary>Gets the scale, [channels], if there is one.</summary>
    public Tensor? Weight { get; }

    /// <summary>Gets the shift, [channels], if there is one.</summary>
    public Tensor? Bias { get; }

    /// <inheritdoc/>
    protected override string Arguments => string.Create(
        CultureInfo.InvariantCulture, $"{_groups}, {_channels}, eps={_epsilon:0.###e-00}, affine={Weight is not null}");

    /// <summary>Normalises each group of [N, C] or [N, L, C].</summary>
    /// <exception cref="ShapeException">The input has another shape.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Rank is 2 or 3 && x.Shape[-1] == _channels
            ? Observed(x.GroupNorm(_groups, Weight, Bias, _epsilon))
            : throw new ShapeException(
                $"GroupNorm: the input is {x.Shape}; it must be [N, {_channels}] or [N, L, {_channels}], channels last.");
    }
}
