#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// A mistake that everybody makes once: a gradient is added to the one before it, unless somebody forgets that one.

using Nabla;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

Tensor x = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
Tensor y = Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });

// 1. The same gradient three times.
Sequential model = Number(1);
Tensor bias = model.Parameters()[^1];
Console.Write("slope by the output's bias, without ZeroGrad:");
for (int i = 0; i < 3; i++)
{
    model.Forward(x).MseLoss(y).Backward();
    Console.Write($" {bias.Grad!.Item():0.0000}");
}

model.ZeroGrad();
model.Forward(x).MseLoss(y).Backward();
Console.WriteLine($", and after it: {bias.Grad!.Item():0.0000}");

// 2. The training of the third program, with and without the line.
Console.WriteLine();
Chart swing = new("Model 1's answer to 0 0, where 0 is wanted") { X = { Label = "epoch" }, Y = { Label = "answer" } };
foreach ((int number, bool zeroGrad) in ((int, bool)[])[(1, true), (1, false), (2, true), (2, false)])
{
    Sequential trained = Number(number);
    List<float> answers = Train(trained, zeroGrad);
    Console.WriteLine($"model {number}, {(zeroGrad ? "with ZeroGrad:   " : "without ZeroGrad:")} {Verdict(trained)}");
    if (number == 1)
    {
        swing.Line(answers.Take(300), zeroGrad ? "with ZeroGrad" : "without");
    }
}

swing.Save(Path.Combine(figures, "zero-grad.svg"));

// Returns the answer to 0 0 before each epoch.
List<float> Train(Sequential model, bool zeroGrad)
{
    Sgd optimizer = new(model.Parameters(), learningRate: 0.1f);
    List<float> answers = [];
    for (int epoch = 0; epoch < 10_000; epoch++)
    {
        answers.Add(model.Forward(x[0]).Item());
        for (int i = 0; i < 4; i++)
        {
            if (zeroGrad)
            {
                optimizer.ZeroGrad();
            }

            model.Forward(x[i]).MseLoss(y[i]).Backward();
            optimizer.Step();
        }
    }

    return answers;
}

Sequential Number(int number)
{
    RandomGenerator random = new(42);
    Sequential model = Draw(random);
    for (int i = 1; i < number; i++)
    {
        model = Draw(random);
    }

    return model;
}

Sequential Draw(RandomGenerator random) =>
    new(new Linear(2, 2, random: random), new Sigmoid(), new Linear(2, 1, random: random), new Sigmoid());

// Without ZeroGrad the answers swing for ever, so that only what stays is printed.
string Verdict(Sequential model)
{
    float[] answers = model.Forward(x).ToArray(), wanted = y.ToArray();
    int right = Enumerable.Range(0, 4).Count(i => Math.Abs(answers[i] - wanted[i]) < 0.1f);
    return $"{right} of 4 right{(answers.Max() - answers.Min() < 0.01f ? ", the same answer to all four" : "")}";
}
