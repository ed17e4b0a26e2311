#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Batch norm on [B, T, C]: the one that was written for [N, C] runs too, and is wrong.

using Nabla;
using Nabla.Language.Data;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const string characters = ".abcdefghijklmnopqrstuvwxyz";
bool quick = args.Contains("--quick");
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(int n1, int n2) = (words.Length * 8 / 10, words.Length * 9 / 10);
(IndexTensor Xtr, IndexTensor Ytr) = Examples(words[..n1], contextLength: 8);
(IndexTensor Xdev, IndexTensor Ydev) = Examples(words[n1..n2], contextLength: 8);

// 1. What reaches the first batch norm of the tree: 32 examples, four pairs each, 68 channels.
RandomGenerator random = new(42);
Embedding embedding = new(27, 10, random);
Sequential pairs = new(new FlattenConsecutive(2), new Linear(20, 68, bias: false, random));
Tensor x = Pairs(IndexTensor.Randint(random, 0, Ytr.Count, 32));
Console.WriteLine($"into the batch norm: {x.Shape}");
Console.WriteLine($"mean over dimension 0: {x.Mean(0, keepDim: true).Shape}, each of {32} numbers");
Console.WriteLine($"mean over dimensions 0 and 1: {x.Mean([0, 1], keepDim: true).Shape}, each of {32 * 4} numbers");

// 2. Both settle on 1,000 batches, without any training.
PositionNorm wrong = new(68);
BatchNorm1d right = new(68);
double wrongSpread = 0;
double rightSpread = 0;
Tensor center = Pairs(IndexTensor.Arange(20_000)).Mean(0, keepDim: true).Keep();
for (int i = 0; i < 1000; i++)
{
    using MemoryScope scope = MemoryScope.Begin();
    using var _ = Tensor.NoGrad();
    Tensor batch = Pairs(IndexTensor.Randint(random, 0, Ytr.Count, 32));
    wrong.Forward(batch);
    right.Forward(batch);
    wrongSpread += (batch - center).Mean(0).Square().Mean().Item() / 1000;
    rightSpread += (batch - center).Mean([0, 1]).Square().Mean().Item() / 1000;
}

Console.WriteLine($"the running mean of the wrong one is {wrong.RunningMean.Shape}, of the right one {right.RunningMean.Shape}");
Console.WriteLine($"from batch to batch a mean jumps by {Math.Sqrt(wrongSpread):F2} for one place, "
    + $"by {Math.Sqrt(rightSpread):F2} for all four together");

// 3. The pair "an" at all four places.
wrong.Eval();
right.Eval();
IndexTensor four = IndexTensor.From([.. "anananan".Select(character => characters.IndexOf(character))], 1, 8);
Tensor an = pairs.Forward(embedding.Forward(four));
Console.WriteLine();
Console.WriteLine("one channel of the pair an, at places 1 to 4");
Console.WriteLine($"  after the product       {Row(an)}");
Console.WriteLine($"  after the right norm    {Row(right.Forward(an))}");
Console.WriteLine($"  after the wrong norm    {Row(wrong.Forward(an))}");

Tensor byPlace = wrong.RunningMean[0];
Tensor means = Tensor.Cat([byPlace, right.RunningMean.View(1, 68)]);
new HeatMap(5, 34, (row, column) => means[row, column].Item(), "Running means of the first 34 channels")
{
    RowLabels = ["place 1", "place 2", "place 3", "place 4", "all four"],
    Diverging = true,
    CellSize = 18,
}.Save(Path.Combine(figures, "statistics.svg"));

// 4. Does it matter? The same tree with the one and with the other.
Console.WriteLine();
int steps = quick ? 600 : 200_000;
string format = quick ? "F1" : "F3";
float[] mistaken = Train("wrong", width => new PositionNorm(width));
float[] mended = Train("right", width => new BatchNorm1d(width));
if (!quick)
{
    IEnumerable<int> at = Enumerable.Range(0, 200).Select(row => (row * 1000) + 500);
    new Chart("Training loss of the tree, means of 1,000 steps") { X = { Label = "step" }, Y = { Label = "loss", Maximum = 2.4 } }
        .Line(at, mistaken, name: "statistics for each place")
        .Line(at, mended, name: "statistics over all places")
        .Save(Path.Combine(figures, "batch-norm.svg"));
}

Tensor Pairs(IndexTensor ids) => pairs.Forward(embedding.Forward(Xtr[ids])).Detach();

static string Row(Tensor values)
    => string.Join("  ", Enumerable.Range(0, 4).Select(place => $"{values[0, place, 20].Item(),5:F2}"));

float[] Train(string name, Func<int, Layer> norm)
{
    RandomGenerator random = new(42);
    Embedding embedding = new(27, 10, random);
    Sequential layers = new(
        new FlattenConsecutive(2), new Linear(20, 68, bias: false, random), norm(68), new Tanh(),
        new FlattenConsecutive(2), new Linear(136, 68, bias: false, random), norm(68), new Tanh(),
        new FlattenConsecutive(2), new Linear(136, 68, bias: false, random), norm(68), new Tanh(),
        Output(68, random));
    Sgd sgd = new([.. embedding.Parameters(), .. layers.Parameters()], learningRate: 0.1f);
    float[] losses = new float[steps];
    for (int step = 0; step < steps; step++)
    {
        using MemoryScope scope = MemoryScope.Begin();
        sgd.Groups[0].LearningRate = step < steps * 3 / 4 ? 0.1f : 0.01f;
        IndexTensor ix = IndexTensor.Randint(random, 0, Ytr.Count, 32);
        Tensor loss = layers.Forward(embedding.Forward(Xtr[ix])).CrossEntropy(Ytr[ix]);
        sgd.ZeroGrad();
        loss.Backward();
        sgd.Step();
        losses[step] = loss.Item();
    }

    layers.Eval();
    float train = Loss(embedding, layers, Xtr, Ytr);
    float dev = Loss(embedding, layers, Xdev, Ydev);
    Console.WriteLine($"{name}: {embedding.ParameterCount + layers.ParameterCount} parameters, "
        + $"train {train.ToString(format)}, dev {dev.ToString(format)}");
    return Tensor.From(losses).View(200, -1).Mean(1).ToArray();
}

static Linear Output(int inputs, RandomGenerator random)
{
    Linear output = new(inputs, 27, random: random);
    using var _ = Tensor.NoGrad();
    output.Weight.MulInPlace(0.1f);
    return output;
}

static float Loss(Embedding embedding, Sequential layers, IndexTensor X, IndexTensor Y)
{
    using var _ = Tensor.NoGrad();
    double sum = 0;
    for (int start = 0; start < Y.Count; start += 4096)
    {
        using MemoryScope scope = MemoryScope.Begin();
        int end = Math.Min(start + 4096, Y.Count);
        sum += layers.Forward(embedding.Forward(X[start..end])).CrossEntropy(Y[start..end]).Item() * (end - start);
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

// Batch norm as one writes it for [N, C]. On [B, T, C] dimension 0 alone is not all that must be averaged over.
sealed class PositionNorm : Layer
{
    private readonly Tensor _gain;
    private readonly Tensor _shift;
    private Tensor _runningVariance;

    public PositionNorm(int channels)
    {
        _gain = AddParameter("gain", Tensor.Ones(channels));
        _shift = AddParameter("shift", Tensor.Zeros(channels));
        RunningMean = Tensor.Zeros(1, channels);
        _runningVariance = Tensor.Ones(1, channels);
    }

    public Tensor RunningMean { get; private set; }

    public override Tensor Forward(Tensor x)
    {
        Tensor mean = RunningMean;
        Tensor variance = _runningVariance;
        if (IsTraining)
        {
            mean = x.Mean(0, keepDim: true);
            variance = x.Var(0, unbiased: true, keepDim: true);
            using var _ = Tensor.NoGrad();
            RunningMean = ((0.9f * RunningMean) + (0.1f * mean)).Keep();
            _runningVariance = ((0.9f * _runningVariance) + (0.1f * variance)).Keep();
        }

        return ((x - mean) / (variance + 1e-5f).Sqrt() * _gain) + _shift;
    }
}
