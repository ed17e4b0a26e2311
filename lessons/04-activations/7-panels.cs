#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Six layers, built of modules, and four pictures that say how they are: activations, their gradients, the gradients of the
// weights, and how large a step is beside the weights. For a good gain and for a bad one.

using Nabla;
using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(IndexTensor X, IndexTensor Y) = Examples(words[..(words.Length * 8 / 10)]);

// 1. Before the first step, layer by layer, for several gains.
foreach (float gain in (float[])[0.5f, 1, 5 / 3f, 3])
{
    Network network = new(gain);
    network.Backward(X, Y);
    Tanh[] tanhs = [.. network.Layers.OfType<Tanh>()];
    Console.WriteLine($"gain {gain:F2}            {string.Join("  ", Enumerable.Range(1, 5).Select(layer => $"layer {layer}"))}");
    Console.WriteLine($"  activations: std {Row(tanhs.Select(tanh => Std(tanh.Out)), "F3")}");
    Console.WriteLine($"    |t| > 0.97 (%) {Row(tanhs.Select(tanh => 100 * (tanh.Out.Abs() > 0.97f).Mean().Item()), "F1")}");
    Console.WriteLine($"  gradients * 1000 {Row(tanhs.Select(tanh => 1000 * Std(tanh.Out.Grad!)), "F3")}");
}

// 2. How large a step is beside the weights, at four learning rates.
Console.WriteLine();
Console.WriteLine("log10 of update : weight, mean of steps 100 to 200, gain 5/3");
Console.WriteLine("                     1       2       3       4       5       6");
foreach (float rate in (float[])[0.001f, 0.01f, 0.1f, 0.5f])
{
    List<float[]> ratios = new Network(5 / 3f).Train(X, Y, 200, rate);
    IEnumerable<float> means = Enumerable.Range(0, 6).Select(weight => ratios[100..].Average(step => step[weight]));
    Console.WriteLine($"rate {rate,5}       {Row(means, "F1")}");
}

// 3. The four pictures, for three gains; with --quick for one.
Draw(5 / 3f, "good.svg");
if (!args.Contains("--quick"))
{
    Draw(3, "saturated.svg");
    Draw(0.5f, "vanishing.svg");
}

void Draw(float gain, string file)
{
    Network network = new(gain);
    Console.WriteLine();
    Console.WriteLine($"{network.Parameters.Sum(parameter => parameter.Count)} parameters, "
        + $"gain {gain:F2}, first loss {network.Backward(X, Y).Item():F2}");
    Tanh[] tanhs = [.. network.Layers.OfType<Tanh>()];
    Tensor[] weights = network.Weights;
    for (int i = 0; i < 6; i++)
    {
        Tensor gradient = weights[i].Grad!;
        Console.WriteLine($"weight {i + 1} {weights[i].Shape,-10} gradient: std {Std(gradient):E1}, "
            + $"beside the weight's {Std(gradient) / Std(weights[i]):E1}");
    }

    Chart activations = new("Activations", 420, 300) { X = { Label = "output of tanh" }, Y = { Label = "share, %" } };
    Chart gradients = new("Gradients of the activations", 420, 300) { X = { Label = "gradient" } };
    Chart weightGradients = new("Gradients of the weights", 420, 300) { X = { Label = "gradient" } };
    Chart updates = new("Updates beside weights", 420, 300) { X = { Label = "step" }, Y = { Label = "log10(update : weight)" } };
    float widest = 3 * tanhs.Max(tanh => Std(tanh.Out.Grad!));
    float widestWeight = 3 * weights[..5].Max(weight => Std(weight.Grad!));
    for (int i = 0; i < 6; i++)
    {
        if (i < 5)
        {
            Curve(activations, tanhs[i].Out, 1, $"layer {i + 1}");
            Curve(gradients, tanhs[i].Out.Grad!, widest, "");
        }

        Curve(weightGradients, weights[i].Grad!, widestWeight, $"weight {i + 1}");
    }

    List<float[]> ratios = network.Train(X, Y, 500, 0.1f);
    int[] steps = [.. Enumerable.Range(0, 100).Select(i => i * 5)];
    for (int i = 0; i < 6; i++)
    {
        updates.Line(steps, steps.Select(step => ratios[step..(step + 5)].Average(row => row[i])), $"weight {i + 1}");
    }

    updates.HorizontalLine(-3, "-3");
    new Panels([activations, gradients, weightGradients, updates], columns: 2, $"Gain {gain:F2}")
        .Save(Path.Combine(figures, file));
}

// A histogram as a line: 40 bins between -limit and limit, in percent of all values.
void Curve(Chart chart, Tensor values, float limit, string name)
{
    float[] shares = new float[40];
    foreach (float value in values.ToArray())
    {
        int bin = (int)MathF.Floor((value / limit + 1) * 20);
        if (bin is >= 0 and < 40)
        {
            shares[bin] += 100f / values.Count;
        }
    }

    chart.Line(Enumerable.Range(0, 40).Select(bin => ((bin + 0.5) / 20 - 1) * limit), shares, name);
}

static float Std(Tensor values) => values.Std().Item();

static string Row(IEnumerable<float> values, string format)
    => string.Concat(values.Select(value => $"{value.ToString(format),8} "));

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

    public Network(float gain)
    {
        _C = Tensor.Randn(_g, 27, 10);
        int[] sizes = [30, 100, 100, 100, 100, 100, 27];
        for (int i = 0; i < 6; i++)
        {
            Linear linear = new(_g, sizes[i], sizes[i + 1]);
            linear.Weight.MulInPlace(i < 5 ? gain : 0.1f);              // the last one: not too sure of itself
            Layers.Add(linear);
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

    // Forward and backward on 32 examples.
    public Tensor Backward(IndexTensor X, IndexTensor Y)
    {
        IndexTensor ix = IndexTensor.Randint(_g, 0, Y.Count, 32);
        Tensor x = _C[X[ix]].View(-1, 30);
        foreach (Layer layer in Layers)
        {
            x = layer.Forward(x);
            x.RetainGrad();                                             // else only parameters keep their gradient
        }

        foreach (Tensor parameter in Parameters)
        {
            parameter.ZeroGrad();
        }

        Tensor loss = x.CrossEntropy(Y[ix]);
        loss.Backward();
        return loss;
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

class Linear(RandomGenerator g, int inputs, int outputs) : Layer
{
    public Tensor Weight { get; } = Tensor.Randn(g, inputs, outputs) / MathF.Sqrt(inputs);

    public Tensor Bias { get; } = Tensor.Zeros(outputs);

    public override Tensor[] Parameters => [Weight, Bias];

    protected override Tensor Compute(Tensor x) => x.MatMul(Weight) + Bias;
}

class Tanh : Layer
{
    protected override Tensor Compute(Tensor x) => x.Tanh();
}
