#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Two models, trained in the same way on all four examples at once. One learns XOR; the other learns half of it, for ever.

using Nabla;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

Tensor x = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
Tensor y = Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });

// The second and the fourth model that the stream of seed 42 gives.
RandomGenerator random = new(42);
Network[] models = [.. Enumerable.Range(1, 4).Select(_ => Draw())];
Network stuck = models[1], learned = models[3];

Chart losses = new("Training on all examples at once") { X = { Label = "epoch" }, Y = { Label = "loss", Minimum = 0 } };
Train(stuck, 10_000, "model 2");
Train(learned, 10_000, "model 4");
losses.HorizontalLine(0.125, "two right, two at 0.5").Save(Path.Combine(figures, "stuck-loss.svg"));

// Why: where the two hidden neurons put the four inputs. What comes after them can only cut this square by a straight line.
Console.WriteLine();
Console.WriteLine("inputs   hidden neurons of model 2   of model 4");
for (int i = 0; i < 4; i++)
{
    string first = Row(stuck.Hidden.Forward(x[i])), second = Row(learned.Hidden.Forward(x[i]));
    Console.WriteLine($"{x[i, 0].Item()} {x[i, 1].Item()}      {first,-26}  {second}");
}

new Panels(
    [
        Surface(stuck, "Model 2: stuck"), Surface(learned, "Model 4: learned"),
        HiddenSpace(stuck, "Behind model 2's hidden layer", ["0 0", "0 1, 1 1", "1 0", ""]),
        HiddenSpace(learned, "Behind model 4's hidden layer", ["0 0", "0 1", "1 0", "1 1"]),
    ],
    columns: 2).Save(Path.Combine(figures, "stuck.svg"));

// Patience does not help.
Console.WriteLine();
Train(stuck, 90_000);
Tensor answers = stuck.Whole.Forward(x);
Console.WriteLine($"model 2 after 100,000 epochs: {Row(answers)}, loss {answers.MseLoss(y).Item():0.000}");

Network Draw()
{
    Sequential hidden = new(new Linear(2, 2, random: random), new Sigmoid());
    Sequential output = new(new Linear(2, 1, random: random), new Sigmoid());
    return new(hidden, output, new Sequential(hidden, output));
}

void Train(Network model, int epochs, string? name = null)
{
    Sgd optimizer = new(model.Whole.Parameters(), learningRate: 1);
    List<float> curve = [];
    string before = Row(model.Whole.Forward(x));
    for (int epoch = 0; epoch < epochs; epoch++)
    {
        optimizer.ZeroGrad();
        Tensor loss = model.Whole.Forward(x).MseLoss(y); // the mean over all four: one step for all of them
        loss.Backward();
        optimizer.Step();
        curve.Add(loss.Item());
    }

    if (name is not null)
    {
        Console.WriteLine($"{name} before: {before}");
        Console.WriteLine($"{name} after:  {Row(model.Whole.Forward(x))}");
        IEnumerable<int> shown = Enumerable.Range(0, epochs).Where(epoch => epoch % 20 == 0);
        losses.Line(shown, shown.Select(epoch => curve[epoch]), name);
    }
}

string Row(Tensor values) => string.Join(" ", values.ToArray().Select(value => $"{value:0.0000}"));

// What a model answers anywhere in the plane, less one half: blue where it says rather 1, orange where it says rather 0.
Chart Surface(Network model, string title) => new Chart(title, 320, 320)
{
    X = { Label = "first input", Minimum = -0.5, Maximum = 1.5 },
    Y = { Label = "second input", Minimum = -0.5, Maximum = 1.5 },
}
    .Contour((a, b) => model.Whole.Forward(Tensor.From([(float)a, (float)b])).Item() - 0.5, levels: Levels())
    .Scatter([0, 1], [1, 0], "wanted: 1", size: 6)
    .Scatter([0, 1], [0, 1], "wanted: 0", size: 6);

// The same with the hidden neurons' values as the axes: what is left of the model is its second half.
Chart HiddenSpace(Network model, string title, string[] names)
{
    float[] h = model.Hidden.Forward(x).ToArray();
    return new Chart(title, 320, 320)
    {
        X = { Label = "first hidden neuron", Minimum = -0.25, Maximum = 1.75 },
        Y = { Label = "second hidden neuron", Minimum = -0.25, Maximum = 1.75 },
    }
        .Contour((a, b) => model.Output.Forward(Tensor.From([(float)a, (float)b])).Item() - 0.5, levels: Levels())
        .Scatter([h[2], h[4]], [h[3], h[5]], "wanted: 1", labels: [names[1], names[2]], size: 6)
        .Scatter([h[0], h[6]], [h[1], h[7]], "wanted: 0", labels: [names[0], names[3]], size: 6);
}

double[] Levels() => [.. Enumerable.Range(-5, 11).Select(tenths => tenths / 10.0)];

record Network(Sequential Hidden, Sequential Output, Sequential Whole);
