#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Exercise 4, solved: the whole network trained with gradients by hand, without Backward. Trains for some minutes; with --quick
// for some seconds.

using Nabla;
using Nabla.Autograd;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const string characters = ".abcdefghijklmnopqrstuvwxyz";
const int n = 32;
const int hidden = 200;

// 1. The names, shuffled and split.
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(int first, int second) = (words.Length * 8 / 10, words.Length * 9 / 10);
(IndexTensor contexts, IndexTensor labels) = Examples(words[..first]);
(IndexTensor devContexts, IndexTensor devLabels) = Examples(words[first..second]);

// 2. The parameters, and the minibatches that are drawn after them from the same stream.
RandomGenerator random = new();
Tensor C = null!, W1 = null!, b1 = null!, W2 = null!, b2 = null!, bngain = null!, bnbias = null!;
Tensor[] parameters = [];
Begin();
Console.WriteLine($"{parameters.Sum(parameter => parameter.Count)} parameters");

// 3. Are the gradients right? At the start, and after a hundred steps with them.
bool quick = args.Contains("--quick");
string[] names = ["C", "W1", "b1", "W2", "b2", "bngain", "bnbias"];
int right = Check();
if (right < parameters.Length)
{
    Console.WriteLine($"{right} of {parameters.Length} right: training waits for the others");
    return;
}

Train(100, ByHand);
Console.WriteLine("after 100 steps");
Check();

// 4. The same short training twice: by hand, and by Backward.
int few = quick ? 300 : 1000;
Begin();
Train(few, ByHand);
float trainedByHand = Loss(devContexts, devLabels);
Begin();
Train(few, Automatic);
float trainedByBackward = Loss(devContexts, devLabels);
Console.WriteLine($"loss on unseen names after {few} steps: by hand {trainedByHand:F3}, by Backward {trainedByBackward:F3}");

// 5. The long training, by hand.
int steps = quick ? 500 : 200_000;
Begin();
List<float> losses = Train(steps, ByHand);
(float seen, float unseen) = (Loss(contexts, labels), Loss(devContexts, devLabels));
Console.WriteLine($"after {steps} steps by hand: {seen:F2} on the names trained on, {unseen:F2} on unseen ones");
if (!quick)
{
    Chart chart = new("Trained without Backward")
    {
        X = { Label = "step" },
        Y = { Label = "loss, mean of 1,000 steps", Minimum = 2, Maximum = 2.4 },
    };
    chart.Line(Enumerable.Range(1, 200).Select(k => k * 1000), losses.Chunk(1000).Select(chunk => chunk.Average()));
    chart.Save(Path.Combine(figures, "training.svg"));
}

// 6. New names.
using (Tensor.NoGrad())
{
    (Tensor mean, Tensor variance) = Calibrate();
    RandomGenerator drawing = new(2147483657);
    for (int name = 0; name < (quick ? 5 : 20); name++)
    {
        int[] context = [0, 0, 0];
        string drawn = "";
        do
        {
            Tensor probabilities = Logits(IndexTensor.From(context, 1, 3), mean, variance).Softmax(1);
            int next = probabilities[0].Multinomial(1, drawing, replacement: true).Item();
            drawn += characters[next];
            context = [context[1], context[2], next];
        }
        while (context[2] != 0);

        Console.WriteLine(drawn);
    }
}

// Compares the seven gradients for one minibatch. The last bits of a sum depend on the order in which it was added up, and are
// worth some 1e-8 here. (That order depends on the machine as well, so --quick leaves the digits out.)
int Check()
{
    (IndexTensor x, IndexTensor y) = Draw();
    Tensor[] byHand = ByHand(x, y).Gradients;
    Automatic(x, y);
    int right = 0;
    for (int i = 0; i < parameters.Length; i++)
    {
        var comparison = GradientComparison.Compare(names[i], byHand[i], parameters[i], atol: 5e-8f);
        right += comparison.IsApproximate ? 1 : 0;
        string verdict = comparison.IsApproximate ? "right" : byHand[i].ToArray().Any(float.IsNaN) ? "not yet" : "wrong";
        Console.WriteLine(quick ? $"{names[i],-14} | {verdict}" : $"{comparison} | {verdict}");
    }

    return right;
}

// Forward, and back by hand: the gradients in the order of the parameters. NoGrad, since nobody is to take notes.
(Tensor Loss, Tensor[] Gradients) ByHand(IndexTensor x, IndexTensor y)
{
    using var noGrad = Tensor.NoGrad();
    Tensor emb = C[x];                                                      // [32, 3, 10]
    Tensor embcat = emb.View(n, 30);                                        // [32, 30]
    Tensor hprebn = embcat.MatMul(W1) + b1;                                 // [32, 200]
    Tensor bnvarInv = (hprebn.Var(0, keepDim: true) + 1e-5f).Pow(-0.5f);    // [1, 200]
    Tensor bnraw = (hprebn - hprebn.Mean(0, keepDim: true)) * bnvarInv;     // [32, 200]
    Tensor h = ((bngain * bnraw) + bnbias).Tanh();                          // [32, 200]
    Tensor logits = h.MatMul(W2) + b2;                                      // [32, 27]

    // The loss.
    Tensor dlogits = (logits.Softmax(1) - Tensor.OneHot(y, 27)) / n;

    // The second layer.
    Tensor dh = dlogits.MatMul(W2.Transpose(0, 1));
    Tensor dW2 = h.Transpose(0, 1).MatMul(dlogits);
    Tensor db2 = dlogits.Sum(0);

    // Tanh.
    Tensor dhpreact = (1 - h.Pow(2)) * dh;

    // Batch norm.
    Tensor dbngain = (bnraw * dhpreact).Sum(0, keepDim: true);
    Tensor dbnbias = dhpreact.Sum(0, keepDim: true);
    Tensor dhprebn = bngain * bnvarInv / n * ((n * dhpreact) - dbnbias - ((float)n / (n - 1) * bnraw * dbngain));

    // The first layer.
    Tensor dembcat = dhprebn.MatMul(W1.Transpose(0, 1));
    Tensor dW1 = embcat.Transpose(0, 1).MatMul(dhprebn);
    Tensor db1 = dhprebn.Sum(0);

    // The table of embeddings: the two loops of exercise 1 in one call.
    Tensor dC = Tensor.ZerosLike(C).IndexAdd(0, x.View(n * 3), dembcat.View(n * 3, 10));

    return (logits.CrossEntropy(y), [dC, dW1, db1, dW2, db2, dbngain, dbnbias]);
}

// The same by Backward.
(Tensor Loss, Tensor[] Gradients) Automatic(IndexTensor x, IndexTensor y)
{
    Tensor hprebn = C[x].View(n, 30).MatMul(W1) + b1;
    Tensor bnraw = (hprebn - hprebn.Mean(0, keepDim: true)) * (hprebn.Var(0, keepDim: true) + 1e-5f).Pow(-0.5f);
    Tensor loss = (((bngain * bnraw) + bnbias).Tanh().MatMul(W2) + b2).CrossEntropy(y);
    foreach (Tensor parameter in parameters)
    {
        parameter.ZeroGrad();
    }

    loss.Backward();
    return (loss, [.. parameters.Select(parameter => parameter.Grad!)]);
}

// Draws all parameters anew, the same ones each time.
void Begin()
{
    random = new RandomGenerator(2147483647);
    C = Tensor.Randn(random, 27, 10);
    W1 = Tensor.Randn(random, 30, hidden) * (5 / 3f / MathF.Sqrt(30));
    b1 = Tensor.Randn(random, hidden) * 0.1f;
    W2 = Tensor.Randn(random, hidden, 27) * 0.1f;
    b2 = Tensor.Randn(random, 27) * 0.1f;
    bngain = (Tensor.Randn(random, 1, hidden) * 0.1f) + 1;
    bnbias = Tensor.Randn(random, 1, hidden) * 0.1f;
    parameters = [C, W1, b1, W2, b2, bngain, bnbias];
    foreach (Tensor parameter in parameters)
    {
        parameter.RequiresGrad = true;
    }
}

(IndexTensor X, IndexTensor Y) Draw()
{
    IndexTensor ids = IndexTensor.Randint(random, 0, labels.Count, n);
    return (contexts[ids], labels[ids]);
}

// Steps against the gradients, wherever they come from: 0.1 of them, and 0.01 after the first 100,000 steps.
List<float> Train(int steps, Func<IndexTensor, IndexTensor, (Tensor Loss, Tensor[] Gradients)> gradientsOf)
{
    List<float> losses = [];
    for (int step = 0; step < steps; step++)
    {
        using MemoryScope scope = MemoryScope.Begin();
        (IndexTensor x, IndexTensor y) = Draw();
        (Tensor loss, Tensor[] gradients) = gradientsOf(x, y);
        losses.Add(loss.Item());
        using var noGrad = Tensor.NoGrad();
        float rate = step < 100_000 ? 0.1f : 0.01f;
        foreach ((Tensor parameter, Tensor gradient) in parameters.Zip(gradients))
        {
            parameter.SubInPlace(rate * gradient);
        }
    }

    return losses;
}

// Mean and variance of each column over all names trained on. A minibatch has its own; a single name to be continued has none.
(Tensor Mean, Tensor Variance) Calibrate()
{
    Tensor hprebn = C[contexts].View(-1, 30).MatMul(W1) + b1;
    return (hprebn.Mean(0, keepDim: true), hprebn.Var(0, keepDim: true));
}

Tensor Logits(IndexTensor x, Tensor mean, Tensor variance)
{
    Tensor bnraw = (C[x].View(-1, 30).MatMul(W1) + b1 - mean) * (variance + 1e-5f).Pow(-0.5f);
    return ((bngain * bnraw) + bnbias).Tanh().MatMul(W2) + b2;
}

float Loss(IndexTensor x, IndexTensor y)
{
    using var noGrad = Tensor.NoGrad();
    using MemoryScope scope = MemoryScope.Begin();
    (Tensor mean, Tensor variance) = Calibrate();
    return Logits(x, mean, variance).CrossEntropy(y).Item();
}

static (IndexTensor Contexts, IndexTensor Labels) Examples(string[] words)
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
            context = [context[1], context[2], label];
        }
    }

    return (IndexTensor.From([.. contexts], labels.Count, 3), IndexTensor.From([.. labels]));
}
