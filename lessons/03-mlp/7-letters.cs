#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Three times as many hidden neurons, and what the network has made of the letters: with two numbers each, a map.

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

RandomGenerator g = new(2147483647);
Tensor C = Tensor.Randn(g, 27, 2);
Tensor W1 = Tensor.Randn(g, 6, 300);
Tensor b1 = Tensor.Randn(g, 300);
Tensor W2 = Tensor.Randn(g, 300, 27);
Tensor b2 = Tensor.Randn(g, 27);
Tensor[] parameters = [C, W1, b1, W2, b2];
foreach (Tensor parameter in parameters)
{
    parameter.RequiresGrad = true;
}

Console.WriteLine($"{parameters.Sum(parameter => parameter.Count)} parameters");

// 1. Train, at a falling rate.
foreach (var (steps, rate) in new[] { (60_000, 0.1f), (30_000, 0.05f), (30_000, 0.01f) })
{
    Train(quick ? steps / 600 : steps, rate);
    Console.WriteLine($"{(quick ? steps / 600 : steps),6} steps at {rate,-4}: train {Loss(Xtr, Ytr).ToString(format)}, "
        + $"dev {Loss(Xdev, Ydev).ToString(format)}");
}

// 2. Who stands alone, and who beside whom?
Tensor places = C.Detach();
string[] letters = [.. characters.Select(letter => $"{letter}")];
if (!quick)
{
    var nearest = Enumerable.Range(0, 27)
        .Select(i => (Letter: i, Near: Enumerable.Range(0, 27).Where(j => j != i).MinBy(j => Distance(i, j))))
        .OrderByDescending(pair => Distance(pair.Letter, pair.Near))
        .ToArray();
    Console.WriteLine();
    Console.WriteLine("most alone: " + string.Join(", ", nearest[..5].Select(pair =>
        $"{letters[pair.Letter]} ({Distance(pair.Letter, pair.Near):F2} to {letters[pair.Near]})")));
    foreach (char vowel in "aeiou")
    {
        int i = characters.IndexOf(vowel);
        var closest = Enumerable.Range(0, 27).Where(j => j != i).OrderBy(j => Distance(i, j)).Take(4).Select(j => letters[j]);
        Console.WriteLine($"nearest to {vowel}: {string.Join(' ', closest)}");
    }

    new Panels([Map(Tensor.Randn(new RandomGenerator(2147483647), 27, 2), "before"), Map(places, "after")], columns: 2,
        "Each character at the place that its two numbers say").Save(Path.Combine(figures, "letters.svg"));
}

Chart Map(Tensor places, string title)
{
    Chart chart = new(title, 520, 520) { X = { Label = "first number" }, Y = { Label = "second number" } };
    foreach (var (name, group) in new[] { ("vowels", "aeiou"), ("consonants", "bcdfghjklmnpqrstvwxyz"), ("dot", ".") })
    {
        int[] ids = [.. group.Select(letter => characters.IndexOf(letter))];
        var x = ids.Select(id => places[id, 0].Item());
        var y = ids.Select(id => places[id, 1].Item());
        chart.Scatter(x, y, name, ids.Select(id => letters[id]), size: 8);
    }

    return chart;
}

double Distance(int i, int j) => Math.Sqrt((places[i] - places[j]).Square().Sum().Item());

void Train(int steps, float rate)
{
    for (int step = 0; step < steps; step++)
    {
        using MemoryScope scope = MemoryScope.Begin();
        IndexTensor ix = IndexTensor.Randint(g, 0, Ytr.Count, 32);
        Tensor loss = Logits(Xtr[ix]).CrossEntropy(Ytr[ix]);
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
