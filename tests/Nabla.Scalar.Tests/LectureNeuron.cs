namespace Nabla.Scalar.Tests;

/// <summary>The neuron of the lecture, with a bias that makes its numbers round: <c>o = tanh(x1 w1 + x2 w2 + b)</c>.</summary>
internal sealed class LectureNeuron
{
    public const double RoundBias = 6.8813735870195432;

    public LectureNeuron(double bias = RoundBias, bool tanhInParts = false)
    {
        (X1, X2, W1, W2, B) = (new(2, "x1"), new(0, "x2"), new(-3, "w1"), new(1, "w2"), new(bias, "b"));
        X1W1 = X1 * W1;
        X2W2 = X2 * W2;
        Sum = X1W1 + X2W2;
        N = Sum + B;
        if (tanhInParts)
        {
            Value e = (2 * N).Exp();
            O = (e - 1) / (e + 1);
        }
        else
        {
            O = N.Tanh();
        }
    }

    public Value X1 { get; }

    public Value X2 { get; }

    public Value W1 { get; }

    public Value W2 { get; }

    public Value B { get; }

    public Value X1W1 { get; }

    public Value X2W2 { get; }

    public Value Sum { get; }

    public Value N { get; }

    public Value O { get; }

    public Value[] Leaves => [X1, X2, W1, W2, B];
}
