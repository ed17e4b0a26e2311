using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The parameters of the fifth lecture's network: three characters, 10 numbers for each, 64 hidden neurons with batch norm.
/// Biases are small random numbers, and gains are not 1: a zero or a one could hide a term that is missing from a gradient.
/// </summary>
internal sealed class BackpropNetwork
{
    public const int BatchSize = 32;

    public const float Epsilon = 1e-5f;

    private readonly RandomGenerator _batches = new(NameBigrams.Seed);

    /// <summary>Draws the parameters in the lecture's order; gain and bias of the norm come from another generator.</summary>
    public BackpropNetwork(int hiddenWidth = 64)
    {
        RandomGenerator norm = new(NameBigrams.Seed);
        Table = Tensor.Randn(_batches, 27, 10);
        W1 = Tensor.Randn(_batches, 30, hiddenWidth) * (5 / 3f / MathF.Sqrt(30));
        B1 = Tensor.Randn(_batches, hiddenWidth) * 0.1f;
        W2 = Tensor.Randn(_batches, hiddenWidth, 27) * 0.1f;
        B2 = Tensor.Randn(_batches, 27) * 0.1f;
        Gain = (Tensor.Randn(norm, 1, hiddenWidth) * 0.1f) + 1;
        Bias = Tensor.Randn(norm, 1, hiddenWidth) * 0.1f;
        foreach (Tensor parameter in Parameters)
        {
            parameter.RequiresGrad = true;
        }
    }

    /// <summary>Gets the table of embeddings, C in the lecture.</summary>
    public Tensor Table { get; }

    public Tensor W1 { get; }

    public Tensor B1 { get; }

    public Tensor W2 { get; }

    public Tensor B2 { get; }

    /// <summary>Gets the gain of the batch norm, bngain in the lecture.</summary>
    public Tensor Gain { get; }

    /// <summary>Gets the bias of the batch norm, bnbias in the lecture.</summary>
    public Tensor Bias { get; }

    public Tensor[] Parameters => [Table, W1, B1, W2, B2, Gain, Bias];

    /// <summary>Draws the next minibatch; the first is the lecture's.</summary>
    public Examples Draw(Examples examples) => examples[IndexTensor.Randint(_batches, 0, examples.Count, BatchSize)];

    public void ZeroGrad()
    {
        foreach (Tensor parameter in Parameters)
        {
            parameter.ZeroGrad();
        }
    }

    /// <summary>Takes the step p -= rate * gradient.</summary>
    public void Step(IReadOnlyList<Tensor> gradients, float rate)
    {
        using var noGrad = Tensor.NoGrad();
        foreach ((Tensor parameter, Tensor gradient) in Parameters.Zip(gradients))
        {
            parameter.SubInPlace(gradient * rate);
        }
    }

    /// <summary>The column means and variances [1, H] of what enters the batch norm, over all these examples.</summary>
    public (Tensor Mean, Tensor Variance) Calibrate(Examples examples)
    {
        using var noGrad = Tensor.NoGrad();
        Tensor before = BeforeNorm(examples.Contexts);
        return (before.Mean(0, keepDim: true), before.Var(0, keepDim: true));
    }

    /// <summary>The logits, with the means and variances given in place of the batch's.</summary>
    public Tensor Logits(IndexTensor contexts, Tensor mean, Tensor variance)
    {
        Tensor normalised = (BeforeNorm(contexts) - mean) * (variance + Epsilon).Pow(-0.5f);
        return ((Gain * normalised) + Bias).Tanh().MatMul(W2) + B2;
    }

    private Tensor BeforeNorm(IndexTensor contexts) => Table[contexts].View(contexts.Shape[0], -1).MatMul(W1) + B1;
}
