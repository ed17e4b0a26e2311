#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// The data; a model, which is a function with nine numbers in it that nobody has chosen yet; and the loss, one number that says
// how wrong its answers are.

using Nabla;
using Nabla.Nn;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

// 1. All there is to learn: four examples, each with two inputs and the answer, which is 1 where the inputs differ.
Tensor x = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
Tensor y = Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });

// 2. The model, with numbers drawn at random. The seed makes them the same each time.
Model model = new(new RandomGenerator(42));
Console.WriteLine(model);
foreach ((string name, Tensor parameter) in model.NamedParameters())
{
    Console.WriteLine($"{name}: {parameter}");
}

// 3. Its answers. All four inputs go through at once, one in each row.
Tensor answers = model.Forward(x);
Console.WriteLine();
Console.WriteLine("inputs  wanted  answer");
for (int i = 0; i < 4; i++)
{
    Console.WriteLine($"{x[i, 0].Item()} {x[i, 1].Item()}     {y[i].Item()}       {answers[i].Item():0.0000}");
}

Console.WriteLine($"one alone: {model.Forward(x[0])}");

// 4. The same as one formula on matrices: nothing is hidden in the layers.
Tensor hidden = (x.MatMul(model.Fc1.Weight.Transpose(0, 1)) + model.Fc1.Bias!).Sigmoid();
Tensor byMatrices = (hidden.MatMul(model.Fc2.Weight.Transpose(0, 1)) + model.Fc2.Bias!).Sigmoid();
Console.WriteLine();
Console.WriteLine($"by matrices: {string.Join(" ", byMatrices.ToArray().Select(value => $"{value:0.0000}"))}");

// 5. And as arithmetic, for the inputs 0 and 1.
float[] w1 = model.Fc1.Weight.ToArray(), b1 = model.Fc1.Bias!.ToArray();
float[] w2 = model.Fc2.Weight.ToArray(), b2 = model.Fc2.Bias!.ToArray();
double h1 = Sigmoid((w1[0] * 0) + (w1[1] * 1) + b1[0]);
double h2 = Sigmoid((w1[2] * 0) + (w1[3] * 1) + b1[1]);
double answer = Sigmoid((w2[0] * h1) + (w2[1] * h2) + b2[0]);
Console.WriteLine($"0 1 by hand: hidden {h1:0.0000} {h2:0.0000}, answer {answer:0.0000}");

// 6. The loss: how far the answers are from what is wanted, squared, on average.
Tensor loss = (answers - y).Pow(2).Mean();
Console.WriteLine();
Console.WriteLine($"loss: {loss.Item():0.0000}, by the library {answers.MseLoss(y).Item():0.0000}");
Console.WriteLine($"always answering 0.5: {Tensor.Full(y.Shape, 0.5f).MseLoss(y).Item():0.0000}");

// 7. What the model would answer anywhere in the plane, less one half: blue where it says rather 1, orange where rather 0.
double[] levels = [.. Enumerable.Range(-5, 11).Select(tenths => tenths / 10.0)];
new Chart("What the untrained model answers", 420, 360)
{
    X = { Label = "first input", Minimum = -0.5, Maximum = 1.5 },
    Y = { Label = "second input", Minimum = -0.5, Maximum = 1.5 },
}
    .Contour((a, b) => model.Forward(Tensor.From([(float)a, (float)b])).Item() - 0.5, levels)
    .Scatter([0, 1], [1, 0], "wanted: 1", size: 6)
    .Scatter([0, 1], [0, 1], "wanted: 0", size: 6)
    .Save(Path.Combine(figures, "untrained.svg"));

static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

// Two inputs, two hidden neurons, one output. A linear layer multiplies by its weights and adds its biases; the sigmoid squeezes
// each result between 0 and 1.
sealed class Model : Layer
{
    private readonly Sigmoid _sigmoid;

    public Model(RandomGenerator random)
    {
        Fc1 = AddModule("fc1", new Linear(2, 2, random: random));
        Fc2 = AddModule("fc2", new Linear(2, 1, random: random));
        _sigmoid = AddModule("sigmoid", new Sigmoid());
    }

    public Linear Fc1 { get; }

    public Linear Fc2 { get; }

    public override Tensor Forward(Tensor x) => _sigmoid.Forward(Fc2.Forward(_sigmoid.Forward(Fc1.Forward(x))));
}
