#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Names to learn from, names to choose by, names to judge by; and 40,000 steps with a rate that is lowered at the end.

using Nabla;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const string characters = ".abcdefghijklmnopqrstuvwxyz";
bool quick = args.Contains("--quick");
string format = quick ? "F1" : "F3";
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
int n1 = words.Length * 8 / 10;
int n2 = words.Length * 9 / 10;
(IndexTensor Xtr, IndexTensor Ytr) = Examples(words[..n1]);
(IndexTensor Xdev, IndexTensor Ydev) = Examples(words[n1..n2]);
Console.WriteLine($"train {Xtr.Shape}, dev {Xdev.Shape}");

RandomGenerator g = new(2147483647);
Tensor C = Tensor.Randn(g, 27, 2);
Tensor W1 = Tensor.Randn(g, 6, 100);
Tensor b1 = Tensor.Randn(g, 100);
Tensor W2 = Tensor.Randn(g, 100, 27);
Tensor b2 = Tensor.Randn(g, 27);
Tensor[] parameters = [C, W1, b1, W2, b2];
foreach (Tensor parameter in parameters)
{
    parameter.RequiresGrad = true;
}

Console.WriteLine($"{parameters.Sum(parameter => parameter.Count)} parameters");

// Three stages. The losses on the minibatches are kept for the figure; what counts is the loss on a whole part.
List<float> losses = [];
Console.WriteLine();
Console.WriteLine("                     train   dev");
Report("untrained");
int stage = quick ? 100 : 10_000;
Train(stage, 0.1f);
Report($"{stage:N0} at 0.1");
Train(2 * stage, 0.1f);
Report($"{2 * stage:N0} more at 0.1");
Train(stage, 0.01f);
Report($"{stage:N0} more at 0.01");

if (!quick)
{
    int[] steps = [.. Enumerable.Range(0, losses.Count).Where(step => step % 20 == 0)];       // every 20th: thick enough
    int[] blocks = [.. steps.Where(step => step % 200 == 0)];
    Chart plain = new("loss on the minibatch", 480, 320) { X = { Label = "step" }, Y = { Label = "loss" } };
    plain.Line(steps, steps.Select(step => losses[step]));
    Chart logarithm = new("its logarithm to base 10, enlarged", 480, 320)
    {
        X = { Label = "step" },
        Y = { Label = "log10 loss", Minimum = 0.25, Maximum = 0.6 },
    };
    logarithm.Line(steps, steps.Select(step => Math.Log10(losses[step])), name: "one minibatch in 20");
    logarithm.Line(blocks.Select(step => step + 100), blocks.Select(step => Math.Log10(losses[step..(step + 200)].Average())),
        name: "mean of 200");
    new Panels([plain, logarithm], columns: 2).Save(Path.Combine(figures, "loss.svg"));
}

void Report(string when)
    => Console.WriteLine($"{when,-20} {Loss(Xtr, Ytr).ToString(format),5} {Loss(Xdev, Ydev).ToString(format),7}");

void Train(int steps, float rate)
{
    for (int step = 0; step < steps; step++)
    {
        using MemoryScope scope = MemoryScope.Begin();
        IndexTensor ix = IndexTensor.Randint(g, 0, Ytr.Count, 32);
        Tensor loss = Logits(Xtr[ix]).CrossEntropy(Ytr[ix]);
        losses.Add(loss.Item());
        foreach (Tensor parameter in parameters)
        {
            parameter.ZeroGrad();
        }

        loss.Backward();
        using (Tensor.NoGrad())
        {
            foreach (Tensor parameter in parameters)
            {
                parameter.SubInPlace(rate * parameter.Grad!);
            }
        }
    }
}

Tensor Logits(IndexTensor contexts)
{
    Tensor h = (C[contexts].View(-1, 6).MatMul(W1) + b1).Tanh();
    return h.MatMul(W2) + b2;
}

float Loss(IndexTensor X, IndexTensor Y)
{
    using MemoryScope scope = MemoryScope.Begin();
    using var _ = Tensor.NoGrad();
    return Logits(X).CrossEntropy(Y).Item();
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
