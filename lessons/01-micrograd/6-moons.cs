#:project ../../src/Nabla.Scalar/Nabla.Scalar.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Two half moons of points that no straight line divides, and a network of 337 parameters that does.

using Nabla.Plotting;
using Nabla.Scalar;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
Random random = new(1337);

// Fifty points on the upper half of a circle, fifty on the lower half of another one pushed into it, all a little off.
const int count = 100;
double[][] points = new double[count][];
double[] labels = new double[count];
for (int i = 0; i < count; i++)
{
    double angle = Math.PI * (i / 2) / ((count / 2) - 1);
    bool upper = i % 2 == 0;
    points[i] = upper
        ? [Math.Cos(angle) + Noise(), Math.Sin(angle) + Noise()]
        : [1 - Math.Cos(angle) + Noise(), 0.5 - Math.Sin(angle) + Noise()];
    labels[i] = upper ? 1 : -1;
}

// Two inputs, sixteen neurons, sixteen neurons, one score: positive for one moon, negative for the other.
Mlp model = NewModel();
Console.WriteLine($"{model.Parameters.Count()} parameters");
double[] losses = Train(model);
foreach (int step in (int[])[0, 10, 20, 30, 40, 50, 75, 99])
{
    Console.WriteLine($"step {step,2}: loss {losses[step]:0.0000}");
}

Console.WriteLine($"{Right(model)} of {count} points on the right side");

// Here the forgotten zero is not forgiven.
Mlp careless = NewModel();
double[] forgotten = Train(careless, zeroGrad: false);
Console.WriteLine();
Console.WriteLine($"ZeroGrad forgotten: {Right(careless)} of {count}");

new Chart("Loss", height: 300) { X = { Label = "step" }, Y = { Logarithmic = true } }
    .Line(Enumerable.Range(0, losses.Length), losses, "as it should be")
    .Line(Enumerable.Range(0, losses.Length), forgotten, "ZeroGrad forgotten", dashed: true)
    .Save(Path.Combine(figures, "moons-loss.svg"));

// The score at every point of the plane: the moons lie on the two sides of where it is 0.
Chart surface = new("The score of the network", width: 560, height: 440)
{
    X = { Minimum = -1.6, Maximum = 2.6 },
    Y = { Minimum = -1.2, Maximum = 1.7 },
};
surface.Contour((x, y) => model.Output(x, y).Data, levels: [-4, -2, -1, 0, 1, 2, 4]);
foreach ((double label, string name) in ((double, string)[])[(1, "upper moon"), (-1, "lower moon")])
{
    int[] own = [.. Enumerable.Range(0, count).Where(i => labels[i] == label)];
    surface.Scatter(own.Select(i => points[i][0]), own.Select(i => points[i][1]), name);
}

surface.Save(Path.Combine(figures, "moons.svg"));

static Mlp NewModel() => new(2, [16, 16, 1], new Random(1), hidden: sum => sum.Relu(), last: sum => sum);

double[] Train(Mlp mlp, bool zeroGrad = true)
{
    const int steps = 100;
    double[] curve = new double[steps];
    for (int step = 0; step < steps; step++)
    {
        // A point counts until its score lies on its side by a margin of 1; large weights count a little too.
        Value[] scores = [.. points.Select(point => mlp.Output(point[0], point[1]))];
        Value loss = Loss.MaxMargin(scores, labels) + Loss.L2(mlp.Parameters, 1e-4);
        if (zeroGrad)
        {
            mlp.ZeroGrad();
        }

        loss.Backward();
        double rate = 1 - (0.9 * step / steps); // large steps first, small ones to settle
        foreach (Value parameter in mlp.Parameters)
        {
            parameter.Data -= rate * parameter.Grad;
        }

        curve[step] = loss.Data;
    }

    return curve;
}

int Right(Mlp mlp) => Enumerable.Range(0, count).Count(i => mlp.Output(points[i][0], points[i][1]).Data * labels[i] > 0);

// A normal number of standard deviation 0.1, by Box and Muller.
double Noise() => 0.1 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
