#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// ReLU, which is max(0, z), in place of the first sigmoid: it learns many times as fast, when it learns at all.

using Nabla;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

Tensor x = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
Tensor y = Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });

// 1. Twenty models of each kind, from the same numbers. One has learned when its loss is below 0.01; 5,000 epochs are its limit.
const int patience = 5000;
Console.WriteLine("hidden    with sigmoid            with ReLU");
Console.WriteLine("neurons   learn     half by epoch learn     half by epoch");
foreach (int neurons in (int[])[2, 4, 8])
{
    Console.WriteLine($"{neurons,-7}   {Twenty(neurons, relu: false)}           {Twenty(neurons, relu: true)}");
}

string Twenty(int neurons, bool relu)
{
    RandomGenerator random = new(42);
    int[] learned = [.. Enumerable.Range(0, 20).Select(_ => Train(Draw(neurons, relu, random)).Count)
        .Where(epochs => epochs < patience).Order()];
    return $"{learned.Length,2} of 20  {Math.Round(learned[learned.Length / 2] / 50.0) * 50,4}";
}

// 2. Three of them. A pair from one start, and a ReLU that fails.
Sequential sigmoid18 = Number(18, relu: false), relu18 = Number(18, relu: true), relu1 = Number(1, relu: true);
Chart losses = new("Loss of single models") { X = { Label = "epoch" }, Y = { Label = "loss", Logarithmic = true } };
foreach ((string name, Sequential model) in ((string, Sequential)[])
    [("model 18, sigmoid", sigmoid18), ("model 18, ReLU", relu18), ("model 1, ReLU", relu1)])
{
    List<float> curve = Train(model);
    losses.Line(Enumerable.Range(0, Math.Min(curve.Count, 1200)), curve.Take(1200), name);
}

losses.Save(Path.Combine(figures, "relu-loss.svg"));
new Panels(
    [Surface(sigmoid18, "Model 18, sigmoid"), Surface(relu18, "Model 18, ReLU"), Surface(relu1, "Model 1, ReLU: stuck")],
    columns: 3).Save(Path.Combine(figures, "relu.svg"));

// 3. A dead one. Both hidden neurons of model 6 are 0 for every input, so moving their weights a little changes nothing.
Sequential dead = Number(6, relu: true);
Console.WriteLine();
Console.WriteLine($"model 6 before: {Row(dead.Forward(x))}");
dead.Forward(x).MseLoss(y).Backward();
Console.WriteLine($"slopes of its first layer: {Row(((Linear)dead.Children[0].Value).Weight.Grad!)}");
Train(dead);
Console.WriteLine($"model 6 after:  {Row(dead.Forward(x))}");

List<float> Train(Sequential model)
{
    Sgd optimizer = new(model.Parameters(), learningRate: 1);
    List<float> curve = [];
    while (curve.Count < patience && (curve.Count == 0 || curve[^1] >= 0.01f))
    {
        optimizer.ZeroGrad();
        Tensor loss = model.Forward(x).MseLoss(y);
        loss.Backward();
        optimizer.Step();
        curve.Add(loss.Item());
    }

    return curve;
}

Sequential Draw(int neurons, bool relu, RandomGenerator random) => new(
    new Linear(2, neurons, random: random),
    relu ? new Relu() : new Sigmoid(),
    new Linear(neurons, 1, random: random),
    new Sigmoid());

// The model of that number from the stream of seed 42, where each takes nine numbers.
Sequential Number(int number, bool relu)
{
    RandomGenerator random = new(42);
    Sequential model = Draw(2, relu, random);
    for (int i = 1; i < number; i++)
    {
        model = Draw(2, relu, random);
    }

    return model;
}

string Row(Tensor values) => string.Join(" ", values.ToArray().Select(value => $"{value:0.0000}"));

// What the model answers anywhere in the plane, less one half: blue where it says rather 1, orange where it says rather 0.
Chart Surface(Sequential model, string title) => new Chart(title, 300, 300)
{
    X = { Label = "first input", Minimum = -0.5, Maximum = 1.5 },
    Y = { Label = "second input", Minimum = -0.5, Maximum = 1.5 },
}
    .Contour((a, b) => model.Forward(Tensor.From([(float)a, (float)b])).Item() - 0.5, levels: Levels())
    .Scatter([0, 1], [1, 0], "wanted: 1", size: 6)
    .Scatter([0, 1], [0, 1], "wanted: 0", size: 6);

double[] Levels() => [.. Enumerable.Range(-5, 11).Select(tenths => tenths / 10.0)];
