#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Training without an optimiser and without a loss from the library: the whole of it is six lines.

using Nabla;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

Tensor x = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
Tensor y = Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });

// Six models, one after another from the stream of seed 42; here the third and the sixth are trained.
RandomGenerator random = new(42);
Sequential[] models = [.. Enumerable.Range(1, 6).Select(_ => Draw())];
List<Chart> surfaces = [];
foreach (int number in (int[])[3, 6])
{
    Sequential model = models[number - 1];
    Console.WriteLine($"model {number} before: {Row(model.Forward(x))}");
    TrainByHand(model, 10_000);
    Console.WriteLine($"model {number} after:  {Row(model.Forward(x))}");
    surfaces.Add(Surface(model, $"Model {number}"));
}

new Panels(surfaces, columns: 2).Save(Path.Combine(figures, "by-hand.svg"));

// An optimiser is no more than that. Two copies of the first model, 100 steps each way:
random.ManualSeed(42);
Sequential byHand = Draw();
random.ManualSeed(42);
Sequential byOptimizer = Draw();
TrainByHand(byHand, 100);
Sgd optimizer = new(byOptimizer.Parameters(), learningRate: 1);
for (int epoch = 0; epoch < 100; epoch++)
{
    optimizer.ZeroGrad();
    byOptimizer.Forward(x).MseLoss(y).Backward();
    optimizer.Step();
}

float apart = byHand.Parameters().Zip(byOptimizer.Parameters()).Max(pair => (pair.First - pair.Second).Abs().Max().Item());
Console.WriteLine($"by hand and by the optimiser: the numbers of the two models differ by less than 0.00001: {apart < 1e-5f}");

void TrainByHand(Sequential model, int epochs)
{
    for (int epoch = 0; epoch < epochs; epoch++)
    {
        model.ZeroGrad();                                    // forget the last gradient
        Tensor loss = (model.Forward(x) - y).Pow(2).Mean();  // forward: how wrong is it?
        loss.Backward();                                     // backward: which way is less wrong, for each number?
        using var _ = Tensor.NoGrad();                       // what follows is no part of the model
        foreach (Tensor parameter in model.Parameters())
        {
            parameter.SubInPlace(parameter.Grad! * 1.0f);    // the step; 1.0 is the learning rate
        }
    }
}

Sequential Draw() => new(new Linear(2, 2, random: random), new Sigmoid(), new Linear(2, 1, random: random), new Sigmoid());

string Row(Tensor values) => string.Join(" ", values.ToArray().Select(value => $"{value:0.0000}"));

// What the model answers anywhere in the plane, less one half: blue where it says rather 1, orange where it says rather 0.
Chart Surface(Sequential model, string title) => new Chart(title, 320, 320)
{
    X = { Label = "first input", Minimum = -0.5, Maximum = 1.5 },
    Y = { Label = "second input", Minimum = -0.5, Maximum = 1.5 },
}
    .Contour((a, b) => model.Forward(Tensor.From([(float)a, (float)b])).Item() - 0.5, levels: Levels())
    .Scatter([0, 1], [1, 0], "wanted: 1", size: 6)
    .Scatter([0, 1], [0, 1], "wanted: 0", size: 6);

double[] Levels() => [.. Enumerable.Range(-5, 11).Select(tenths => tenths / 10.0)];
