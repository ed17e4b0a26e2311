#:project ../../src/Nabla.Scalar/Nabla.Scalar.csproj
#:property PublishAot=false

// A Value is a number that remembers how it was computed. From the last one back, the chain rule gives the derivative by each.

using Nabla.Scalar;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

Value a = new(2, "a"), b = new(-3, "b"), c = new(10, "c"), f = new(-2, "f");
Value e = a * b;
e.Label = "e";
Value d = e + c;
d.Label = "d";
Value L = d * f;
L.Label = "L";

Console.WriteLine($"L = {L}, computed by {L.Op} from {string.Join(" and ", L.Inputs.Select(input => input.Value.Label))}");
ComputationGraph.Of(L).Save(Path.Combine(figures, "forward.svg"));

// By hand. L moves as fast as L does. L = d f, so d counts f times, f counts d times. d = e + c: an addition passes on to both
// what it gets. e = a b: what reaches e, -2, times b for a, times a for b.
Dictionary<string, double> byHand = new()
{
    ["L"] = 1,
    ["d"] = -2,
    ["f"] = 4,
    ["c"] = -2,
    ["e"] = -2,
    ["a"] = -2 * -3,
    ["b"] = -2 * 2,
};

// By the machine: the same rules, in the same order.
L.Backward();
ComputationGraph.Of(L).Save(Path.Combine(figures, "backward.svg"));

// And by trying: build it all again with one number moved a little. This is how one checks the other two.
Console.WriteLine();
Console.WriteLine("      by hand  Backward  by trying");
foreach (Value value in (Value[])[L, d, f, c, e, a, b])
{
    Console.WriteLine($"dL/d{value.Label} {byHand[value.Label],8} {value.Grad,9} {Measured(value.Label),10:0.0000}");
}

// A gradient points to where L grows. One step along it, and L has grown; a training goes the other way.
Console.WriteLine();
Console.WriteLine($"L before the step: {L.Data}");
foreach (Value leaf in (Value[])[a, b, c, f])
{
    leaf.Data += 0.01 * leaf.Grad;
}

Console.WriteLine($"L after it:        {Compute(a.Data, b.Data, c.Data, f.Data):0.000000}");

static double Compute(double a, double b, double c, double f, double moveE = 0, double moveD = 0, double moveL = 0) =>
    ((((a * b) + moveE + c + moveD) * f) + moveL);

static double Measured(string moved)
{
    const double h = 0.001;
    double By(string name) => moved == name ? h : 0;
    return (Compute(2 + By("a"), -3 + By("b"), 10 + By("c"), -2 + By("f"), By("e"), By("d"), By("L"))
        - Compute(2, -3, 10, -2)) / h;
}
