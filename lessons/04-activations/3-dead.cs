#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Neurons that no example wakes: how to list them, how they come about, and which functions have them.

using Nabla;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(IndexTensor X, IndexTensor Y) = Examples(words[..(words.Length * 8 / 10)]);

// 1. Five functions and their slopes, far to the left, near zero, far to the right.
(string Name, Func<Tensor, Tensor> Apply)[] functions =
[
    ("tanh", x => x.Tanh()),
    ("sigmoid", x => x.Sigmoid()),
    ("ReLU", x => x.Relu()),
    ("leaky ReLU", x => x.LeakyRelu(0.1f)),
    ("ELU", x => x.Elu()),
];
List<Figure> charts = [];
Console.WriteLine("slope at      -10       -1        1       10");
foreach (var (name, apply) in functions)
{
    Tensor x = Tensor.From([-10, -1, 1, 10]);
    x.RequiresGrad = true;
    apply(x).Sum().Backward();
    Console.WriteLine($"{name,-10}{string.Concat(x.Grad!.ToArray().Select(slope => $"{slope,9:F4}"))}");

    Tensor line = Tensor.Linspace(-4, 4, 161);
    line.RequiresGrad = true;
    Tensor values = apply(line);
    values.Sum().Backward();
    charts.Add(new Chart(name, 260, 230) { Y = { Minimum = -1.3, Maximum = 2 } }
        .Line(line.ToArray(), values.ToArray(), charts.Count == 0 ? "value" : "")
        .Line(line.ToArray(), line.Grad!.ToArray(), charts.Count == 0 ? "slope" : "", dashed: true));
}

new Panels(charts, columns: 3).Save(Path.Combine(figures, "functions.svg"));

// 2. Two hidden layers with ReLU. A neuron of the second gets a bias far below zero: nobody wakes it, and that is how to find it.
Console.WriteLine();
RandomGenerator g = new(2147483647);
Tensor C = Tensor.Randn(g, 27, 10);
Tensor W1 = Tensor.Randn(g, 30, 100) * MathF.Sqrt(2 / 30f);
Tensor b1 = Tensor.Zeros(100);
Tensor W2 = Tensor.Randn(g, 100, 100) * MathF.Sqrt(2 / 100f);
Tensor b2 = Tensor.Zeros(100);
Tensor W3 = Tensor.Randn(g, 100, 27) * 0.1f;
Tensor b3 = Tensor.Zeros(27);
b2[7].FillInPlace(-100);
Tensor[] parameters = [C, W1, b1, W2, b2, W3, b3];
Console.WriteLine($"asleep for all {X.Shape[0]} examples: neuron {string.Join(", ", Asleep())}");
Step(0.1f);
Console.WriteLine($"largest gradient of its weights: {W2.Grad![.., 7].Abs().Max().Item()}, "
    + $"of its neighbour's: {W2.Grad![.., 8].Abs().Max().Item():F2}");

// 3. Neurons can also be put to sleep, by a few steps that are too long.
Console.WriteLine();
Console.WriteLine("asleep of 100      at the start   after 20 steps   and 500 careful ones");
foreach (float rate in (float[])[0.1f, 0.5f, 1, 2])
{
    Tensor[] kept = [.. parameters.Select(parameter => parameter.Detach().Clone())];
    using (Tensor.NoGrad())
    {
        b2[7].FillInPlace(0);
    }

    int start = Asleep().Length;
    Steps(20, rate);
    int asleep = Asleep().Length;
    Steps(500, 0.1f);
    Console.WriteLine($"rate {rate,4} {start,17} {asleep,16} {Asleep().Length,22}");
    using var _ = Tensor.NoGrad();
    foreach (var (parameter, values) in parameters.Zip(kept))
    {
        parameter.CopyInPlace(values);
    }
}

Tensor Hidden(IndexTensor contexts)
{
    Tensor first = (C[contexts].View(-1, 30).MatMul(W1) + b1).Relu();
    return (first.MatMul(W2) + b2).Relu();
}

// The neurons of the second layer that are 0 for every example.
int[] Asleep()
{
    using MemoryScope scope = MemoryScope.Begin();
    using var _ = Tensor.NoGrad();
    float[] largest = Hidden(X).Max(0).Values.ToArray();
    return [.. Enumerable.Range(0, 100).Where(neuron => largest[neuron] == 0)];
}

void Steps(int number, float rate)
{
    for (int step = 0; step < number; step++)
    {
        using MemoryScope scope = MemoryScope.Begin();
        Step(rate);
    }
}

void Step(float rate)
{
    foreach (Tensor parameter in parameters)
    {
        parameter.RequiresGrad = true;
        parameter.ZeroGrad();
    }

    IndexTensor ix = IndexTensor.Randint(g, 0, Y.Count, 32);
    (Hidden(X[ix]).MatMul(W3) + b3).CrossEntropy(Y[ix]).Backward();
    using var _ = Tensor.NoGrad();
    foreach (Tensor parameter in parameters)
    {
        parameter.SubInPlace(rate * parameter.Grad!);
    }
}

static (IndexTensor X, IndexTensor Y) Examples(IEnumerable<string> words)
{
    List<int> contexts = [];
    List<int> labels = [];
    foreach (string word in words)
    {
        int[] context = [0, 0, 0];
        foreach (char character in word + ".")
        {
            int label = ".abcdefghijklmnopqrstuvwxyz".IndexOf(character);
            contexts.AddRange(context);
            labels.Add(label);
            context = [.. context[1..], label];
        }
    }

    return (IndexTensor.From([.. contexts], labels.Count, 3), IndexTensor.From([.. labels]));
}
