#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Exercise 3, solved: back through batch norm in one formula, for all columns at once, and what that formula does.

using Nabla;
using Nabla.Autograd;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

// 1. A minibatch: 32 contexts of three characters, and the character that comes next in each.
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(IndexTensor contexts, IndexTensor labels) = Examples(words[..(words.Length * 8 / 10)]);

// 2. The parameters. Biases are small random numbers and gains are not 1, so that no zero and no one hides a mistake.
RandomGenerator random = new(2147483647);
RandomGenerator other = new(42);
Tensor C = Tensor.Randn(random, 27, 10);
Tensor W1 = Tensor.Randn(random, 30, 64) * (5 / 3f / MathF.Sqrt(30));
Tensor b1 = Tensor.Randn(random, 64) * 0.1f;
Tensor W2 = Tensor.Randn(random, 64, 27) * 0.1f;
Tensor b2 = Tensor.Randn(random, 27) * 0.1f;
Tensor bngain = (Tensor.Randn(other, 1, 64) * 0.1f) + 1;
Tensor bnbias = Tensor.Randn(other, 1, 64) * 0.1f;
foreach (Tensor parameter in (Tensor[])[C, W1, b1, W2, b2, bngain, bnbias])
{
    parameter.RequiresGrad = true;
}

const int n = 32;
IndexTensor ids = IndexTensor.Randint(random, 0, labels.Count, n);
IndexTensor x = contexts[ids];                                          // [32, 3]
IndexTensor y = labels[ids];                                            // [32]

// 3. Forward. The batch norm is three lines now.
Tensor hprebn = (C[x].View(n, 30).MatMul(W1) + b1).RetainGrad();       // [32, 64]
Tensor bnvarInv = (hprebn.Var(0, keepDim: true) + 1e-5f).Pow(-0.5f);    // [1, 64]
Tensor bnraw = (hprebn - hprebn.Mean(0, keepDim: true)) * bnvarInv;     // [32, 64]
Tensor hpreact = ((bngain * bnraw) + bnbias).RetainGrad();              // [32, 64]
Tensor loss = (hpreact.Tanh().MatMul(W2) + b2).CrossEntropy(y);
Console.WriteLine($"loss {loss.Item():F4}");

// 4. The judge. What arrives at the norm, dhpreact, is taken from it this time: the norm alone is the exercise.
loss.Backward();
using var noGrad = Tensor.NoGrad();
Tensor dhpreact = hpreact.Grad!;

// 5. By hand, all 64 columns at once.
Tensor dhprebn = bngain * bnvarInv / n
    * ((n * dhpreact) - dhpreact.Sum(0, keepDim: true) - ((float)n / (n - 1) * bnraw * (dhpreact * bnraw).Sum(0, keepDim: true)));
Check("hprebn", dhprebn, hprebn);

// The variance divided by n - 1 in the forward pass, so there is an n / (n - 1) in the backward pass. Without it:
Check("no n / (n - 1)", bngain * bnvarInv / n
    * ((n * dhpreact) - dhpreact.Sum(0, keepDim: true) - (bnraw * (dhpreact * bnraw).Sum(0, keepDim: true))), hprebn);

// 6. What the two subtracted terms do. Without them the gradient would be this. Look at the neuron where they do most.
Tensor plain = bngain * bnvarInv * dhpreact;
int neuron = (plain * bnraw).Sum(0).Abs().ArgMax().Item();
float[] across = bnraw[.., neuron].ToArray();
float[] before = plain[.., neuron].ToArray();
float[] after = dhprebn[.., neuron].ToArray();
Console.WriteLine();
Console.WriteLine($"neuron {neuron,-15} without the two terms   with them");
Console.WriteLine($"sum                    {before.Sum(),21:F4} {Zero(after.Sum()),11}");
Console.WriteLine($"product with bnraw     {Product(before, across),21:F4} {Zero(Product(after, across)),11}");

new Panels([Forces(before, "without: it leans, and is off 0"), Forces(after, "with: it does neither")], columns: 2,
    $"The gradient of neuron {neuron} for 32 examples").Save(Path.Combine(figures, "norm.svg"));

// The column as points over its normalised values, and the straight line that fits them best.
Chart Forces(float[] gradient, string title)
{
    float offset = gradient.Average();
    float slope = Product(gradient, across) / Product(across, across);
    float limit = 1.2f * before.Concat(after).Max(MathF.Abs);
    Chart chart = new(title, width: 400, height: 320)
    {
        X = { Label = "normalised value", Minimum = -3, Maximum = 3 },
        Y = { Label = "gradient", Minimum = -limit, Maximum = limit },
    };
    chart.Scatter(across, gradient, name: "example");
    chart.Line(r => offset + (slope * r), from: -3, to: 3, name: "best line");
    return chart;
}

static float Product(float[] left, float[] right) => left.Zip(right, (l, r) => l * r).Sum();

// Rounding leaves something like 1e-9 of a zero, another number on each machine.
static string Zero(float sum) => MathF.Abs(sum) < 1e-6f ? "0" : $"{sum:F4}";

// The digits of a difference depend on the machine, whose vector width decides the order of a sum; --quick leaves them out.
void Check(string name, Tensor byHand, Tensor tensor)
{
    var comparison = GradientComparison.Compare(name, byHand, tensor);
    string verdict = comparison.IsApproximate ? "right" : byHand.ToArray().Any(float.IsNaN) ? "not yet" : "wrong";
    Console.WriteLine(args.Contains("--quick") ? $"{name,-14} | {verdict}" : $"{comparison} | {verdict}");
}

static (IndexTensor Contexts, IndexTensor Labels) Examples(string[] words)
{
    List<int> contexts = [];
    List<int> labels = [];
    foreach (string word in words)
    {
        int[] context = [0, 0, 0];
        foreach (char character in word + ".")
        {
            int label = ".abcdefghijklmnopqrstuvwxyz".IndexOf(character);
            contexts.AddRange(context);
            labels.Add(label);
            context = [context[1], context[2], label];
        }
    }

    return (IndexTensor.From([.. contexts], labels.Count, 3), IndexTensor.From([.. labels]));
}
