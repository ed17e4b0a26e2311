#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// How large should random weights be? So large that what comes out of a layer is as large as what went in.

using Nabla;
using Nabla.Nn;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

// 1. Numbers of size 1 in, weights of size 1: ten products in each sum.
RandomGenerator g = new(2147483647);
Tensor x = Tensor.Randn(g, 1000, 10);
Tensor w = Tensor.Randn(g, 10, 200);
Tensor y = x.MatMul(w);
Console.WriteLine($"x {x.Shape}: mean {Mean(x)}, std {x.Std().Item():F2}");
Console.WriteLine($"y {y.Shape}: mean {Mean(y)}, std {y.Std().Item():F2}; the root of 10 is {MathF.Sqrt(10):F2}");
foreach (var (name, factor) in new[] { ("5", 5f), ("0.2", 0.2f), ("1 / sqrt(10)", 1 / MathF.Sqrt(10)) })
{
    Console.WriteLine($"w * {name}: std {x.MatMul(w * factor).Std().Item():F2}");
}

new Chart("A sum of ten products is wider than its parts")
{
    X = { Label = "value" },
    Y = { Label = "count" },
}
    .Histogram(x.MatMul(w)[..50].ToArray(), bins: 60, name: "x @ w")
    .Histogram(x.MatMul(w / MathF.Sqrt(10))[..50].ToArray(), bins: 60, name: "x @ w / sqrt(10)")
    .Save(Path.Combine(figures, "scale.svg"));

// 2. Fifty layers of 100 neurons. What is a little wrong in one is very wrong after fifty.
Console.WriteLine();
Console.WriteLine("size of the numbers after layer     1          10          50");
Tensor start = Tensor.Randn(g, 64, 100);
Tensor[] weights = [.. Enumerable.Range(0, 50).Select(_ => Tensor.Randn(g, 100, 100) / MathF.Sqrt(100))];
Show("gain 0.9", 0.9, a => a);
Show("gain 1", 1, a => a);
Show("gain 1.1", 1.1, a => a);
Show("ReLU, gain 1", 1, a => a.Relu());
Show("ReLU, gain sqrt(2)", Math.Sqrt(2), a => a.Relu());
Show("tanh, gain 1", 1, a => a.Tanh());
Show("tanh, gain 5/3", 5 / 3.0, a => a.Tanh());

// 3. The gains, and the rule, from the library. Its weights are [out, in].
Console.WriteLine();
foreach (Nonlinearity function in (Nonlinearity[])[Nonlinearity.Linear, Nonlinearity.Relu, Nonlinearity.Tanh])
{
    Console.WriteLine($"gain for {function,-6} {Initialization.CalculateGain(function):F4}");
}

Tensor W1 = Initialization.KaimingNormal(Tensor.Zeros(200, 30), nonlinearity: Nonlinearity.Tanh, generator: g);
Console.WriteLine($"a tanh layer with 30 inputs: (5/3) / sqrt(30) = {5 / 3.0 / Math.Sqrt(30):F4}; "
    + $"drawn: std {W1.Std().Item():F2}");

void Show(string name, double gain, Func<Tensor, Tensor> function)
{
    Console.Write($"{name,-29}");
    Tensor a = start;
    for (int layer = 1; layer <= 50; layer++)
    {
        a = function(a.MatMul(weights[layer - 1] * (float)gain));
        if (layer is 1 or 10 or 50)
        {
            Console.Write($"{a.Square().Mean().Sqrt().Item(),10:G2}  ");
        }
    }

    Console.WriteLine();
}

static string Mean(Tensor values) => $"{MathF.Abs(values.Mean().Item()):F1}";
