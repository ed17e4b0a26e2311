using Nabla.Nn;

namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The sixth lecture's mistake: batch norm written for [N, C], with statistics over dimension 0 only. On [B, T, C] it runs by
/// broadcasting, and keeps a mean and a variance for each place of the sequence.
/// </summary>
internal sealed class PositionNorm : Layer
{
    private const float Momentum = 0.1f;

    public PositionNorm(int channels)
    {
        Weight = AddParameter("weight", Tensor.Ones(channels));
        Bias = AddParameter("bias", Tensor.Zeros(channels));
        (RunningMean, RunningVariance) = (Tensor.Zeros(1, channels).Keep(), Tensor.Ones(1, channels).Keep());
    }

    public Tensor Weight { get; }

    public Tensor Bias { get; }

    public Tensor RunningMean { get; private set; }

    public Tensor RunningVariance { get; private set; }

    public override Tensor Forward(Tensor x)
    {
        (Tensor mean, Tensor variance) = (RunningMean, RunningVariance);
        if (IsTraining)
        {
            (mean, variance) = (x.Mean(0, keepDim: true), x.Var(0, unbiased: true, keepDim: true));
            using var noGrad = Tensor.NoGrad();
            RunningMean = ((RunningMean * (1 - Momentum)) + (mean * Momentum)).Keep();
            RunningVariance = ((RunningVariance * (1 - Momentum)) + (variance * Momentum)).Keep();
        }

        return ((x - mean) / (variance + 1e-5f).Sqrt() * Weight) + Bias;
    }
}
