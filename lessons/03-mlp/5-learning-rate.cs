#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Steps on 32 examples drawn for each, in place of all 228,146. And how far to step: the rate that works, found in one run.

using Nabla;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const string characters = ".abcdefghijklmnopqrstuvwxyz";
bool quick = args.Contains("--quick");
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
(IndexTensor X, IndexTensor Y) = Examples(words);
Console.WriteLine($"{Y.Count} examples");

// 1. Contexts and labels are drawn together: the same 32 places of both.
RandomGenerator random = new(1);
IndexTensor ix = IndexTensor.Randint(random, 0, Y.Count, 32);
try
{
    new Network().Logits(X[ix]).CrossEntropy(Y);
}
catch (ShapeException exception)
{
    Console.WriteLine(exception.Message);
}

// 2. The loss of 32 examples is a guess at the loss of all.
Network network = new();
float[] guesses = [.. Enumerable.Range(0, 1000).Select(_ => Loss(network, IndexTensor.Randint(random, 0, Y.Count, 32)))];
Console.WriteLine($"untrained: all cost {LossOfAll(network):F2}; 1000 minibatches {guesses.Min():F1} to {guesses.Max():F1}, "
    + $"{guesses.Average():F1} in the mean");

// 3. What is better, few exact steps or many rough ones?
Console.WriteLine();
Network exact = new();
for (int step = 0; step < (quick ? 1 : 10); step++)
{
    Step(exact, X, Y, 0.1f);
}

Network rough = new();
float[] noisy = Train(rough, Enumerable.Repeat(0.1f, quick ? 100 : 1000));
Console.WriteLine(quick
    ? $"1 step on all examples: {LossOfAll(exact):F1}; 100 steps on 32 each, 3,200 examples: {LossOfAll(rough):F1}"
    : $"10 steps on all examples, 2,281,460 in sum: {LossOfAll(exact):F1}; "
        + $"1000 steps on 32 each, 32,000 in sum: {LossOfAll(rough):F1}");

// 4. Five rates, a hundred steps each, from the same beginning.
Console.WriteLine();
Console.WriteLine("rate    first ten steps   last ten of a hundred");
Chart probes = new("A hundred steps with five learning rates")
{
    X = { Label = "step" },
    Y = { Label = "loss on the minibatch", Logarithmic = true },
};
float[] rates = quick ? [0.001f, 0.01f, 0.1f] : [0.001f, 0.01f, 0.1f, 1, 10];
foreach (float rate in rates)
{
    float[] losses = Train(new Network(), Enumerable.Repeat(rate, 100));
    Console.WriteLine($"{rate,-7} {losses[..10].Average(),15:F0} {losses[^10..].Average(),23:F0}");
    probes.Line(losses, name: $"rate {rate}");
}

// 5. All rates in one run: each step has its own, from a thousandth to 1. The exponents are evenly spaced, not the rates.
Console.WriteLine();
float[] exponents = Tensor.Linspace(-3, 0, 1000).ToArray();
float[] found = Train(new Network(), exponents.Select(exponent => MathF.Pow(10, exponent)));
double[] smooth = [.. Enumerable.Range(25, 950).Select(i => found[(i - 25)..(i + 26)].Average(loss => (double)loss))];
float best = exponents[25 + Array.IndexOf(smooth, smooth.Min())];
Console.WriteLine($"{exponents.Length} rates from {MathF.Pow(10, exponents[0]):F3} to {MathF.Pow(10, exponents[^1]):F0}; "
    + $"the mean loss of 51 steps is lowest at 10^{best:F1}");

// After hundreds of steps at high rates the last bits of the arithmetic show: these are drawn by the full form only.
if (!quick)
{
    probes.Save(Path.Combine(figures, "rates.svg"));
    Chart finder = new("A thousand steps, each with a higher rate than the last")
    {
        X = { Label = "exponent e of the rate 10^e" },
        Y = { Label = "loss on the minibatch", Maximum = 20 },
    };
    finder.Line(exponents, found, name: "each step");
    finder.Line(exponents[25..975], smooth, name: "mean of 51 steps");
    finder.Save(Path.Combine(figures, "finder.svg"));
}

float[] Train(Network network, IEnumerable<float> rates)
{
    RandomGenerator random = new(2147483647);
    List<float> losses = [];
    foreach (float rate in rates)
    {
        IndexTensor ix = IndexTensor.Randint(random, 0, Y.Count, 32);
        losses.Add(Step(network, X[ix], Y[ix], rate));
    }

    return [.. losses];
}

float Loss(Network network, IndexTensor ix) => network.Logits(X[ix]).CrossEntropy(Y[ix]).Item();

float LossOfAll(Network network)
{
    using MemoryScope scope = MemoryScope.Begin();
    using var _ = Tensor.NoGrad();
    return network.Logits(X).CrossEntropy(Y).Item();
}

static float Step(Network network, IndexTensor contexts, IndexTensor labels, float rate)
{
    using MemoryScope scope = MemoryScope.Begin();
    Tensor loss = network.Logits(contexts).CrossEntropy(labels);
    foreach (Tensor parameter in network.Parameters)
    {
        parameter.ZeroGrad();
    }

    loss.Backward();
    using var _ = Tensor.NoGrad();
    foreach (Tensor parameter in network.Parameters)
    {
        parameter.SubInPlace(rate * parameter.Grad!);
    }

    return loss.Item();
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
            int label = characters.IndexOf(character);
            contexts.AddRange(context);
            labels.Add(label);
            context = [.. context[1..], label];
        }
    }

    return (IndexTensor.From([.. contexts], labels.Count, 3), IndexTensor.From([.. labels]));
}

// The network of the last program, with the same numbers to begin with every time.
class Network
{
    private readonly Tensor _c, _w1, _b1, _w2, _b2;

    public Network()
    {
        RandomGenerator g = new(2147483647);
        _c = Tensor.Randn(g, 27, 2);
        _w1 = Tensor.Randn(g, 6, 100);
        _b1 = Tensor.Randn(g, 100);
        _w2 = Tensor.Randn(g, 100, 27);
        _b2 = Tensor.Randn(g, 27);
        foreach (Tensor parameter in Parameters)
        {
            parameter.RequiresGrad = true;
        }
    }

    public Tensor[] Parameters => [_c, _w1, _b1, _w2, _b2];

    public Tensor Logits(IndexTensor contexts)
    {
        Tensor h = (_c[contexts].View(-1, 6).MatMul(_w1) + _b1).Tanh();
        return h.MatMul(_w2) + _b2;
    }
}
