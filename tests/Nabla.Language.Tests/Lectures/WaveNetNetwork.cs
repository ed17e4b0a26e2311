using Nabla.Nn;
using Nabla.Optim;
using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The sixth lecture's networks, flat or a tree: an embedding and a chain of layers, built of one generator, from which the
/// minibatches are drawn too.
/// </summary>
internal sealed class WaveNetNetwork : Module
{
    private readonly RandomGenerator _random;

    private WaveNetNetwork(RandomGenerator random, int embeddingWidth, Func<List<Layer>> layers, int width)
    {
        _random = random;
        Embedding = AddModule("embedding", new Embedding(27, embeddingWidth, random));
        List<Layer> chain = layers();
        Linear head = new(width, 27, random: random);
        using (Tensor.NoGrad())
        {
            head.Weight.MulInPlace(0.1f); // not to be sure of anything before something is learnt
        }

        Layers = AddModule("layers", new Sequential([.. chain, head]));
    }

    public Embedding Embedding { get; }

    public Sequential Layers { get; }

    /// <summary>All characters at once: a row of the embeddings, one hidden layer.</summary>
    public static WaveNetNetwork Flat(int contextLength, int embeddingWidth = 10, int width = 200, bool bias = false, ulong seed = 42)
    {
        RandomGenerator random = new(seed);
        return new WaveNetNetwork(
            random,
            embeddingWidth,
            () => [new Flatten(), new Linear(contextLength * embeddingWidth, width, bias, random), new BatchNorm1d(width), new Tanh()],
            width);
    }

    /// <summary>Two by two: three layers, each of which joins neighbours. The norm is given for the lecture's mistake.</summary>
    public static WaveNetNetwork Tree(int embeddingWidth = 10, int width = 68, Func<int, Layer>? norm = null, ulong seed = 42)
    {
        RandomGenerator random = new(seed);
        norm ??= channels => new BatchNorm1d(channels);
        return new WaveNetNetwork(
            random,
            embeddingWidth,
            () =>
            [
                new FlattenConsecutive(2), new Linear(2 * embeddingWidth, width, bias: false, random), norm(width), new Tanh(),
                new FlattenConsecutive(2), new Linear(2 * width, width, bias: false, random), norm(width), new Tanh(),
                new FlattenConsecutive(2), new Linear(2 * width, width, bias: false, random), norm(width), new Tanh(),
            ],
            width);
    }

    public Tensor Logits(IndexTensor contexts) => Layers.Forward(Embedding.Forward(contexts));

    /// <summary>The loss on all examples, computed in parts, in the mode that the network is in.</summary>
    public float Loss(Examples examples, int partSize = 4096)
    {
        using var noGrad = Tensor.NoGrad();
        double sum = 0;
        for (int start = 0; start < examples.Count; start += partSize)
        {
            using MemoryScope scope = MemoryScope.Begin();
            Examples part = examples[start..Math.Min(start + partSize, examples.Count)];
            sum += (double)Logits(part.Contexts).CrossEntropy(part.Labels).Item() * part.Count;
        }

        return (float)(sum / examples.Count);
    }

    /// <summary>Takes steps on 32 examples each, the last quarter at a tenth of the rate, and returns the losses.</summary>
    public float[] Train(Examples examples, int steps, float rate = 0.1f)
    {
        Train();
        Sgd sgd = new(Parameters(), rate);
        float[] losses = new float[steps];
        for (int step = 0; step < steps; step++)
        {
            using MemoryScope scope = MemoryScope.Begin();
            sgd.Groups[0].LearningRate = step < steps * 3 / 4 ? rate : rate / 10;
            Examples batch = examples[IndexTensor.Randint(_random, 0, examples.Count, 32)];
            Tensor loss = Logits(batch.Contexts).CrossEntropy(batch.Labels);
            sgd.ZeroGrad();
            loss.Backward();
            sgd.Step();
            losses[step] = loss.Item();
        }

        return losses;
    }
}
