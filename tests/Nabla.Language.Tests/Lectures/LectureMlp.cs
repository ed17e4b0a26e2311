using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The third lecture's network, written as there: a table of embeddings, a hidden layer with tanh, and logits for 27 characters.
/// Everything is drawn from one generator, first the parameters, normally distributed, then the minibatches.
/// </summary>
internal sealed class LectureMlp
{
    private readonly RandomGenerator _random;

    public LectureMlp(int embeddingWidth, int hiddenWidth, ulong seed = NameBigrams.Seed, int contextLength = 3)
    {
        _random = new RandomGenerator(seed);
        Table = Parameter(27, embeddingWidth);
        W1 = Parameter(contextLength * embeddingWidth, hiddenWidth);
        B1 = Parameter(hiddenWidth);
        W2 = Parameter(hiddenWidth, 27);
        B2 = Parameter(27);
    }

    public Tensor Table { get; }

    public Tensor W1 { get; }

    public Tensor B1 { get; }

    public Tensor W2 { get; }

    public Tensor B2 { get; }

    public Tensor[] Parameters => [Table, W1, B1, W2, B2];

    public int ParameterCount => Parameters.Sum(parameter => parameter.Count);

    public Tensor Hidden(IndexTensor contexts) => (Table[contexts].View(-1, W1.Shape[0]).MatMul(W1) + B1).Tanh();

    public Tensor Logits(IndexTensor contexts) => Hidden(contexts).MatMul(W2) + B2;

    /// <summary>The loss on all examples, computed in parts: the mean of theirs, by their sizes.</summary>
    public float Loss(Examples examples, int partSize = 8192)
    {
        double sum = 0;
        using (Tensor.NoGrad())
        {
            for (int start = 0; start < examples.Count; start += partSize)
            {
                using MemoryScope scope = MemoryScope.Begin();
                Examples part = examples[start..Math.Min(start + partSize, examples.Count)];
                sum += (double)Logits(part.Contexts).CrossEntropy(part.Labels).Item() * part.Count;
            }
        }

        return (float)(sum / examples.Count);
    }

    /// <summary>Takes one step down the slope of the loss on these examples, and returns that loss.</summary>
    public float Step(Examples examples, float rate)
    {
        using MemoryScope scope = MemoryScope.Begin();
        Tensor loss = Logits(examples.Contexts).CrossEntropy(examples.Labels);
        foreach (Tensor parameter in Parameters)
        {
            parameter.ZeroGrad();
        }

        loss.Backward();
        using (Tensor.NoGrad())
        {
            foreach (Tensor parameter in Parameters)
            {
                parameter.SubInPlace(parameter.Grad! * rate);
            }
        }

        return loss.Item();
    }

    /// <summary>Takes a step for each rate, on 32 examples drawn for it, and returns the losses.</summary>
    public List<float> Train(Examples examples, IEnumerable<float> rates)
    {
        List<float> losses = [];
        foreach (float rate in rates)
        {
            using MemoryScope scope = MemoryScope.Begin();
            losses.Add(Step(examples[IndexTensor.Randint(_random, 0, examples.Count, 32)], rate));
        }

        return losses;
    }

    public List<float> Train(Examples examples, int steps, float rate) => Train(examples, Enumerable.Repeat(rate, steps));

    private Tensor Parameter(params ReadOnlySpan<int> sizes)
    {
        Tensor parameter = Tensor.Randn(_random, sizes);
        parameter.RequiresGrad = true;
        return parameter;
    }
}
