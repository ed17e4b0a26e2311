#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// A derivative says how a result answers when one of the numbers that went into it is moved a little. Here it is measured, by
// moving them a little.

using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

static double F(double x) => (3 * x * x) - (4 * x) + 5;

new Chart("f(x) = 3x² − 4x + 5") { X = { Label = "x" }, Y = { Label = "f(x)" } }
    .Line(Enumerable.Range(0, 40).Select(i => -5 + (0.25 * i)), Enumerable.Range(0, 40).Select(i => F(-5 + (0.25 * i))))
    .Line(x => F(3) + (14 * (x - 3)), 1.5, 4.5, "slope 14 at x = 3")
    .Line(x => F(-3) - (22 * (x + 3)), -4.5, -1.5, "slope −22 at x = −3")
    .Scatter([3.0, -3.0, 2.0 / 3], [F(3), F(-3), F(2.0 / 3)])
    .Save(Path.Combine(figures, "parabola.svg"));

// The slope of f at a few places, h being "a little". Calculus says 6x - 4.
const double h = 0.001;
Console.WriteLine($"f(3) = {F(3)}, f(-3) = {F(-3)}");
foreach (double x in (double[])[3, -3, 2.0 / 3])
{
    Console.WriteLine($"slope at {x,6:0.###}: {(F(x + h) - F(x)) / h,8:0.0000}   6x - 4 = {(6 * x) - 4:0.####}");
}

// The smaller h, the better? Only until the digits of a double run out: then f(x + h) - f(x) is noise.
Console.WriteLine();
double[] steps = [.. Enumerable.Range(0, 33).Select(i => Math.Pow(10, -i / 2.0))];
double[] errors = [.. steps.Select(step => Math.Abs(((F(3 + step) - F(3)) / step) - 14))];
foreach (double step in (double[])[1e-3, 1e-8, 1e-14, 1e-16])
{
    Console.WriteLine($"h = {step:0e+00}: {(F(3 + step) - F(3)) / step:0.000000}");
}

new Chart("How wrong the slope at 3 is")
{
    X = { Label = "h", Logarithmic = true },
    Y = { Label = "error", Logarithmic = true },
}
    .Line(steps, errors)
    .Save(Path.Combine(figures, "too-small.svg"));

// Several inputs: move one, leave the others, and see what the result does.
double a = 2, b = -3, c = 10;
double d = (a * b) + c;
Console.WriteLine();
Console.WriteLine($"d = a b + c = {d}");
const double bump = 1e-4;
Console.WriteLine($"a moved: d = {((a + bump) * b) + c:0.0000}, slope {((((a + bump) * b) + c) - d) / bump:0.0000} (b is {b})");
Console.WriteLine($"b moved: d = {(a * (b + bump)) + c:0.0000}, slope {(((a * (b + bump)) + c) - d) / bump:0.0000} (a is {a})");
Console.WriteLine($"c moved: d = {(a * b) + c + bump:0.0000}, slope {((a * b) + c + bump - d) / bump:0.0000}");
