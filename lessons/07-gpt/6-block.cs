#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// What a block needs besides attention, and why: residual connections, normalisation, dropout.

using Nabla;
using Nabla.Nn;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
RandomGenerator random = new(1337);

// 1. A sum hands its gradient on to both sides, unchanged. So x + f(x) has a way back that f cannot block.
Tensor x = Tensor.From([1, 2, 3]);
x.RequiresGrad = true;
(x * 0.001f).Sum().Backward();
Console.WriteLine($"y = f(x):     gradient {x.Grad}");
x.ZeroGrad();
(x + (x * 0.001f)).Sum().Backward();
Console.WriteLine($"y = x + f(x): gradient {x.Grad}");

// 2. Twelve feed-forward layers on one another, new from the generator. How large is the gradient at the input of each?
const int depth = 12, width = 32;
FeedForward[] layers = [.. Enumerable.Range(0, depth).Select(_ => new FeedForward(width, random))];
LayerNorm norm = new(width);
Tensor input = Tensor.Randn(random, 64, width);
Tensor wishes = Tensor.Randn(random, 64, width);
(string Name, Func<Tensor, FeedForward, Tensor> Step)[] ways =
[
    ("f(x)", (x, layer) => layer.Forward(x)),
    ("x + f(x)", (x, layer) => x + layer.Forward(x)),
    ("x + f(norm(x))", (x, layer) => x + layer.Forward(norm.Forward(x))),
];
Chart chart = new("The gradient that reaches each of 12 layers")
{
    X = { Label = "layer" },
    Y = { Label = "size of the gradient, last layer = 1", Logarithmic = true },
};
Console.WriteLine();
foreach (var (name, step) in ways)
{
    List<Tensor> inputs = [];
    Tensor stream = input.Detach();
    stream.RequiresGrad = true;
    foreach (FeedForward layer in layers)
    {
        stream.RetainGrad();
        inputs.Add(stream);
        stream = step(stream, layer);
    }

    (stream * wishes).Sum().Backward();
    float[] sizes = [.. inputs.Select(at => at.Grad!.Norm().Item())];
    Console.WriteLine($"{name,-15} gradient at the first layer over that at the last: {sizes[0] / sizes[^1]:G2}");
    chart.Line(Enumerable.Range(1, depth), sizes.Select(size => size / sizes[^1]), name);
}

chart.Save(Path.Combine(figures, "depth.svg"));

// 3. Batch norm makes each column have mean 0 and deviation 1, over the examples; layer norm each row, over its own numbers.
Tensor table = (Tensor.Randn(random, 32, 100) * 3) + 5;
Tensor byBatch = new BatchNorm1d(100).Forward(table);
Tensor byLayer = new LayerNorm(100).Forward(table);
Console.WriteLine();
Console.WriteLine("                column 0        row 0");
Console.WriteLine($"as it is      {Text(table[.., 0])}   {Text(table[0])}");
Console.WriteLine($"batch norm    {Text(byBatch[.., 0])}   {Text(byBatch[0])}");
Console.WriteLine($"layer norm    {Text(byLayer[.., 0])}   {Text(byLayer[0])}");

// 4. Dropout sets a share of the numbers to zero, others each time, and makes the rest larger, so that their mean stays.
Dropout dropout = new(0.2f, random);
Tensor ones = Tensor.Ones(10_000);
Console.WriteLine();
foreach (string pass in (string[])["first pass ", "second pass"])
{
    Tensor dropped = dropout.Forward(ones);
    Console.WriteLine($"{pass}: begins {string.Join(' ', dropped[..8].ToArray())}; zero {dropped.Equal(Tensor.Scalar(0)).Mean().Item():P0}, mean {dropped.Mean().Item():F2}");
}

dropout.Eval();
Console.WriteLine($"evaluating : mean {dropout.Forward(ones).Mean().Item():F2}, nothing dropped: {dropout.Forward(ones).AllClose(ones)}");

static string Text(Tensor numbers) => $"{Math.Round(numbers.Mean().Item(), 2) + 0,5:F2} ± {numbers.Std(unbiased: false).Item():F2}";

// Four times as wide, ReLU, and back.
sealed class FeedForward : Layer
{
    private readonly Sequential _layers;

    public FeedForward(int width, RandomGenerator random) => _layers = AddModule("layers", new Sequential(
        new Linear(width, 4 * width, random: random), new Relu(), new Linear(4 * width, width, random: random)));

    public override Tensor Forward(Tensor x) => _layers.Forward(x);
}
