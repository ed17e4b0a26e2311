namespace Nabla.Language.Tests.Lectures;

/// <summary>Batch norm as the fourth lecture writes it inline: by the standard deviation, without an epsilon.</summary>
internal sealed class ActivationsNorm(int width)
{
    private const float Rate = 0.001f;

    public bool IsTraining { get; set; } = true;

    public Tensor Gain { get; } = Tensor.Ones(1, width);

    public Tensor Bias { get; } = Tensor.Zeros(1, width);

    public Tensor RunningMean { get; private set; } = Tensor.Zeros(1, width);

    public Tensor RunningStd { get; private set; } = Tensor.Ones(1, width);

    public Tensor Forward(Tensor x)
    {
        Tensor mean = IsTraining ? x.Mean(0, keepDim: true) : RunningMean;
        Tensor std = IsTraining ? x.Std(0, keepDim: true) : RunningStd;
        if (IsTraining)
        {
            using var noGrad = Tensor.NoGrad();
            RunningMean = ((RunningMean * (1 - Rate)) + (mean * Rate)).Detach().Keep();
            RunningStd = ((RunningStd * (1 - Rate)) + (std * Rate)).Detach().Keep();
        }

        return (Gain * (x - mean) / std) + Bias;
    }

    /// <summary>Puts other statistics in the place of the running ones.</summary>
    public void Calibrate(Tensor mean, Tensor std) => (RunningMean, RunningStd) = (mean, std);
}
