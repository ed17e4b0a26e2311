#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Eight characters in place of three: what the network gains by them, and why it makes poor use of them.

using Nabla;
using Nabla.Language.Data;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const string characters = ".abcdefghijklmnopqrstuvwxyz";
bool quick = args.Contains("--quick");
string format = quick ? "F1" : "F3";
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(int n1, int n2) = (words.Length * 8 / 10, words.Length * 9 / 10);

// 1. The examples: as many as before, only wider.
(IndexTensor Xtr, IndexTensor Ytr) = Examples(words[..n1], contextLength: 8);
(IndexTensor Xdev, IndexTensor Ydev) = Examples(words[n1..n2], contextLength: 8);
Console.WriteLine($"{words[0]}, {words[1]}, ...: contexts {Xtr.Shape}");
for (int i = 0; i < words[0].Length + 2; i++)
{
    Console.WriteLine($"{Spell(Xtr[i])} > {characters[Ytr[i].Item()]}");
}

// 2. How much of what is asked has been seen? The last n characters of each context, for n from 1 to 8. All names begin alike, so
// the question is put from the sixth letter on: to contexts of five letters or more.
string[] seen = [.. Enumerable.Range(0, Ytr.Count).Select(i => Spell(Xtr[i]))];
string[] asked = [.. Enumerable.Range(0, Ydev.Count).Select(i => Spell(Xdev[i])).Where(context => context[3] != '.')];
List<double> known = [];
Console.WriteLine();
Console.WriteLine($"{asked.Length} of {Ydev.Count} dev examples have five letters or more before them");
Console.WriteLine("characters  different in training  of these dev examples seen there");
for (int n = 1; n <= 8; n++)
{
    HashSet<string> ends = [.. seen.Select(context => context[^n..])];
    known.Add(100.0 * asked.Count(context => ends.Contains(context[^n..])) / asked.Length);
    Console.WriteLine($"{n,10}  {ends.Count,21}  {known[^1],5:F1} %");
}

HashSet<string> pairs = [.. seen.SelectMany(Pairs)];
double knownPairs = 100.0 * asked.Count(context => Pairs(context).All(pairs.Contains)) / asked.Length;
Console.WriteLine($"whose four pairs have all been seen, wherever: {knownPairs:F1} %, of {pairs.Count} different pairs");
new Chart("How much of what is asked has been seen in training")
{
    X = { Label = "characters of context" },
    Y = { Label = "% of the dev examples", Minimum = 0, Maximum = 105 },
}
    .Line(Enumerable.Range(1, 8), known, name: "the context as a whole")
    .HorizontalLine(knownPairs, "its four pairs")
    .Save(Path.Combine(figures, "seen.svg"));

// 3. The same network twice, with three characters and with eight.
Console.WriteLine();
int steps = quick ? 1000 : 200_000;
float[] three = Train(3);
float[] eight = Train(8);
if (!quick)
{
    IEnumerable<int> at = Enumerable.Range(0, 200).Select(row => (row * 1000) + 500);
    new Chart("Training loss, means of 1,000 steps") { X = { Label = "step" }, Y = { Label = "loss", Maximum = 2.4 } }
        .Line(at, three, name: "three characters")
        .Line(at, eight, name: "eight characters")
        .Save(Path.Combine(figures, "context.svg"));
}

float[] Train(int contextLength)
{
    RandomGenerator random = new(42);
    Embedding embedding = new(27, 10, random);
    Linear hidden = new(contextLength * 10, 200, bias: false, random);
    Linear output = new(200, 27, random: random);
    using (Tensor.NoGrad())
    {
        output.Weight.MulInPlace(0.1f);
    }

    Sequential layers = new(new Flatten(), hidden, new BatchNorm1d(200), new Tanh(), output);
    Sgd sgd = new([.. embedding.Parameters(), .. layers.Parameters()], learningRate: 0.1f);
    float[] losses = new float[steps];
    for (int step = 0; step < steps; step++)
    {
        using MemoryScope scope = MemoryScope.Begin();
        sgd.Groups[0].LearningRate = step < steps * 3 / 4 ? 0.1f : 0.01f;
        IndexTensor ix = IndexTensor.Randint(random, 0, Ytr.Count, 32);
        Tensor loss = Logits(Xtr[ix]).CrossEntropy(Ytr[ix]);
        sgd.ZeroGrad();
        loss.Backward();
        sgd.Step();
        losses[step] = loss.Item();
    }

    layers.Eval();
    long parameters = embedding.ParameterCount + layers.ParameterCount;
    Console.WriteLine($"{contextLength} characters, {parameters} parameters, {hidden.Weight.Count} of them in the first product: "
        + $"train {Loss(Xtr, Ytr).ToString(format)}, dev {Loss(Xdev, Ydev).ToString(format)}");
    return Tensor.From(losses).View(-1, steps / 200).Mean(1).ToArray();

    // The last characters of a context of eight are a context of three.
    Tensor Logits(IndexTensor contexts) => layers.Forward(embedding.Forward(contexts[.., ^contextLength..]));

    float Loss(IndexTensor X, IndexTensor Y)
    {
        using var _ = Tensor.NoGrad();
        double sum = 0;
        for (int start = 0; start < Y.Count; start += 4096)
        {
            using MemoryScope scope = MemoryScope.Begin();
            int end = Math.Min(start + 4096, Y.Count);
            sum += Logits(X[start..end]).CrossEntropy(Y[start..end]).Item() * (end - start);
        }

        return (float)(sum / Y.Count);
    }
}

static string Spell(IndexTensor context) => string.Concat(context.ToArray().Select(id => characters[id]));

static IEnumerable<string> Pairs(string context) => [context[..2], context[2..4], context[4..6], context[6..]];

static (IndexTensor X, IndexTensor Y) Examples(IEnumerable<string> words, int contextLength)
{
    List<int> contexts = [];
    List<int> labels = [];
    foreach (string word in words)
    {
        int[] context = new int[contextLength];
        foreach (char character in word + ".")
        {
            int label = characters.IndexOf(character);
            contexts.AddRange(context);
            labels.Add(label);
            context = [.. context[1..], label];
        }
    }

    return (IndexTensor.From([.. contexts], labels.Count, contextLength), IndexTensor.From([.. labels]));
}
