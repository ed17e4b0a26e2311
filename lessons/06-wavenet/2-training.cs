#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Training the flat network on three characters: a loss curve that one can read, and what happens in the wrong mode.

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
(IndexTensor Xtr, IndexTensor Ytr) = Examples(words[..n1], contextLength: 3);
(IndexTensor Xdev, IndexTensor Ydev) = Examples(words[n1..n2], contextLength: 3);

RandomGenerator random = new(42);
Embedding embedding = new(27, 10, random);
Sequential layers = new(
    new Flatten(), new Linear(30, 200, bias: false, random), new BatchNorm1d(200), new Tanh(), Output(200));

// 1. The steps. The losses are kept, all of them.
int steps = quick ? 2000 : 200_000;
float[] losses = new float[steps];
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
}

// 2. One row for each two hundredth of the training, and the mean of every row.
Tensor rows = Tensor.From(losses).View(-1, steps / 200);
Tensor smooth = rows.Mean(1);
Console.WriteLine($"{losses.Length} losses, as rows {rows.Shape}, their means {smooth.Shape}");
float spread = losses[^(steps / 4)..].Max() - losses[^(steps / 4)..].Min();
Console.WriteLine($"in the last quarter single losses differ by more than 1: {spread > 1}");
if (!quick)
{
    Console.WriteLine($"mean of the ten rows before the rate is lowered {smooth[140..150].Mean().Item():F3}, "
        + $"after it {smooth[150..160].Mean().Item():F3}");
    Chart raw = new("the loss of each minibatch", 480, 320) { X = { Label = "step" }, Y = { Label = "loss" } };
    raw.Line(Enumerable.Range(0, steps / 20).Select(i => 20 * i), Enumerable.Range(0, steps / 20).Select(i => losses[20 * i]));
    Chart smoothed = new("means of 1,000", 480, 320) { X = { Label = "step" }, Y = { Label = "loss" } };
    smoothed.Line(Enumerable.Range(0, 200).Select(row => (row * 1000) + 500), smooth.ToArray());
    smoothed.VerticalLine(150_000, "rate 0.1 to 0.01");
    new Panels([raw, smoothed], columns: 2).Save(Path.Combine(figures, "loss.svg"));
}

// 3. The loss, in evaluation mode: whoever sits in the same batch, an example costs the same.
layers.Eval();
Console.WriteLine();
Console.WriteLine($"train {Loss(Xtr, Ytr, 4096).ToString(format)}, dev {Loss(Xdev, Ydev, 4096).ToString(format)}");
Console.WriteLine($"2,048 of dev in batches of 2: {Loss(Xdev, Ydev, 2, most: 2048).ToString(format)}, "
    + $"at once: {Loss(Xdev, Ydev, 2048, most: 2048).ToString(format)}");

// 4. The same with Eval() forgotten: no error, another number each time. And asking has changed the network.
layers.Train();
foreach (int size in (int[])[2048, 32, 4, 2])
{
    string wrong = Loss(Xdev, Ydev, size, most: 2048).ToString(quick ? "F2" : "F3");
    Console.WriteLine($"in training mode, in batches of {size,4}: {wrong}");
}

layers.Eval();
Console.WriteLine($"back in evaluation mode: {Loss(Xdev, Ydev, 2048, most: 2048).ToString(quick ? "F2" : "F3")}");

// 5. In training mode a name cannot be drawn: one context is a batch of one, and one number has no variance.
Console.WriteLine();
layers.Train();
Console.WriteLine($"the variance of the number 5, alone: {Tensor.From([5f]).Var(0, unbiased: true).Item()}");
try
{
    Logits(IndexTensor.Zeros(1, 3));
}
catch (ShapeException exception)
{
    Console.WriteLine(exception.Message);
}

Tensor twice = Logits(IndexTensor.From([0, 0, 0, 0, 0, 0], 2, 3)).Softmax(1);
Tensor other = Logits(IndexTensor.From([17, 17, 17, 17, 17, 17], 2, 3)).Softmax(1);
Console.WriteLine($"... twice, and qqq twice; the answers are the same: {twice.AllClose(other, atol: 1e-4f)}");

Tensor Logits(IndexTensor contexts) => layers.Forward(embedding.Forward(contexts));

Linear Output(int inputs)
{
    Linear output = new(inputs, 27, random: random);
    using var _ = Tensor.NoGrad();
    output.Weight.MulInPlace(0.1f);
    return output;
}

float Loss(IndexTensor X, IndexTensor Y, int size, int most = int.MaxValue)
{
    using var _ = Tensor.NoGrad();
    int count = Math.Min(Y.Count, most);
    double sum = 0;
    for (int start = 0; start < count; start += size)
    {
        using MemoryScope scope = MemoryScope.Begin();
        int end = Math.Min(start + size, count);
        sum += Logits(X[start..end]).CrossEntropy(Y[start..end]).Item() * (end - start);
    }

    return (float)(sum / count);
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
