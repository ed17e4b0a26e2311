using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The fourth lecture's network with one hidden layer of 200, whose first random numbers are made smaller or not, with or without
/// batch norm before its tanh. Parameters and minibatches are drawn from one generator in the lecture's order.
/// </summary>
internal sealed class ActivationsMlp
{
    private readonly RandomGenerator _random = new(NameBigrams.Seed);

    /// <summary>Draws the parameters and multiplies them by the scales; with batch norm there is no hidden bias.</summary>
    public ActivationsMlp(float w1 = 1, float b1 = 1, float w2 = 1, float b2 = 1, bool norm = false)
    {
        Table = Tensor.Randn(_random, 27, 10);
        W1 = Tensor.Randn(_random, 30, 200) * w1;
        B1 = norm ? null : Tensor.Randn(_random, 200) * b1;
        W2 = Tensor.Randn(_random, 200, 27) * w2;
        B2 = Tensor.Randn(_random, 27) * b2;
        Norm = norm ? new ActivationsNorm(200) : null;
        foreach (Tensor parameter in Parameters)
        {
            parameter.RequiresGrad = true;
        }
    }

    /// <summary>Gets what the tanh of 30 inputs asks for, 0.3043.</summary>
    public static float Kaiming => 5 / 3f / MathF.Sqrt(30);

    public Tensor Table { get; }

    public Tensor W1 { get; }

    public Tensor? B1 { get; }

    public Tensor W2 { get; }

    public Tensor B2 { get; }

    public ActivationsNorm? Norm { get; }

    public Tensor[] Parameters => Norm is null ? [Table, W1, B1!, W2, B2] : [Table, W1, W2, B2, Norm.Gain, Norm.Bias];

    /// <summary>What enters the batch norm, or the tanh where there is none.</summary>
    public Tensor BeforeNorm(IndexTensor contexts)
    {
        Tensor product = Table[contexts].View(-1, 30).MatMul(W1);
        return B1 is null ? product : product + B1;
    }

    public Tensor PreActivation(IndexTensor contexts)
        => Norm is null ? BeforeNorm(contexts) : Norm.Forward(BeforeNorm(contexts));

    public Tensor Hidden(IndexTensor contexts) => PreActivation(contexts).Tanh();

    public Tensor Logits(IndexTensor contexts) => Hidden(contexts).MatMul(W2) + B2;

    /// <summary>Draws the next minibatch; the first is the lecture's.</summary>
    public Examples Draw(Examples examples) => examples[IndexTensor.Randint(_random, 0, examples.Count, 32)];

    /// <summary>The loss on all examples; batch norm, if there is any, uses its running statistics.</summary>
    public float Loss(Examples examples)
    {
        using var noGrad = Tensor.NoGrad();
        bool training = Norm?.IsTraining ?? false;
        Norm?.IsTraining = false;
        float loss = Logits(examples.Contexts).CrossEntropy(examples.Labels).Item();
        Norm?.IsTraining = training;
        return loss;
    }

    /// <summary>Takes steps at a rate, each on 32 examples drawn for it, and returns their losses.</summary>
    public List<float> Train(Examples examples, int steps, float rate)
    {
        List<float> losses = [];
        Tensor[] parameters = Parameters;
        for (int step = 0; step < steps; step++)
        {
            using MemoryScope scope = MemoryScope.Begin();
            Examples batch = Draw(examples);
            Tensor loss = Logits(batch.Contexts).CrossEntropy(batch.Labels);
            foreach (Tensor parameter in parameters)
            {
                parameter.ZeroGrad();
            }

            loss.Backward();
            using (Tensor.NoGrad())
            {
                foreach (Tensor parameter in parameters)
                {
                    parameter.SubInPlace(parameter.Grad! * rate);
                }
            }

            losses.Add(loss.Item());
        }

        return losses;
    }
}
