#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// A price on large weights pulls the probabilities together, as fake counts do.

using Nabla;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const string characters = ".abcdefghijklmnopqrstuvwxyz";
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
float[,] counted = new float[27, 27];
foreach (string word in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
{
    int previous = 0;
    foreach (char character in word + ".")
    {
        int next = characters.IndexOf(character);
        counted[previous, next]++;
        previous = next;
    }
}

Tensor counts = Tensor.From(counted);

// 1. Weights of zero: all logits are alike, so all probabilities are.
Tensor zero = Tensor.Zeros(27, 27);
Console.WriteLine($"W = 0: every probability is {zero.Softmax(1).Max().Item():F4}, the loss {Loss(zero).Item():F4}");

// 2. The network of program 6 for 100 steps, with a price of strength times the mean of the squares of W.
// The last columns: the probabilities of .a, seen 4,410 times, and of jq, never seen.
Console.WriteLine();
Console.WriteLine("strength   loss     with price   .a       jq");
float[] strengths = [0, 0.01f, 0.1f, 1, 10];
List<Tensor> learnt = [];
foreach (float strength in strengths)
{
    Tensor W = Tensor.Randn(new RandomGenerator(2147483647), 27, 27);
    W.RequiresGrad = true;
    for (int step = 0; step < 100; step++)
    {
        Tensor total = Loss(W) + (strength * W.Square().Mean());
        W.ZeroGrad();
        total.Backward();
        using (Tensor.NoGrad())
        {
            W.SubInPlace(50 * W.Grad!);
        }
    }

    float loss = Loss(W).Item();
    float price = strength * W.Square().Mean().Item();
    Tensor P = W.Detach().Softmax(1);
    Console.WriteLine($"{strength,-10} {loss:F3}    {loss + price:F3}        {P[0, 1].Item():F4}   {P[10, 17].Item():F4}");
    learnt.Add(P);
}

// 3. Fake counts, for comparison.
Console.WriteLine();
Console.WriteLine("added      loss     .a       jq");
float[] additions = [1, 100, 1000, 10_000];
List<Tensor> smoothed = [];
foreach (float added in additions)
{
    Tensor P = (counts + added) / (counts + added).Sum(1, keepDim: true);
    Console.WriteLine($"{added,-10} {Loss(P.Log()).Item():F3}    {P[0, 1].Item():F4}   {P[10, 17].Item():F4}");
    smoothed.Add(P);
}

new Panels(
[
    Ranked(smoothed, [.. additions.Select(added => $"{added} added")], "Fake counts"),
    Ranked(learnt, [.. strengths.Select(strength => $"strength {strength}")], "A price on the weights"),
], columns: 2).Save(Path.Combine(figures, "smoothing.svg"));

// Equal pairs cost the same, so that the mean over 228,146 pairs is a sum over 729 with their counts: the same number, at once.
// Softmax of the logarithms of probabilities gives the probabilities, so it serves for both kinds of table.
Tensor Loss(Tensor W) => -(counts * W.LogSoftmax(1)).Sum() / counts.Sum();

// The probabilities of the first letter, largest first.
static Chart Ranked(List<Tensor> tables, string[] names, string title)
{
    Chart chart = new(title, width: 480, height: 360)
    {
        X = { Label = "first letters, the likeliest first", Minimum = 1 },
        Y = { Label = "probability", Minimum = 0 },
    };
    for (int i = 0; i < tables.Count; i++)
    {
        chart.Line(Enumerable.Range(1, 27), tables[i][0].ToArray().OrderDescending(), names[i]);
    }

    return chart;
}
