#:project ../../src/Nabla.Scalar/Nabla.Scalar.csproj
#:project ../../src/Nabla/Nabla.csproj
#:property PublishAot=false

// The same on tensors: the numbers are the same, one operation works on many of them at once, and the graph shrinks.

using Nabla;
using Nabla.Nn;
using Nabla.Scalar;

// An expression of every operation, on single numbers ...
Value a = -4, b = 2;
Value g = Everything(a, b);
g.Backward();
Console.WriteLine($"scalars: g {g.Data:0.0000}, dg/da {a.Grad:0.0000}, dg/db {b.Grad:0.0000}");
Console.WriteLine();

// ... and the neuron of program 3 on tensors: one product of a row and a column, in place of two products and a sum.
Tensor x = Tensor.From([2, 0]);
Tensor w = Tensor.From([-3, 1]);
Tensor bias = Tensor.From([6.8813735870195432f]);
x.RequiresGrad = w.RequiresGrad = bias.RequiresGrad = true;
Tensor o = ((x * w).Sum() + bias).Tanh();
o.Backward();
Console.WriteLine($"o = {o.Item():0.0000}");
Console.WriteLine($"x.Grad = {x.Grad}");
Console.WriteLine($"w.Grad = {w.Grad}");
Console.WriteLine();

// A function of one's own: its value and its derivative are all that it takes. Legendre's third polynomial, at 0.5.
Value half = 0.5;
Value p3 = half.Apply("P3", t => ((5 * t * t * t) - (3 * t)) / 2, t => 1.5 * ((5 * t * t) - 1));
p3.Backward();
Console.WriteLine($"P3(0.5) = {p3.Data}, derivative {half.Grad}");
Console.WriteLine();

// The network of program 5, all four examples at once: a matrix product a layer, in place of 36 multiplications.
RandomGenerator.SeedDefault(1);
Tensor inputs = Tensor.From(new[,] { { 2, 3, -1 }, { 3, -1, 0.5f }, { 0.5f, 1, 1 }, { 1, 1, -1 } });
Tensor targets = Tensor.From([1, -1, -1, 1], 4, 1);
Linear first = new(3, 4), second = new(4, 4), third = new(4, 1);
Tensor[] parameters = [.. first.Parameters(), .. second.Parameters(), .. third.Parameters()];
Console.WriteLine($"{parameters.Sum(parameter => parameter.Count)} parameters in {parameters.Length} tensors");
for (int step = 0; step <= 100; step++)
{
    Tensor said = third.Forward(second.Forward(first.Forward(inputs).Tanh()).Tanh()).Tanh();
    Tensor loss = (said - targets).Square().Sum();
    if (step % 20 == 0)
    {
        Console.WriteLine($"step {step,3}: loss {loss.Item():0.000}");
    }

    foreach (Tensor parameter in parameters)
    {
        parameter.ZeroGrad();
    }

    loss.Backward();
    using (Tensor.NoGrad())
    {
        foreach (Tensor parameter in parameters)
        {
            parameter.SubInPlace(0.05f * parameter.Grad!);
        }
    }
}

static Value Everything(Value a, Value b)
{
    Value c = a + b;
    Value d = (a * b) + b.Pow(3);
    c += c + 1;
    c += 1 + c + (-a);
    d += (d * 2) + (b + a).Relu();
    d += (3 * d) + (b - a).Relu();
    Value e = c - d;
    Value f = e.Pow(2);
    return (f / 2) + (10 / f);
}
