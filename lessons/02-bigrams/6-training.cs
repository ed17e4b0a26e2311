#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// The network of program 5 on all names. Gradient descent arrives where counting was at once.

using Nabla;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const string characters = ".abcdefghijklmnopqrstuvwxyz";

// 1. All examples.
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
List<int> first = [];
List<int> second = [];
foreach (string word in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
{
    int previous = 0;
    foreach (char character in word + ".")
    {
        int next = characters.IndexOf(character);
        first.Add(previous);
        second.Add(next);
        previous = next;
    }
}

IndexTensor xs = IndexTensor.From([.. first]);
IndexTensor ys = IndexTensor.From([.. second]);
Console.WriteLine($"{xs.Count} examples");

// 2. What counting reaches: the line to which the network can come down.
float[,] counted = new float[27, 27];
foreach (var (x, y) in first.Zip(second))
{
    counted[x, y]++;
}

Tensor counts = Tensor.From(counted);
Tensor P = counts / counts.Sum(1, keepDim: true);
float counting = -P[xs, ys].Log().Mean().Item();
Console.WriteLine($"counting: {counting:F4}");

// 3. One-hot times W takes a row of W. So take the row: W[xs]. Exp, division, choice and logarithm together are CrossEntropy.
Tensor W = Tensor.Randn(new RandomGenerator(2147483647), 27, 27);
W.RequiresGrad = true;
IndexTensor some = xs[..1000];
Console.WriteLine($"one-hot times W equals W[xs]: {Tensor.OneHot(some, 27).MatMul(W).AllClose(W[some])}");

// 4. The steps. A scope gives the memory of each step back at its end. With --quick the loss is summed over the 729 different
// pairs, each times its count, which gives the same numbers (see program 7).
bool quick = args.Contains("--quick");
List<float> losses = [];
for (int step = 0; step <= 300; step++)
{
    using MemoryScope scope = MemoryScope.Begin();
    Tensor loss = quick ? -(counts * W.LogSoftmax(1)).Sum() / counts.Sum() : W[xs].CrossEntropy(ys);
    losses.Add(loss.Item());
    if (step % 100 == 0 || step is 1 or 10)
    {
        Console.WriteLine($"after {step,3} steps {loss.Item():F4}");
    }

    if (step < 300)
    {
        W.ZeroGrad();
        loss.Backward();
        using (Tensor.NoGrad())
        {
            W.SubInPlace(50 * W.Grad!);
        }
    }
}

// 5. What has been learnt: softmax of W is the table of probabilities.
Tensor learnt = W.Detach().Softmax(1);
Console.WriteLine($"mean difference to the counted probabilities: {(learnt - P).Abs().Mean().Item():F4}");
Console.WriteLine($"names by counting:    {string.Join(' ', Sample(P, 5))}");
Console.WriteLine($"names by the network: {string.Join(' ', Sample(learnt, 5))}");

Chart chart = new("The network comes down to what counting reaches")
{
    X = { Label = "step", Logarithmic = true },
    Y = { Label = "loss", Minimum = 2.3 },
};
chart.Line(Enumerable.Range(1, 300), losses[1..], name: "the network");
chart.HorizontalLine(counting, "counting");
chart.Save(Path.Combine(figures, "training.svg"));

const string title = "Probability of the second character (column) after the first (row)";
new Panels([Table(P, "counted"), Table(learnt, "learnt: softmax of W")], columns: 2, title)
    .Save(Path.Combine(figures, "weights.svg"));

static HeatMap Table(Tensor probabilities, string title) =>
    new(27, 27, (row, column) => probabilities[row, column].Item(), title)
    {
        RowLabels = [.. characters.Select(character => $"{character}")],
        ColumnLabels = [.. characters.Select(character => $"{character}")],
        CellSize = 14,
    };

static string[] Sample(Tensor probabilities, int number)
{
    RandomGenerator random = new(2147483647);
    string[] names = new string[number];
    for (int i = 0; i < number; i++)
    {
        int current = 0;
        do
        {
            current = probabilities[current].Multinomial(1, random, replacement: true).Item();
            names[i] += characters[current];
        }
        while (current != 0);
    }

    return names;
}
