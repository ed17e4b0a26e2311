#:project ../../src/Nabla.Scalar/Nabla.Scalar.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// A neuron multiplies its inputs by weights, adds a bias and squashes the sum. Gradients flow back through it step by step.

using Nabla.Plotting;
using Nabla.Scalar;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

new Chart("tanh(x)", height: 280).Line(Math.Tanh, -5, 5).Save(Path.Combine(figures, "tanh.svg"));

// Two inputs, two weights, a bias chosen so that the numbers come out well.
Value x1 = new(2, "x1"), x2 = new(0, "x2");
Value w1 = new(-3, "w1"), w2 = new(1, "w2");
Value b = new(6.8813735870195432, "b");

Value x1w1 = Named(x1 * w1, "x1 w1");
Value x2w2 = Named(x2 * w2, "x2 w2");
Value sum = Named(x1w1 + x2w2, "sum");
Value n = Named(sum + b, "n");
Value o = Named(n.Tanh(), "o");
Console.WriteLine($"n = {n.Data:0.0000}, o = tanh(n) = {o.Data:0.0000}, do/dn = 1 - o^2 = {1 - (o.Data * o.Data):0.0000}");

// Back, one value at a time: each hands its gradient to its inputs, times its local derivative.
o.Grad = 1;
Console.WriteLine();
foreach (Value value in (Value[])[o, n, sum, b, x2w2, x1w1])
{
    value.PassGradient();
    Console.WriteLine($"{value.Label,-5} {(value.Op == "" ? "is a leaf" : "passes to " + string.Join(", ",
        value.Inputs.Select(input => $"{input.Value.Label}: {input.Value.Grad:0.0000}")))}");
}

// The order must be such that nothing passes on its gradient before it has all of it. A topological order read backwards is one.
Console.WriteLine();
Console.WriteLine("order: " + string.Join(", ", o.TopologicalOrder().Select(value => value.Label)));

// Backward does just that. It adds to the gradients of the leaves, so those of before go first.
Value[] leaves = [x1, w1, x2, w2, b];
Zero(leaves);
o.Backward();
Console.WriteLine($"Backward: x1 {x1.Grad:0.0000}, w1 {w1.Grad:0.0000}, x2 {x2.Grad:0.0000}, w2 {w2.Grad:0.0000}");
ComputationGraph.Of(o).Save(Path.Combine(figures, "neuron.svg"));

// An operation may be as large as one likes, if its derivative is known. tanh taken apart gives the same gradients.
Zero(leaves);
Value e = (2 * n).Exp();
Value apart = Named((e - 1) / (e + 1), "o");
apart.Backward();
Console.WriteLine($"taken apart: o = {apart.Data:0.0000}, x1 {x1.Grad:0.0000}, w1 {w1.Grad:0.0000}, x2 {x2.Grad:0.0000}, w2 {w2.Grad:0.0000}");
Console.WriteLine($"operations: {string.Join(' ', apart.TopologicalOrder().Select(value => value.Op).Where(op => op != ""))}");
ComputationGraph.Of(apart).Save(Path.Combine(figures, "tanh-apart.svg"));

static void Zero(Value[] values)
{
    foreach (Value value in values)
    {
        value.Grad = 0;
    }
}

static Value Named(Value value, string label)
{
    value.Label = label;
    return value;
}
