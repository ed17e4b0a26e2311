#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Gradient descent in a bowl that is long and narrow, f(x, y) = (x² + b y²) / 2: the wrong sign; steps that are too small,
// good and too large; Newton's method; and a walk by gradients that are right only on average.

using Nabla;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const double b = 0.1;
double[] levels = [0.005, 0.02, 0.08, 0.32, 1.28]; // each four times the one before: lines at equal distances

double F(double x, double y) => 0.5 * ((x * x) + (b * y * y));

// The gradient by calculus. It points to where f rises fastest, and its length says how steep it is there.
(double X, double Y) Gradient(double x, double y) => (x, b * y);

// 1. Do not trust calculus blindly: nudge each coordinate and see how much f changes.
const double h = 1e-6;
Console.WriteLine($"gradient at (2, 3): ({Gradient(2, 3).X:F4}, {Gradient(2, 3).Y:F4})");
Console.WriteLine($"by nudging:         ({(F(2 + h, 3) - F(2, 3)) / h:F4}, {(F(2, 3 + h) - F(2, 3)) / h:F4})");
Console.WriteLine();

// 2. One step from (1, 1), downhill, and then with a sign too many.
var slope = Gradient(1, 1);
Console.WriteLine($"f at the start:    {F(1, 1):F6}");
Console.WriteLine($"x - s * gradient:  {F(1 - (0.5 * slope.X), 1 - (0.5 * slope.Y)):F6}");
Console.WriteLine($"x - s * -gradient: {F(1 - (0.5 * -slope.X), 1 - (0.5 * -slope.Y)):F6}");
Console.WriteLine();

// 3. The learning rate s. Each step multiplies x by 1 - s and y by 1 - s b, so everything about it can be foretold.
List<(double X, double Y)> Descend(double s, int steps)
{
    List<(double X, double Y)> path = [(1, 1)];
    for (int step = 0; step < steps; step++)
    {
        (double x, double y) = path[^1];
        var g = Gradient(x, y);
        path.Add((x - (s * g.X), y - (s * g.Y)));
    }

    return path;
}

Console.WriteLine("rate   x times   y times   f after 30 steps");
Chart curves = new("Thirty steps") { X = { Label = "step" }, Y = { Label = "f", Logarithmic = true } };
foreach (double s in (double[])[0.1, 1, 1.5, 1.8, 2.1])
{
    var path = Descend(s, 30);
    Console.WriteLine($"{s,-4}   {1 - s,7:F2}   {1 - (s * b),7:F2}   {F(path[^1].X, path[^1].Y),16:F6}");
    curves.Line(path.Select(p => F(p.X, p.Y)), name: $"rate {s}");
}

curves.Save(Path.Combine(figures, "thirty-steps.svg"));
new Panels([Bowl("too small: 0.1", 0.1, 30), Bowl("good: 1.5", 1.5, 30), Bowl("too large: 2.1", 2.1, 8)], columns: 3)
    .Save(Path.Combine(figures, "learning-rates.svg"));
Console.WriteLine();

// 4. Newton's method divides each slope by its own curvature, 1 and b. On a bowl it needs one step, from anywhere.
foreach ((double x, double y) in (ReadOnlySpan<(double, double)>)[(1, 1), (2, 3), (-40, 0.25)])
{
    var g = Gradient(x, y);
    Console.WriteLine($"Newton, from f = {F(x, y),10:F6} to {F(x - (g.X / 1), y - (g.Y / b)):F6}");
}

Console.WriteLine();

// 5. The drunkard. The bowl of a network is an average over examples, each with a bowl of its own around another place.
RandomGenerator random = new(1);
double Place() => (2 * random.NextDouble()) - 1;
(double X, double Y)[] examples = [.. Enumerable.Range(0, 100).Select(_ => (Place(), Place()))];
(double middleX, double middleY) = (examples.Average(e => e.X), examples.Average(e => e.Y));

// All 100 examples for one step: their middle is the bottom. Ten steps look at a thousand examples.
double Height(double x, double y) => F(x - middleX, y - middleY);
List<(double X, double Y)> sober = [(1, 1)];
for (int step = 0; step < 10; step++)
{
    (double x, double y) = sober[^1];
    sober.Add((x - (0.1 * (x - middleX)), y - (0.1 * b * (y - middleY))));
}

// One example, drawn by lot, for one step: a thousand steps look at as many.
List<(double X, double Y)> Stagger(Func<int, double> rate)
{
    List<(double X, double Y)> path = [(1, 1)];
    for (int step = 0; step < 1000; step++)
    {
        (double x, double y) = path[^1];
        var e = examples[(int)(random.NextDouble() * examples.Length)];
        path.Add((x - (rate(step) * (x - e.X)), y - (rate(step) * b * (y - e.Y))));
    }

    return path;
}

var drunk = Stagger(_ => 0.1);
var sobering = Stagger(step => step < 700 ? 0.1 : 0.01);
Console.WriteLine($"before the walk                  f = {Height(1, 1):F4}");
Console.WriteLine($"10 steps by all 100 examples     f = {Height(sober[^1].X, sober[^1].Y):F4}");
Console.WriteLine($"1,000 steps by one example each  f = {Height(drunk[^1].X, drunk[^1].Y):F4}");
Console.WriteLine($"the last 300 of them smaller     f = {Height(sobering[^1].X, sobering[^1].Y):F4}");

new Chart("The same thousand examples")
    {
        X = { Label = "x", Minimum = -0.6, Maximum = 1.2 },
        Y = { Label = "y", Minimum = -0.4, Maximum = 1.1 },
    }
    .Contour(Height, levels)
    .Scatter(sober.Select(p => p.X), sober.Select(p => p.Y), "all for each step", size: 5)
    .Line(drunk.Select(p => p.X), drunk.Select(p => p.Y), "one for each step")
    .Save(Path.Combine(figures, "drunkard.svg"));

Chart Bowl(string title, double s, int steps)
{
    var path = Descend(s, steps);
    Chart chart = new(title, 300, 320)
    {
        X = { Label = "x", Minimum = -2.4, Maximum = 2.4 },
        Y = { Label = "y", Minimum = -1.2, Maximum = 1.2 },
    };
    return chart.Contour(F, levels)
        .Scatter(path.Select(p => p.X), path.Select(p => p.Y), size: 3)
        .Line(path.Select(p => p.X), path.Select(p => p.Y));
}
