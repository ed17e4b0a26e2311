#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// A tree with wider embeddings and layers, 76,579 parameters, and the names that it makes up.

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
(IndexTensor Xtr, IndexTensor Ytr) = Examples(words[..n1], contextLength: 8);
(IndexTensor Xdev, IndexTensor Ydev) = Examples(words[n1..n2], contextLength: 8);

RandomGenerator random = new(42);
Embedding embedding = new(27, 24, random);
Sequential layers = new(
    new FlattenConsecutive(2), new Linear(48, 128, bias: false, random), new BatchNorm1d(128), new Tanh(),
    new FlattenConsecutive(2), new Linear(256, 128, bias: false, random), new BatchNorm1d(128), new Tanh(),
    new FlattenConsecutive(2), new Linear(256, 128, bias: false, random), new BatchNorm1d(128), new Tanh(),
    Output(128));
Console.WriteLine($"{embedding.ParameterCount + layers.ParameterCount} parameters");
Console.WriteLine($"untrained: {string.Join(" ", Names(5))}");

// The training, with a look at train and dev together from time to time.
int steps = quick ? 1000 : 200_000;
float[] losses = new float[steps];
List<int> at = [];
List<float> trainLosses = [], devLosses = [];
Sgd sgd = new([.. embedding.Parameters(), .. layers.Parameters()], learningRate: 0.1f);
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
    if ((step + 1) % (steps / 20) == 0)
    {
        layers.Eval();
        at.Add(step + 1);
        trainLosses.Add(Loss(Xtr[..20_000], Ytr[..20_000]));
        devLosses.Add(Loss(Xdev, Ydev));
        layers.Train();
    }
}

layers.Eval();
Console.WriteLine($"train {Loss(Xtr, Ytr).ToString(format)}, dev {Loss(Xdev, Ydev).ToString(format)}");
Console.WriteLine($"trained: {string.Join(" ", Names(quick ? 3 : 20))}");
if (!quick)
{
    new Chart("The larger tree, in evaluation mode") { X = { Label = "step" }, Y = { Label = "loss" } }
        .Line(at, trainLosses, name: "20,000 training examples")
        .Line(at, devLosses, name: "all dev examples")
        .VerticalLine(150_000, "rate 0.1 to 0.01")
        .Save(Path.Combine(figures, "larger.svg"));
}

// A name: begin with eight dots, draw a character, move the context on by it, until the dot is drawn.
string[] Names(int count)
{
    using var _ = Tensor.NoGrad();
    layers.Eval();
    RandomGenerator random = new(2147483647);
    string[] names = new string[count];
    for (int i = 0; i < count; i++)
    {
        int[] context = new int[8];
        int id;
        do
        {
            Tensor probabilities = Logits(IndexTensor.From(context, 1, 8)).Softmax(1);
            id = probabilities.Multinomial(1, random, replacement: true).Item();
            context = [.. context[1..], id];
            names[i] += characters[id];
        }
        while (id != 0);
    }

    layers.Train();
    return names;
}

Tensor Logits(IndexTensor contexts) => layers.Forward(embedding.Forward(contexts));

Linear Output(int inputs)
{
    Linear output = new(inputs, 27, random: random);
    using var _ = Tensor.NoGrad();
    output.Weight.MulInPlace(0.1f);
    return output;
}

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
