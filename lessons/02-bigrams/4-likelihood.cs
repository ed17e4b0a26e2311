#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// One number that says how good a model is: the mean of the negative logarithms of the probabilities of what really came.

using Nabla;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const string characters = ".abcdefghijklmnopqrstuvwxyz";
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
float[,] counted = new float[27, 27];
foreach (string word in words)
{
    foreach (var (first, second) in Pairs(word))
    {
        counted[first, second]++;
    }
}

Tensor counts = Tensor.From(counted);
Tensor probabilities = counts / counts.Sum(1, keepDim: true);

// 1. Every pair of the first three names.
double logLikelihood = 0;
int number = 0;
foreach (var (first, second) in words[..3].SelectMany(Pairs))
{
    float probability = probabilities[first, second].Item();
    double logarithm = Math.Log(probability);
    Console.WriteLine($"{characters[first]}{characters[second]}: {probability:F4} {logarithm:F4}");
    logLikelihood += logarithm;
    number++;
}

Console.WriteLine($"{number} pairs, log likelihood {logLikelihood:F4}");
Console.WriteLine($"average negative log likelihood {-logLikelihood / number:F4}");
Console.WriteLine();

// 2. All names, and two models to compare with.
Console.WriteLine($"all names, by the counts:     {Loss(probabilities, words):F4}");
Console.WriteLine($"all names, all pairs alike:   {Loss(Tensor.Ones(27, 27) / 27, words):F4}, which is ln 27");
Tensor letters = counts.Sum(0, keepDim: true) / counts.Sum();
Console.WriteLine($"all names, by letters alone:  {Loss(letters.BroadcastTo(new Shape(27, 27)), words):F4}");
Console.WriteLine();

// 3. Any name can be asked about.
Console.WriteLine($"andrej:  {Loss(probabilities, ["andrej"]):F4}");
Console.WriteLine($"andrejq: {Loss(probabilities, ["andrejq"])}, since jq occurs {counted[10, 17]} times");
Console.WriteLine();

// 4. Smoothing: so much is added to every count.
Console.WriteLine("added    andrejq    all names    largest probability");
foreach (float added in (float[])[0, 1, 5, 100, 1000, 1_000_000])
{
    Tensor smoothed = (counts + added) / (counts + added).Sum(1, keepDim: true);
    float andrejq = Loss(smoothed, ["andrejq"]);
    Console.WriteLine($"{added,-8} {andrejq,-10:F4} {Loss(smoothed, words),-12:F4} {smoothed.Max().Item():F4}");
}

string[] shown = ["ej", "mm", ".e", "a.", "ma", "qu"];
double[] chances = [.. shown.Select(Chance)];
Chart chart = new("What a probability costs") { X = { Label = "p" }, Y = { Label = "-ln p" } };
chart.Line(p => -Math.Log(p), from: 0.002, to: 1);
chart.Scatter(chances, chances.Select(p => -Math.Log(p)), labels: shown);
chart.Save(Path.Combine(figures, "cost.svg"));

double Chance(string pair) => probabilities[characters.IndexOf(pair[0]), characters.IndexOf(pair[1])].Item();

float Loss(Tensor model, string[] names)
{
    (int First, int Second)[] pairs = [.. names.SelectMany(Pairs)];
    IndexTensor first = IndexTensor.From([.. pairs.Select(pair => pair.First)]);
    IndexTensor second = IndexTensor.From([.. pairs.Select(pair => pair.Second)]);
    return -model[first, second].Log().Mean().Item();
}

static IEnumerable<(int First, int Second)> Pairs(string word)
{
    IEnumerable<int> ids = $".{word}.".Select(character => characters.IndexOf(character));
    return ids.Zip(ids.Skip(1));
}
