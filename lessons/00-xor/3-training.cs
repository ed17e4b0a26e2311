#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Training: the step of the second program, 40,000 times, on one example at a time.

using Nabla;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

Tensor x = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
Tensor y = Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });

// Twice the same model: one to train, one to compare with.
Sequential untrained = Draw(), model = Draw();

// An epoch is one pass over all examples: here four steps.
const int epochs = 10_000;
Sgd optimizer = new(model.Parameters(), learningRate: 0.1f);
List<int> at = [];
List<float> losses = [];
Console.WriteLine("epoch   loss      0 0     0 1     1 0     1 1");
for (int epoch = 0; epoch <= epochs; epoch++)
{
    Look(epoch);
    for (int i = 0; i < 4 && epoch < epochs; i++)
    {
        optimizer.ZeroGrad();
        Tensor loss = model.Forward(x[i]).MseLoss(y[i]);
        loss.Backward();
        optimizer.Step();
    }
}

new Panels([Surface(untrained, "Before"), Surface(model, "After 10,000 epochs")], columns: 2)
    .Save(Path.Combine(figures, "trained.svg"));
new Chart("Training on one example at a time") { X = { Label = "epoch" }, Y = { Label = "loss", Minimum = 0 } }
    .Line(at, losses)
    .HorizontalLine(0.25, "always answering 0.5")
    .Save(Path.Combine(figures, "training-loss.svg"));

// The loss over all four examples, every 20 epochs for the figure and now and then for the eye.
void Look(int epoch)
{
    if (epoch % 20 != 0)
    {
        return;
    }

    Tensor answers = model.Forward(x);
    float loss = answers.MseLoss(y).Item();
    at.Add(epoch);
    losses.Add(loss);
    if (epoch is 0 or 20 or 100 or 1000 || epoch % 1000 == 0 && epoch >= 4000)
    {
        string row = string.Join("  ", answers.ToArray().Select(value => $"{value:0.0000}"));
        Console.WriteLine($"{epoch,5}   {loss:0.0000}  {row}");
    }
}

Sequential Draw()
{
    RandomGenerator random = new(42);
    return new(new Linear(2, 2, random: random), new Sigmoid(), new Linear(2, 1, random: random), new Sigmoid());
}

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
