#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// What it is all worth: the network of lesson 3, trained five times. Only its first numbers differ, and in the last there is
// batch normalisation. 200,000 steps each; with --quick 300.

using Nabla;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
bool quick = args.Contains("--quick");
int steps = quick ? 300 : 200_000;
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(IndexTensor X, IndexTensor Y) = Examples(words[..(words.Length * 8 / 10)]);
(IndexTensor Xdev, IndexTensor Ydev) = Examples(words[(words.Length * 8 / 10)..(words.Length * 9 / 10)]);
float kaiming = 5 / 3f / MathF.Sqrt(30);
Chart early = new("The first 10,000 steps", 420, 330) { X = { Label = "step" }, Y = { Label = "loss, mean of 250 steps" } };
Chart late = new("All of them", 420, 330) { X = { Label = "step" }, Y = { Label = "loss, mean of 4,000 steps" } };

Console.WriteLine("                               first    train      dev");
Train("as drawn", w1: 1, b1: 1, w2: 1, b2: 1);
Train("output layer small", w1: 1, b1: 1, w2: 0.01f, b2: 0);
Train("hidden layer small as well", w1: 0.2f, b1: 0.01f, w2: 0.01f, b2: 0);
Train("hidden layer by Kaiming", kaiming, b1: 0.01f, w2: 0.01f, b2: 0);
Train("with batch normalisation", kaiming, b1: null, w2: 0.01f, b2: 0);
if (!quick)
{
    early.Y.Maximum = 4;
    early.Y.Minimum = late.Y.Minimum = 2;
    late.Y.Maximum = 2.7;
    new Panels([early, late], columns: 2).Save(Path.Combine(figures, "ladder.svg"));
}

void Train(string name, float w1, float? b1, float w2, float b2)
{
    RandomGenerator g = new(2147483647);
    Tensor C = Tensor.Randn(g, 27, 10);
    Tensor W1 = Tensor.Randn(g, 30, 200) * w1;
    bool norm = b1 is null;
    Tensor hidden = norm ? Tensor.Zeros(200) : Tensor.Randn(g, 200) * b1!.Value;       // behind the normalisation if there is one
    Tensor W2 = Tensor.Randn(g, 200, 27) * w2;
    Tensor output = Tensor.Randn(g, 27) * b2;
    Tensor gain = Tensor.Ones(200);
    Tensor mean = Tensor.Zeros(200);                                                   // the running statistics
    Tensor std = Tensor.Ones(200);
    Tensor[] parameters = norm ? [C, W1, hidden, W2, output, gain] : [C, W1, hidden, W2, output];
    foreach (Tensor parameter in parameters)
    {
        parameter.RequiresGrad = true;
    }

    List<float> losses = [];
    for (int step = 0; step < steps; step++)
    {
        using MemoryScope scope = MemoryScope.Begin();
        IndexTensor ix = IndexTensor.Randint(g, 0, Y.Count, 32);
        Tensor loss = Logits(X[ix], training: true).CrossEntropy(Y[ix]);
        losses.Add(loss.Item());
        foreach (Tensor parameter in parameters)
        {
            parameter.ZeroGrad();
        }

        loss.Backward();
        using var _ = Tensor.NoGrad();
        foreach (Tensor parameter in parameters)
        {
            parameter.SubInPlace((step < steps / 2 ? 0.1f : 0.01f) * parameter.Grad!);
        }
    }

    string format = quick ? "F1" : "F3";
    Console.WriteLine($"{name,-27} {losses[0],8:F3} {Loss(X, Y).ToString(format),8} {Loss(Xdev, Ydev).ToString(format),8}");
    foreach (var (chart, length, end) in new[] { (early, 250, 10_000), (late, 4000, steps) })
    {
        int[] starts = [.. Enumerable.Range(0, Math.Min(end, steps) / length).Select(block => block * length)];
        IEnumerable<float> means = starts.Select(start => losses[start..(start + length)].Average());
        chart.Line(starts.Select(start => start + length / 2), means, name);
    }

    Tensor Logits(IndexTensor contexts, bool training)
    {
        Tensor sums = C[contexts].View(-1, 30).MatMul(W1);
        if (norm)
        {
            Tensor batchMean = training ? sums.Mean(0) : mean;
            Tensor batchStd = training ? sums.Std(0) : std;
            if (training)
            {
                using var _ = Tensor.NoGrad();
                mean.CopyInPlace(0.999f * mean + 0.001f * batchMean);
                std.CopyInPlace(0.999f * std + 0.001f * batchStd);
            }

            sums = gain * (sums - batchMean) / batchStd;
        }

        return (sums + hidden).Tanh().MatMul(W2) + output;
    }

    float Loss(IndexTensor contexts, IndexTensor labels)
    {
        using var _ = Tensor.NoGrad();
        return Logits(contexts, training: false).CrossEntropy(labels).Item();
    }
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
            int label = ".abcdefghijklmnopqrstuvwxyz".IndexOf(character);
            contexts.AddRange(context);
            labels.Add(label);
            context = [.. context[1..], label];
        }
    }

    return (IndexTensor.From([.. contexts], labels.Count, 3), IndexTensor.From([.. labels]));
}
