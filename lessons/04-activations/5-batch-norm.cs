#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Batch normalisation, written out: if the sums before tanh should have mean 0 and size 1, then make them so.

using Nabla;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(IndexTensor X, IndexTensor Y) = Examples(words[..(words.Length * 8 / 10)]);
(IndexTensor Xdev, IndexTensor Ydev) = Examples(words[(words.Length * 8 / 10)..(words.Length * 9 / 10)]);

RandomGenerator g = new(2147483647);
Tensor C = Tensor.Randn(g, 27, 10);
Tensor W1 = Tensor.Randn(g, 30, 200);                                  // no Kaiming here: see what happens
Tensor b1 = Tensor.Randn(g, 200);
Tensor W2 = Tensor.Randn(g, 200, 27) * 0.01f;
Tensor b2 = Tensor.Zeros(27);
Tensor gain = Tensor.Ones(1, 200);
Tensor bias = Tensor.Zeros(1, 200);
Tensor[] parameters = [C, W1, b1, W2, b2, gain, bias];

// 1. Each neuron by its own mean and standard deviation over the 32 examples of the batch.
IndexTensor ix = IndexTensor.Randint(g, 0, Y.Count, 32);
Tensor before = Sums(X[ix]);
Tensor mean = before.Mean(0, keepDim: true);
Tensor std = before.Std(0, keepDim: true);
Tensor after = gain * (before - mean) / std + bias;
Console.WriteLine($"sums {before.Shape}, mean {mean.Shape}, std {std.Shape}");
Console.WriteLine($"three neurons before: mean {Text(mean[0, ..3])}, std {Text(std[0, ..3])}");
Console.WriteLine($"              after:  mean {Text(after.Mean(0)[..3].Abs())}, std {Text(after.Std(0)[..3])}");
Console.WriteLine($"|h| > 0.99: {(before.Tanh().Abs() > 0.99f).Mean().Item():P0} before, "
    + $"{(after.Tanh().Abs() > 0.99f).Mean().Item():P1} after");
new Panels(
[
    new Chart("tanh of the sums", 330, 240).Histogram(before.Tanh().ToArray()),
    new Chart("tanh of the normalised sums", 330, 240).Histogram(after.Tanh().ToArray()),
], columns: 2).Save(Path.Combine(figures, "normalised.svg"));

// 2. A bias before it is subtracted again by the mean: it gets no gradient.
foreach (Tensor parameter in parameters)
{
    parameter.RequiresGrad = true;
}

Logits(Normalise(Sums(X[ix]))).CrossEntropy(Y[ix]).Backward();
Console.WriteLine();
Console.WriteLine($"largest gradient of b1 below 1E-6: {b1.Grad!.Abs().Max().Item() < 1e-6f}; "
    + $"of the bias behind: {bias.Grad!.Abs().Max().Item():F3}");

// 3. Train, and keep running statistics for later: each step moves them one part in a hundred towards those of the batch.
Tensor runningMean = Tensor.Zeros(1, 200);
Tensor runningStd = Tensor.Ones(1, 200);
for (int step = 0; step < 1000; step++)
{
    using MemoryScope scope = MemoryScope.Begin();
    ix = IndexTensor.Randint(g, 0, Y.Count, 32);
    Tensor sums = Sums(X[ix]);
    using (Tensor.NoGrad())
    {
        runningMean.CopyInPlace(0.99f * runningMean + 0.01f * sums.Mean(0, keepDim: true));
        runningStd.CopyInPlace(0.99f * runningStd + 0.01f * sums.Std(0, keepDim: true));
    }

    foreach (Tensor parameter in parameters)
    {
        parameter.ZeroGrad();
    }

    Logits(Normalise(sums)).CrossEntropy(Y[ix]).Backward();
    using var _ = Tensor.NoGrad();
    foreach (Tensor parameter in parameters)
    {
        parameter.SubInPlace(0.1f * parameter.Grad!);
    }
}

// 4. One example, in three batches. What it gets depends on who else is there.
using var noGrad = Tensor.NoGrad();
Console.WriteLine();
IndexTensor one = X[3..4];                                              // the fourth example
for (int batch = 0; batch < 3; batch++)
{
    IndexTensor others = X[IndexTensor.Randint(g, 0, Y.Count, 31)];
    Tensor logits = Logits(Normalise(Sums(IndexTensor.Cat([one, others]))));
    Console.WriteLine($"the fourth example in batch {batch + 1}: the right answer gets {Right(logits):P1}");
}

Console.WriteLine($"alone, by the statistics of its own batch: {Right(Logits(Normalise(Sums(one)))):P1}");
Console.WriteLine($"alone, by the running statistics:          {Right(Logits(ByRunning(Sums(one)))):P1}");

// 5. The running statistics, beside those of the whole training set at the end.
Tensor all = Sums(X);
Tensor fullMean = all.Mean(0, keepDim: true);
Tensor fullStd = all.Std(0, keepDim: true);
Console.WriteLine();
Console.WriteLine($"three means: running {Text(runningMean[0, ..3])}, of all {Text(fullMean[0, ..3])}");
Console.WriteLine($"three stds:  running {Text(runningStd[0, ..3])}, of all {Text(fullStd[0, ..3])}");
float byRunning = Logits(ByRunning(Sums(Xdev))).CrossEntropy(Ydev).Item();
float byAll = Logits(gain * (Sums(Xdev) - fullMean) / fullStd + bias).CrossEntropy(Ydev).Item();
Console.WriteLine($"dev loss after 1,000 steps: {byRunning:F2} by the running statistics, {byAll:F2} by those of all");

Tensor Sums(IndexTensor contexts) => C[contexts].View(-1, 30).MatMul(W1) + b1;

Tensor Normalise(Tensor sums) => gain * (sums - sums.Mean(0, keepDim: true)) / sums.Std(0, keepDim: true) + bias;

Tensor ByRunning(Tensor sums) => gain * (sums - runningMean) / runningStd + bias;

Tensor Logits(Tensor normalised) => normalised.Tanh().MatMul(W2) + b2;

float Right(Tensor logits) => logits[..1].Softmax(1)[0, Y[3].Item()].Item();

static string Text(Tensor values) => string.Join(", ", values.ToArray().Select(value => $"{value:F1}"));

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
