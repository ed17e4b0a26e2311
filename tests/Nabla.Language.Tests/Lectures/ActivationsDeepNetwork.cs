using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The fourth lecture's network of six linear layers, with or without tanh and batch norm between them.</summary>
internal sealed class ActivationsDeepNetwork
{
    private readonly RandomGenerator _random = new(NameBigrams.Seed);

    /// <summary>
    /// Draws the parameters and multiplies the weights of all linear layers by the gain but those of the last layer by 0.1. With
    /// batch norm the last layer is one: its gamma is 0.1.
    /// </summary>
    public ActivationsDeepNetwork(
        float gain = 5 / 3f, bool tanh = true, bool norm = false, bool divide = true, int hiddenWidth = 100)
    {
        Table = Tensor.Randn(_random, 27, 10);
        for (int i = 0; i < 6; i++)
        {
            ActivationsLinear linear = new(_random, i == 0 ? 30 : hiddenWidth, i < 5 ? hiddenWidth : 27, bias: !norm, divide);
            linear.Weight.MulInPlace(i < 5 || norm ? gain : 0.1f);
            Layers.Add(linear);
            if (norm)
            {
                ActivationsBatchNorm1d batchNorm = new(i < 5 ? hiddenWidth : 27);
                batchNorm.Gamma.MulInPlace(i < 5 ? 1 : 0.1f);
                Layers.Add(batchNorm);
            }

            if (tanh && i < 5)
            {
                Layers.Add(new ActivationsTanh());
            }
        }

        foreach (Tensor parameter in Parameters)
        {
            parameter.RequiresGrad = true;
        }
    }

    public Tensor Table { get; }

    public List<ActivationsLayer> Layers { get; } = [];

    public Tensor[] Parameters => [Table, .. Layers.SelectMany(layer => layer.Parameters)];

    public int ParameterCount => Parameters.Sum(parameter => parameter.Count);

    /// <summary>Gets the weights of the linear layers, 1 to 6.</summary>
    public Tensor[] Weights => [.. Layers.OfType<ActivationsLinear>().Select(layer => layer.Weight)];

    /// <summary>Gets what the tanh layers returned last, 1 to 5.</summary>
    public Tensor[] Activations => [.. Layers.OfType<ActivationsTanh>().Select(layer => layer.Out)];

    /// <summary>Gets what the hidden linear layers returned last, 1 to 5.</summary>
    public Tensor[] Sums => [.. Layers.OfType<ActivationsLinear>().Take(5).Select(layer => layer.Out)];

    public Tensor Logits(IndexTensor contexts)
    {
        Tensor x = Table[contexts].View(-1, 30);
        foreach (ActivationsLayer layer in Layers)
        {
            x = layer.Forward(x);
        }

        return x;
    }

    public static float Std(Tensor? values) => values!.Detach().Std().Item();

    /// <summary>The part, in percent, of numbers further from zero than 0.97.</summary>
    public static float Saturation(Tensor activations) => 100 * (activations.Detach().Abs() > 0.97f).Mean().Item();

    /// <summary>Goes forward and backward on 32 examples, and keeps the gradients of all that the layers returned.</summary>
    public Tensor Backward(Examples examples, bool retain = true)
    {
        Examples batch = examples[IndexTensor.Randint(_random, 0, examples.Count, 32)];
        Tensor loss = Logits(batch.Contexts).CrossEntropy(batch.Labels);
        foreach (ActivationsLayer layer in retain ? Layers : [])
        {
            layer.Out.RetainGrad();
        }

        foreach (Tensor parameter in Parameters)
        {
            parameter.ZeroGrad();
        }

        loss.Backward();
        return loss;
    }

    /// <summary>
    /// Takes steps at a rate, each on 32 examples drawn for it. Returns, for each step from the given ones on, the logarithm to
    /// base 10 of how large the update of each weight is, beside the weight.
    /// </summary>
    public List<float[]> Train(Examples examples, int steps, float rate, Predicate<int>? measure = null)
    {
        List<float[]> ratios = [];
        for (int step = 0; step < steps; step++)
        {
            using MemoryScope scope = MemoryScope.Begin();
            _ = Backward(examples, retain: false);
            using (Tensor.NoGrad())
            {
                foreach (Tensor parameter in Parameters)
                {
                    parameter.SubInPlace(parameter.Grad! * rate);
                }

                if (measure?.Invoke(step) ?? false)
                {
                    ratios.Add([.. Weights.Select(weight => MathF.Log10(rate * Std(weight.Grad) / Std(weight)))]);
                }
            }
        }

        return ratios;
    }

    /// <summary>The loss on all examples, by the running statistics.</summary>
    public float Loss(Examples examples)
    {
        using var noGrad = Tensor.NoGrad();
        Layers.ForEach(layer => layer.IsTraining = false);
        float loss = Logits(examples.Contexts).CrossEntropy(examples.Labels).Item();
        Layers.ForEach(layer => layer.IsTraining = true);
        return loss;
    }
}
