#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// A tanh far from the middle lets no gradient through. How much of the hidden layer is there, before and after.

using Nabla;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(IndexTensor X, IndexTensor Y) = Examples(words[..(words.Length * 8 / 10)]);

// 1. What tanh does to a gradient: it multiplies it by 1 - t * t.
Tensor x = Tensor.From([0, 0.5f, 1, 2, 3, 5, 10]);
x.RequiresGrad = true;
Tensor t = x.Tanh();
t.Sum().Backward();
Console.WriteLine("   x    tanh x    slope");
for (int i = 0; i < x.Count; i++)
{
    Console.WriteLine($"{x[i].Item(),4} {t[i].Item(),9:F4} {x.Grad![i].Item(),8:F4}");
}

// 2. The hidden layer on the first minibatch: [32, 200], 32 examples by 200 neurons, with W1 and b1 as drawn and made smaller.
List<Figure> histograms = [];
List<float[]> pictures = [];
Console.WriteLine();
Console.WriteLine("                     sums     within   |h| > 0.99   neurons   gradient");
Console.WriteLine("                     std       +-1.5                at ends   let through");
foreach (var (w1, b1) in new[] { (1f, 1f), (0.1f, 0.01f), (0.2f, 0.01f) })
{
    RandomGenerator g = new(2147483647);
    Tensor C = Tensor.Randn(g, 27, 10);
    Tensor W1 = Tensor.Randn(g, 30, 200) * w1;
    Tensor bias = Tensor.Randn(g, 200) * b1;
    Tensor.Randn(g, 200, 27);                                         // W2 and b2 of program 1, so that the minibatch is its too
    Tensor.Randn(g, 27);
    IndexTensor ix = IndexTensor.Randint(g, 0, Y.Count, 32);

    Tensor sums = C[X[ix]].View(-1, 30).MatMul(W1) + bias;            // what goes into tanh
    Tensor h = sums.Tanh();
    Tensor saturated = h.Abs() > 0.99f;                               // 1 where it is, 0 where not
    int dead = saturated.Sum(0).ToArray().Count(examples => examples == 32);
    Console.WriteLine($"W1 * {w1,3}, b1 * {b1,4} {sums.Std().Item(),7:F2} {(sums.Abs() < 1.5f).Mean().Item(),11:P0} "
        + $"{saturated.Mean().Item(),11:P1} {dead,9} {(1 - h.Square()).Mean().Item(),12:P0}");

    if (w1 != 0.1f)
    {
        histograms.Add(new Chart($"W1 * {w1}: sums", 330, 240) { X = { Minimum = -20, Maximum = 20 } }
            .Histogram(sums.ToArray()));
        histograms.Add(new Chart($"W1 * {w1}: tanh of them", 330, 240) { X = { Minimum = -1, Maximum = 1 } }
            .Histogram(h.ToArray()));
        pictures.Add(saturated.ToArray());
    }
}

new Panels(histograms, columns: 2, "6,400 sums, and what tanh makes of them").Save(Path.Combine(figures, "saturation.svg"));
new ImageGrid(32, 200, pictures, "White: |h| > 0.99. A row for each example, a column for each neuron")
{
    Columns = 1,
    Captions = ["W1 * 1", "W1 * 0.2"],
}.Save(Path.Combine(figures, "white.svg"));

static (IndexTensor X, IndexTensor Y) Examples(IEnumerable<string> words)
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
            context = [.. context[1..], label];
        }
    }

    return (IndexTensor.From([.. contexts], labels.Count, 3), IndexTensor.From([.. labels]));
}
