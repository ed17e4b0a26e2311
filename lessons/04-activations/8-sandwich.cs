#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Linear layers and nothing between them: no more than one linear layer, but here one sees best what a gain does.

using Nabla;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
RandomGenerator g = new(2147483647);
Tensor x = Tensor.Randn(g, 64, 100);
Tensor upstream = Tensor.Randn(g, 64, 100);                             // a gradient from above, of size 1
Tensor[] weights = [.. Enumerable.Range(0, 6).Select(_ => Tensor.Randn(g, 100, 100) / MathF.Sqrt(100))];

// 1. Six layers are one.
Tensor six = x;
Tensor product = Tensor.Eye(100);
foreach (Tensor weight in weights)
{
    six = six.MatMul(weight);
    product = product.MatMul(weight);
}

bool same = (six - x.MatMul(product)).Abs().Max().Item() < 1e-4f;
Console.WriteLine($"six layers, and one with the product of their weights, give the same: {same}");

// 2. Forward and backward, with three gains, without and with tanh.
Chart forward = new("Size of the outputs", 420, 320) { X = { Label = "layer" }, Y = { Label = "std", Logarithmic = true } };
Chart backward = new("Size of their gradients", 420, 320) { X = { Label = "layer" }, Y = { Label = "std", Logarithmic = true } };
foreach (bool tanh in (bool[])[false, true])
{
    foreach (float gain in (float[])[0.5f, 1, 5 / 3f])
    {
        List<Tensor> outputs = [];
        Tensor y = x;
        foreach (Tensor weight in weights)
        {
            Tensor scaled = weight * gain;
            scaled.RequiresGrad = true;
            y = y.MatMul(scaled);
            y = tanh ? y.Tanh() : y;
            y.RetainGrad();
            outputs.Add(y);
        }

        y.Backward(upstream);
        float[] sizes = [.. outputs.Select(output => output.Std().Item())];
        float[] gradients = [.. outputs.Select(output => output.Grad!.Std().Item())];
        Console.WriteLine();
        Console.WriteLine($"{(tanh ? "with tanh" : "linear")}, gain {gain:F2}");
        Console.WriteLine($"  outputs   {string.Concat(sizes.Select(size => $"{size,9:F3}"))}");
        Console.WriteLine($"  gradients {string.Concat(gradients.Select(size => $"{size,9:F3}"))}");
        if (!tanh || gain > 1)
        {
            forward.Line(Enumerable.Range(1, 6), sizes, $"{(tanh ? "tanh" : "linear")}, {gain:F2}", dashed: tanh);
            backward.Line(Enumerable.Range(1, 6), gradients, $"{(tanh ? "tanh" : "linear")}, {gain:F2}", dashed: tanh);
        }
    }
}

new Panels([forward, backward], columns: 2).Save(Path.Combine(figures, "sandwich.svg"));
