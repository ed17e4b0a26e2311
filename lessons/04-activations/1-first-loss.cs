#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// The loss before the first step can be known in advance. Here it is eight times too high, and one line mends it.

using Nabla;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(IndexTensor X, IndexTensor Y) = Examples(words[..(words.Length * 8 / 10)]);

// 1. What the loss must be: 27 characters, and no reason to prefer one.
Console.WriteLine($"to know nothing costs -ln(1/27) = {-Math.Log(1 / 27.0):F4}");

// 2. Four logits, and the right answer is number 2. Only differences between logits count.
Console.WriteLine();
foreach (float[] logits in (float[][])[[0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 5, 0], [0, 5, 0, 0], [0, 50, 0, 0]])
{
    float loss = Tensor.From(logits, 1, 4).CrossEntropy(IndexTensor.From([2])).Item();
    Console.WriteLine($"logits {string.Join(' ', logits.Select(logit => $"{logit,2}"))} cost {loss:F4}");
}

Tensor draws = Tensor.Randn(new RandomGenerator(1), 2000, 4);
IndexTensor twos = IndexTensor.Full(new Shape(2000), 2);
foreach (float scale in (float[])[0.1f, 1, 10, 100])
{
    Console.WriteLine($"random logits of size {scale,5} cost {(draws * scale).CrossEntropy(twos).Item():F2}");
}

// 3. The network of lesson 3, before its first step.
Console.WriteLine();
Network naive = new(w2: 1, b2: 1);
float[] first = naive.Logits(X[..1])[0].ToArray();
Console.WriteLine($"its first logits: {string.Join(' ', first[..8].Select(logit => $"{logit:F1}"))} ...");
float mostSure = naive.Logits(X[..32]).Softmax(1)[0].Max().Item();
Console.WriteLine($"their softmax gives one character {mostSure:P1}, before it has seen a single name");

// 4. The same with a smaller output layer. Each begins from the same random numbers and sees the same minibatch.
Console.WriteLine();
foreach (var (w2, b2) in new[] { (1f, 1f), (0.1f, 0f), (0.01f, 0f), (0f, 0f) })
{
    Console.WriteLine($"W2 * {w2,4}, b2 * {b2}: first loss {new Network(w2, b2).Train(X, Y, 1)[0]:F4}");
}

// 5. A thousand steps of both.
List<float> before = naive.Train(X, Y, 1000);
List<float> after = new Network(w2: 0.01f, b2: 0).Train(X, Y, 1000);
Console.WriteLine();
Console.WriteLine("mean loss of steps     as drawn   W2 * 0.01, b2 * 0");
foreach (var (start, end) in new[] { (0, 10), (90, 100), (190, 200), (490, 500), (900, 1000) })
{
    Console.WriteLine($"{start,12} to {end,4} {before[start..end].Average(),12:F1} {after[start..end].Average(),19:F1}");
}

// Not drawn with --quick: rounding differs between processors, and such a jagged curve shows it after a few hundred steps.
if (!args.Contains("--quick"))
{
    new Chart("The hockey stick, and no hockey stick")
    {
        X = { Label = "step" },
        Y = { Label = "loss on the minibatch", Minimum = 0 },
    }
        .Line(before, name: "as drawn")
        .Line(after, name: "W2 * 0.01, b2 * 0")
        .HorizontalLine(Math.Log(27), "to know nothing")
        .Save(Path.Combine(figures, "hockey-stick.svg"));
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

// The network of lesson 3: ten numbers for each of three characters, 200 hidden neurons, all parameters from one generator.
class Network
{
    private readonly RandomGenerator _g = new(2147483647);
    private readonly Tensor _C, _W1, _b1, _W2, _b2;

    public Network(float w2, float b2)
    {
        _C = Tensor.Randn(_g, 27, 10);
        _W1 = Tensor.Randn(_g, 30, 200);
        _b1 = Tensor.Randn(_g, 200);
        _W2 = Tensor.Randn(_g, 200, 27) * w2;
        _b2 = Tensor.Randn(_g, 27) * b2;
    }

    public Tensor Logits(IndexTensor contexts)
        => (_C[contexts].View(-1, 30).MatMul(_W1) + _b1).Tanh().MatMul(_W2) + _b2;

    public List<float> Train(IndexTensor X, IndexTensor Y, int steps)
    {
        Tensor[] parameters = [_C, _W1, _b1, _W2, _b2];
        List<float> losses = [];
        for (int step = 0; step < steps; step++)
        {
            using MemoryScope scope = MemoryScope.Begin();
            foreach (Tensor parameter in parameters)
            {
                parameter.RequiresGrad = true;
                parameter.ZeroGrad();
            }

            IndexTensor ix = IndexTensor.Randint(_g, 0, Y.Count, 32);
            Tensor loss = Logits(X[ix]).CrossEntropy(Y[ix]);
            losses.Add(loss.Item());
            loss.Backward();
            using var _ = Tensor.NoGrad();
            foreach (Tensor parameter in parameters)
            {
                parameter.SubInPlace(0.1f * parameter.Grad!);
            }
        }

        return losses;
    }
}
