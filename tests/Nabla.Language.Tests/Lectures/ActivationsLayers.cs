namespace Nabla.Language.Tests.Lectures;

/// <summary>A layer of the fourth lecture's own module library: what it returned last stays in <see cref="Out"/>.</summary>
internal abstract class ActivationsLayer
{
    public Tensor Out { get; private set; } = Tensor.Zeros(0);

    public abstract Tensor[] Parameters { get; }

    public bool IsTraining { get; set; } = true;

    public Tensor Forward(Tensor x)
    {
        Out = Compute(x);
        return Out;
    }

    protected abstract Tensor Compute(Tensor x);
}

/// <summary>x W + b, with weights of size 1 / sqrt(inputs) and biases of 0.</summary>
internal sealed class ActivationsLinear(RandomGenerator random, int inputs, int outputs, bool bias = true, bool divide = true)
    : ActivationsLayer
{
    public Tensor Weight { get; } = Tensor.Randn(random, inputs, outputs) / (divide ? MathF.Sqrt(inputs) : 1);

    public Tensor? Bias { get; } = bias ? Tensor.Zeros(outputs) : null;

    public override Tensor[] Parameters => Bias is null ? [Weight] : [Weight, Bias];

    protected override Tensor Compute(Tensor x) => Bias is null ? x.MatMul(Weight) : x.MatMul(Weight) + Bias;
}

/// <summary>Batch norm over rows, by the unbiased variance.</summary>
internal sealed class ActivationsBatchNorm1d(int width, float epsilon = 1e-5f, float momentum = 0.1f) : ActivationsLayer
{
    public Tensor Gamma { get; } = Tensor.Ones(width);

    public Tensor Beta { get; } = Tensor.Zeros(width);

    public Tensor RunningMean { get; } = Tensor.Zeros(width);

    public Tensor RunningVariance { get; } = Tensor.Ones(width);

    public override Tensor[] Parameters => [Gamma, Beta];

    protected override Tensor Compute(Tensor x)
    {
        Tensor mean = IsTraining ? x.Mean(0) : RunningMean;
        Tensor variance = IsTraining ? x.Var(0) : RunningVariance;
        if (IsTraining)
        {
            using var noGrad = Tensor.NoGrad();
            RunningMean.CopyInPlace((RunningMean * (1 - momentum)) + (mean * momentum));
            RunningVariance.CopyInPlace((RunningVariance * (1 - momentum)) + (variance * momentum));
        }

        return (Gamma * (x - mean) / (variance + epsilon).Sqrt()) + Beta;
    }
}

/// <summary>The hyperbolic tangent; it has no parameters.</summary>
internal sealed class ActivationsTanh : ActivationsLayer
{
    public override Tensor[] Parameters => [];

    protected override Tensor Compute(Tensor x) => x.Tanh();
}
