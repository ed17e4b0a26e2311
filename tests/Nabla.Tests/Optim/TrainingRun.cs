using Nabla.Optim;

namespace Nabla.Tests.Optim;

/// <summary>
/// Parameters with made-up gradients, the same in every run, of sizes that leave tails and are worth several threads.
/// </summary>
internal sealed class TrainingRun
{
    private static readonly Shape[] _shapes = [new(3, 5), new(1), new(301, 211), new(0, 4), new(16)];

    private int _step;

    public TrainingRun(Func<Tensor[], Optimizer> make)
    {
        Parameters = [.. _shapes.Select(shape => Tensor.Zeros(shape))];
        Array.ForEach(Parameters, parameter => Fill(parameter, seed: 1));
        Optimizer = make(Parameters);
    }

    /// <summary>Gets every optimiser in every form, by name.</summary>
    public static Dictionary<string, Func<Tensor[], Optimizer>> Kinds { get; } = new()
    {
        ["Sgd"] = parameters => new Sgd(parameters, 0.1f, weightDecay: 0.01f),
        ["Sgd with momentum"] = parameters => new Sgd(parameters, 0.1f, momentum: 0.9f, weightDecay: 0.01f),
        ["Sgd of Nesterov"] = parameters => new Sgd(parameters, 0.1f, momentum: 0.9f, weightDecay: 0.01f, nesterov: true),
        ["Adam"] = parameters => new Adam(parameters, 0.01f, weightDecay: 0.1f),
        ["AdamW"] = parameters => new AdamW(parameters, 0.01f, beta2: 0.95),
        ["AdamW in groups"] = parameters => new AdamW(
        [
            new ParameterGroup(parameters.Take(2), 0.01f, weightDecay: 0.1f),
            new ParameterGroup(parameters.Skip(2), 0.02f, weightDecay: 0),
        ]),
    };

    public Tensor[] Parameters { get; }

    public Optimizer Optimizer { get; }

    /// <summary>Gets the bits of all parameters and all state.</summary>
    public int[] Bits => [.. Parameters.Concat(Optimizer.State.Select(entry => entry.Value))
        .SelectMany(tensor => tensor.ToArray()).Select(BitConverter.SingleToInt32Bits)];

    /// <summary>Takes steps; every third leaves the second parameter without a gradient.</summary>
    public void Steps(int count)
    {
        for (int end = _step + count; _step < end; _step++)
        {
            Optimizer.ZeroGrad();
            for (int i = 0; i < Parameters.Length; i++)
            {
                if (i != 1 || _step % 3 != 0)
                {
                    Tensor gradient = Tensor.Zeros(Parameters[i].Shape);
                    Fill(gradient, seed: (100 * _step) + i);
                    Parameters[i].AddToGrad(gradient);
                }
            }

            Optimizer.Step();
        }
    }

    /// <summary>Goes on from another run's parameters and saved state.</summary>
    public void ContinueFrom(TrainingRun other)
    {
        foreach ((Tensor own, Tensor saved) in Parameters.Zip(other.Parameters))
        {
            own.CopyFrom(saved.ToArray());
        }

        Dictionary<string, Tensor> state = other.Optimizer.State.ToDictionary(
            entry => entry.Key, entry => entry.Value.Clone());
        Optimizer.LoadState(state, other.Optimizer.StepCount);
        _step = other._step;
    }

    private static void Fill(Tensor tensor, int seed)
    {
        Random random = new(seed);
        float[] values = new float[tensor.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-4, 2));
        }

        tensor.CopyFrom(values);
    }
}
