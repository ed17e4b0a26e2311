namespace Nabla.Scalar.Tests;

/// <summary>The training of the lecture: four examples, a network of 41 parameters, plain gradient descent.</summary>
internal sealed class TrainingRun
{
    public static readonly double[][] Inputs = [[2, 3, -1], [3, -1, 0.5], [0.5, 1, 1], [1, 1, -1]];

    public static readonly double[] Targets = [1, -1, -1, 1];

    /// <summary>Trains a new network.</summary>
    public TrainingRun(int seed, int steps, double learningRate, bool zeroGrad = true)
    {
        Network = new(3, [4, 4, 1], new Random(seed));
        for (int step = 0; step < steps; step++)
        {
            Value loss = LossOf(Network);
            if (zeroGrad)
            {
                Network.ZeroGrad();
            }

            loss.Backward();
            foreach (Value parameter in Network.Parameters)
            {
                parameter.Data -= learningRate * parameter.Grad;
            }

            Losses.Add(loss.Data);
        }

        Losses.Add(LossOf(Network).Data);
    }

    public Mlp Network { get; }

    /// <summary>Gets the loss before each step, and the one after the last.</summary>
    public List<double> Losses { get; } = [];

    public static Value LossOf(Mlp network) => Loss.SquaredError(Predictions(network), Targets);

    public static Value[] Predictions(Mlp network) => [.. Inputs.Select(x => network.Output(x[0], x[1], x[2]))];
}
