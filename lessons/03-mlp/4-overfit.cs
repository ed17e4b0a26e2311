#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// The loop of the last two lessons on 32 examples, until the network knows them by heart. Its loss does not become 0.

using Nabla;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const string characters = ".abcdefghijklmnopqrstuvwxyz";
(IndexTensor X, IndexTensor Y) = Examples(["emma", "olivia", "ava", "isabella", "sophia"]);

RandomGenerator g = new(2147483647);
Tensor C = Tensor.Randn(g, 27, 2);
Tensor W1 = Tensor.Randn(g, 6, 100);
Tensor b1 = Tensor.Randn(g, 100);
Tensor W2 = Tensor.Randn(g, 100, 27);
Tensor b2 = Tensor.Randn(g, 27);
Tensor[] parameters = [C, W1, b1, W2, b2];

// 1. Without this nothing is remembered on the way, and there is nothing to go back.
try
{
    Logits(X).CrossEntropy(Y).Backward();
}
catch (InvalidOperationException exception)
{
    Console.WriteLine(exception.Message);
}

foreach (Tensor parameter in parameters)
{
    parameter.RequiresGrad = true;
}

// 2. A thousand steps, all 32 examples in each.
Console.WriteLine();
List<float> losses = [];
for (int step = 0; step <= 1000; step++)
{
    using MemoryScope scope = MemoryScope.Begin();
    Tensor loss = Logits(X).CrossEntropy(Y);
    losses.Add(loss.Item());
    if (step is 0 or 1 or 10 or 100 or 300 or 1000)
    {
        Console.WriteLine($"after {step,4} steps {loss.Item():F3}");
    }

    foreach (Tensor parameter in parameters)
    {
        parameter.ZeroGrad();
    }

    loss.Backward();
    using (Tensor.NoGrad())
    {
        foreach (Tensor parameter in parameters)
        {
            parameter.SubInPlace(0.1f * parameter.Grad!);
        }
    }
}

// 3. What does it answer? Max along the classes gives the largest logit of each row, and where it stands.
(_, IndexTensor answers) = Logits(X).Max(1);
bool[] right = [.. answers.ToArray().Zip(Y.ToArray(), (answer, label) => answer == label)];
Console.WriteLine();
Console.WriteLine($"{right.Count(isRight => isRight)} of {Y.Count} answers are right");
var wrong = Enumerable.Range(0, Y.Count).Where(i => !right[i]).Select(i => string.Concat(X[i].ToArray().Select(id => characters[id])));
Console.WriteLine($"the contexts of the wrong ones: {string.Join(' ', wrong)}");

// 4. All wrong ones have one context. What the network holds likely after it, and the best that can be done.
Tensor begin = Logits(IndexTensor.Zeros(1, 3)).Softmax(1)[0];
Console.WriteLine($"after ...: {string.Join(", ", "eoais".Select(c => $"{c} {begin[characters.IndexOf(c)].Item():F1}"))}");
float lowest = 5 * MathF.Log(5) / 32;
Console.WriteLine($"five answers to one question, each 1/5: at least 5 ln 5 / 32 = {lowest:F4}");

// After hundreds of steps the last bits of the arithmetic show: drawn by the full form only.
if (!args.Contains("--quick"))
{
    Chart chart = new("32 examples, learnt by heart")
    {
        X = { Label = "step", Logarithmic = true },
        Y = { Label = "loss", Logarithmic = true },
    };
    chart.Line(Enumerable.Range(1, 1000), losses[1..], name: "the network");
    chart.HorizontalLine(lowest, "5 ln 5 / 32");
    chart.Save(Path.Combine(figures, "overfit.svg"));
}

Tensor Logits(IndexTensor contexts)
{
    Tensor h = (C[contexts].View(-1, 6).MatMul(W1) + b1).Tanh();
    return h.MatMul(W2) + b2;
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
            int label = characters.IndexOf(character);
            contexts.AddRange(context);
            labels.Add(label);
            context = [.. context[1..], label];
        }
    }

    return (IndexTensor.From([.. contexts], labels.Count, 3), IndexTensor.From([.. labels]));
}
