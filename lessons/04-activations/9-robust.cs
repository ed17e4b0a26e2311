#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// The deep network of program 7, with its weights made too large by mistake, without and with batch normalisation.

using Nabla;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(IndexTensor X, IndexTensor Y) = Examples(words[..(words.Length * 8 / 10)]);

bool quick = args.Contains("--quick");

// 1. The right size of weights for a layer, and the mistake: weights of size 1, the root of the inputs forgotten.
Func<int, float> right = inputs => 5 / 3f / MathF.Sqrt(inputs);
Func<int, float> mistake = inputs => 1;
List<Chart> activations = [];
List<Chart> updates = [];
Try("no batch norm, root forgotten", new Network(mistake, norm: false), 0.1f);
Try("batch norm, right weights", new Network(right, norm: true), 0.1f);
Try("batch norm, root forgotten", new Network(mistake, norm: true), 0.1f);
Try("batch norm, root forgotten, rate 1", new Network(mistake, norm: true), 1);
new Panels([activations[0], activations[2]], columns: 2, "Activations before the first step, weights of size 1")
    .Save(Path.Combine(figures, "robust-activations.svg"));
if (!quick)
{
    new Panels(updates, columns: 2, "How large a step is beside the weights").Save(Path.Combine(figures, "robust-updates.svg"));
}

// 2. Behind batch normalisation a factor of the weights changes nothing that goes forward, and divides the gradient.
Console.WriteLine();
Console.WriteLine("with batch normalisation, third layer");
foreach (float gain in (float[])[0.2f, 1, 5 / 3f, 3])
{
    Network network = new(inputs => gain / MathF.Sqrt(inputs), norm: true);
    network.Backward(X, Y);
    Tensor weight = network.Weights[2];
    float ratio = weight.Grad!.Std().Item() / weight.Std().Item();
    float activation = network.Layers.OfType<Tanh>().ElementAt(2).Out.Std().Item();
    Console.WriteLine($"gain {gain,5:F2}: activations {activation:F2}, gradient : weight {ratio:E1}, "
        + $"times the gain squared {ratio * gain * gain:F4}");
}

void Try(string title, Network network, float rate)
{
    network.Backward(X, Y);
    Tanh[] tanhs = [.. network.Layers.OfType<Tanh>()];
    Console.WriteLine();
    Console.WriteLine(title);
    Console.WriteLine($"  activations: std    {Row(tanhs.Select(tanh => tanh.Out.Std().Item()), "F2")}");
    Console.WriteLine($"  |t| > 0.97 (%)      {Row(tanhs.Select(tanh => 100 * (tanh.Out.Abs() > 0.97f).Mean().Item()), "F0")}");
    Console.WriteLine($"  gradients * 1000    {Row(tanhs.Select(tanh => 1000 * tanh.Out.Grad!.Std().Item()), "F1")}");

    Chart outputs = new(title, 420, 280) { X = { Label = "output of tanh" }, Y = { Label = "share, %" } };
    Chart sizes = new(title, 420, 280)
    {
        X = { Label = "step" },
        Y = { Label = "log10(update : weight), dashed: -3", Minimum = -5, Maximum = 0 },
    };
    activations.Add(outputs);
    updates.Add(sizes);
    for (int i = 0; i < 5; i++)
    {
        Curve(outputs, tanhs[i].Out, $"layer {i + 1}");
    }

    int[] shown = [.. Enumerable.Range(0, quick ? 33 : 100).Select(third => 3 * third)];
    List<float[]> ratios = network.Train(X, Y, quick ? 100 : 300, rate);
    for (int i = 0; i < 6; i++)
    {
        sizes.Line(shown, shown.Select(step => ratios[step][i]), i is 0 or 5 ? $"weight {i + 1}" : "");
    }

    if (!quick)
    {
        IEnumerable<float> means = Enumerable.Range(0, 6).Select(i => ratios[200..].Average(step => step[i]));
        Console.WriteLine($"  log10(update : weight) {Row(means, "F1")}");
    }
    sizes.HorizontalLine(-3);
}

// A histogram as a line: 40 bins between -1 and 1, in percent of all values.
void Curve(Chart chart, Tensor values, string name)
{
    float[] shares = new float[40];
    foreach (float value in values.ToArray())
    {
        shares[Math.Min((int)((value + 1) * 20), 39)] += 100f / values.Count;
    }

    chart.Line(Enumerable.Range(0, 40).Select(bin => (bin + 0.5) / 20 - 1), shares, name);
}

static string Row(IEnumerable<float> values, string format)
    => string.Concat(values.Select(value => $"{value.ToString(format),7} "));

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

class Network
{
    private readonly RandomGenerator _g = new(2147483647);
    private readonly Tensor _C;

    public Network(Func<int, float> size, bool norm)
    {
        _C = Tensor.Randn(_g, 27, 10);
        int[] sizes = [30, 100, 100, 100, 100, 100, 27];
        for (int i = 0; i < 6; i++)
        {
            float last = i == 5 && !norm ? 0.1f : 1;                    // the last layer is not too sure of itself
            Layers.Add(new Linear(_g, sizes[i], sizes[i + 1], size(sizes[i]) * last));
            if (norm)
            {
                BatchNorm1d batchNorm = new(sizes[i + 1]);
                batchNorm.Gamma.MulInPlace(i < 5 ? 1 : 0.1f);           // with batch normalisation it is here
                Layers.Add(batchNorm);
            }

            if (i < 5)
            {
                Layers.Add(new Tanh());
            }
        }

        foreach (Tensor parameter in Parameters)
        {
            parameter.RequiresGrad = true;
        }
    }

    public List<Layer> Layers { get; } = [];

    public Tensor[] Parameters => [_C, .. Layers.SelectMany(layer => layer.Parameters)];

    public Tensor[] Weights => [.. Layers.OfType<Linear>().Select(linear => linear.Weight)];

    public void Backward(IndexTensor X, IndexTensor Y)
    {
        IndexTensor ix = IndexTensor.Randint(_g, 0, Y.Count, 32);
        Tensor x = _C[X[ix]].View(-1, 30);
        foreach (Layer layer in Layers)
        {
            x = layer.Forward(x);
            x.RetainGrad();
        }

        foreach (Tensor parameter in Parameters)
        {
            parameter.ZeroGrad();
        }

        x.CrossEntropy(Y[ix]).Backward();
    }

    // Returns for each step and weight the logarithm of how large the update is beside the weight.
    public List<float[]> Train(IndexTensor X, IndexTensor Y, int steps, float rate)
    {
        List<float[]> ratios = [];
        for (int step = 0; step < steps; step++)
        {
            using MemoryScope scope = MemoryScope.Begin();
            Backward(X, Y);
            using var _ = Tensor.NoGrad();
            foreach (Tensor parameter in Parameters)
            {
                parameter.SubInPlace(rate * parameter.Grad!);
            }

            ratios.Add([.. Weights.Select(weight => MathF.Log10((rate * weight.Grad!).Std().Item() / weight.Std().Item()))]);
        }

        return ratios;
    }
}

// The modules. Each keeps what it returned last in Out, which PyTorch's do not: the panels look at it.
abstract class Layer
{
    public Tensor Out { get; private set; } = Tensor.Zeros(0);

    public virtual Tensor[] Parameters => [];

    public Tensor Forward(Tensor x) => Out = Compute(x);

    protected abstract Tensor Compute(Tensor x);
}

// Without a bias: batch normalisation would subtract it.
class Linear(RandomGenerator g, int inputs, int outputs, float size) : Layer
{
    public Tensor Weight { get; } = Tensor.Randn(g, inputs, outputs) * size;

    public override Tensor[] Parameters => [Weight];

    protected override Tensor Compute(Tensor x) => x.MatMul(Weight);
}

class BatchNorm1d(int width, float epsilon = 1e-5f, float momentum = 0.1f) : Layer
{
    public Tensor Gamma { get; } = Tensor.Ones(width);

    public Tensor Beta { get; } = Tensor.Zeros(width);

    public Tensor RunningMean { get; } = Tensor.Zeros(width);           // buffers: kept and saved, but not trained

    public Tensor RunningVariance { get; } = Tensor.Ones(width);

    public bool IsTraining { get; set; } = true;

    public override Tensor[] Parameters => [Gamma, Beta];

    protected override Tensor Compute(Tensor x)
    {
        Tensor mean = IsTraining ? x.Mean(0) : RunningMean;
        Tensor variance = IsTraining ? x.Var(0) : RunningVariance;
        if (IsTraining)
        {
            using var _ = Tensor.NoGrad();
            RunningMean.CopyInPlace((1 - momentum) * RunningMean + momentum * mean);
            RunningVariance.CopyInPlace((1 - momentum) * RunningVariance + momentum * variance);
        }

        return Gamma * (x - mean) / (variance + epsilon).Sqrt() + Beta;
    }
}

class Tanh : Layer
{
    protected override Tensor Compute(Tensor x) => x.Tanh();
}
