namespace Nabla.Scalar.Tests;

/// <summary>The first graph of the lecture: <c>L = (a * b + c) * f</c>.</summary>
internal sealed class LectureExpression
{
    public LectureExpression(double a = 2, double b = -3, double c = 10, double f = -2)
    {
        (A, B, C, F) = (new(a, "a"), new(b, "b"), new(c, "c"), new(f, "f"));
        E = A * B;
        D = E + C;
        L = D * F;
        (E.Label, D.Label, L.Label) = ("e", "d", "L");
    }

    public Value A { get; }

    public Value B { get; }

    public Value C { get; }

    public Value F { get; }

    public Value E { get; }

    public Value D { get; }

    public Value L { get; }
}
