#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Exercise 2, solved: from the loss back to the logits in one formula, and what that formula says.

using Nabla;
using Nabla.Autograd;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const string characters = ".abcdefghijklmnopqrstuvwxyz";

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

// 3. Forward. All that comes after the logits can be one call. The judge goes through the pieces.
Tensor hprebn = C[x].View(n, 30).MatMul(W1) + b1;
Tensor bnraw = (hprebn - hprebn.Mean(0, keepDim: true)) * (hprebn.Var(0, keepDim: true) + 1e-5f).Pow(-0.5f);
Tensor h = ((bngain * bnraw) + bnbias).Tanh();
Tensor logits = (h.MatMul(W2) + b2).RetainGrad();                       // [32, 27]
Tensor counts = logits.Exp();
Tensor probs = counts * counts.Sum(1, keepDim: true).Pow(-1);
Tensor loss = -probs.Log()[IndexTensor.Arange(n), y].Mean();
Console.WriteLine($"loss in pieces {loss.Item():F4}, in one call {logits.CrossEntropy(y).Item():F4}");

// 4. The judge.
loss.Backward();
using var noGrad = Tensor.NoGrad();

// 5. By hand: probability, less one where the answer is right, over the number of examples.
Tensor dlogits = logits.Softmax(1);
for (int i = 0; i < n; i++)
{
    dlogits[i, y[i].Item()].SubInPlace(1);
}

dlogits.DivInPlace(n);
Check("logits", dlogits, logits);
Check("not / 32", n * dlogits, logits);

// 6. What it says. Each row is a set of forces on 27 logits: up where the number is negative, since steps go against the gradient.
Console.WriteLine();
Console.WriteLine($"the first example: after {Text(x[0])} comes {characters[y[0].Item()]}");
float[] probabilities = probs[0].ToArray();
float[] forces = (-n * dlogits[0]).ToArray();
int[] byProbability = [.. Enumerable.Range(0, 27).OrderByDescending(id => probabilities[id])];
foreach (int id in (int[])[.. byProbability[..4], y[0].Item()])
{
    Console.WriteLine($"  {characters[id]}: probability {probabilities[id]:F4}, force {forces[id],7:F4}");
}

Console.WriteLine($"forces of the row: up {forces.Where(f => f > 0).Sum():F4}, down {forces.Where(f => f < 0).Sum():F4}");
Console.WriteLine($"cells below zero: {dlogits.ToArray().Count(cell => cell < 0)} of {dlogits.Count}");

// A model that is already sure, and right: 200 is as good as certain. Nothing is left to do.
Tensor certain = 200 * Tensor.OneHot(y, 27);
Tensor none = certain.Softmax(1) - Tensor.OneHot(y, 27);
Console.WriteLine($"largest force on a perfect answer: {none.Abs().Max().Item()}");

new HeatMap(n, 27, (row, column) => n * dlogits[row, column].Item(), "32 times dlogits: one example a row, one character a column")
{
    RowLabels = [.. Enumerable.Range(0, n).Select(i => $"{Text(x[i])} → {characters[y[i].Item()]}")],
    ColumnLabels = [.. characters.Select(character => $"{character}")],
    Diverging = true,
    CellSize = 18,
    ColorBar = true,
}.Save(Path.Combine(figures, "dlogits.svg"));

string Text(IndexTensor context) => string.Concat(context.ToArray().Select(id => characters[id]));

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
            int label = characters.IndexOf(character);
            contexts.AddRange(context);
            labels.Add(label);
            context = [context[1], context[2], label];
        }
    }

    return (IndexTensor.From([.. contexts], labels.Count, 3), IndexTensor.From([.. labels]));
}
