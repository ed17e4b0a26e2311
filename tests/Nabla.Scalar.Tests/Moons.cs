namespace Nabla.Scalar.Tests;

/// <summary>The last demonstration of the lecture: points on two half circles, and the network that tells them apart.</summary>
internal static class Moons
{
    public const int Count = 100;

    /// <summary>Makes points in turn from the outer half circle, label 1, and the inner one, label -1.</summary>
    public static (double[][] Points, double[] Labels) Make(int seed, double noise = 0.1)
    {
        var random = new Random(seed);
        var points = new double[Count][];
        var labels = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            bool outer = i % 2 == 0;
            double angle = Math.PI * (i / 2) / ((Count / 2) - 1);
            double x = outer ? Math.Cos(angle) : 1 - Math.Cos(angle);
            double y = outer ? Math.Sin(angle) : 0.5 - Math.Sin(angle);

            // Two independent normal numbers (G. Box and M. Muller, 1958).
            double radius = noise * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            double direction = 2 * Math.PI * random.NextDouble();
            points[i] = [x + (radius * Math.Cos(direction)), y + (radius * Math.Sin(direction))];
            labels[i] = outer ? 1 : -1;
        }

        return (points, labels);
    }

    public static Mlp Network(int seed) => new(2, [16, 16, 1], new Random(seed), hidden: x => x.Relu(), last: x => x);
}
