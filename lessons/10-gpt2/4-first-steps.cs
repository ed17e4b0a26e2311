#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// The first loss, one batch learnt by heart, and fifty fresh batches: GPT-2 itself, 124 million parameters, in batches of 4 x 32
// tokens. Three minutes and 3 GB; with --quick a tiny model and three steps.

using System.Diagnostics;
using Nabla;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Optim;
using Nabla.Plotting;
using Nabla.Tokenizers;

bool quick = args.Contains("--quick");
string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const int B = 4, T = 32;
int steps = quick ? 3 : 50;

DatasetStore store = DatasetStore.FromEnvironment();
string text = await store.ReadAsync(NamedDataset.Find("shakespeare")!);
ITokenizer tokenizer = await store.LoadTokenizerAsync("gpt2");
int[] tokens = tokenizer.Encode(text[..40_000]);

// 1. What to expect of a model that knows nothing.
Console.WriteLine($"-ln(1/50257) = {Math.Log(50257):F4}");

// 2. The model as the lecture has it at first, and with GPT-2's initialisation and one tensor for both ends (program 5).
GptConfig small = quick ? new() { ContextLength = 64, LayerCount = 2, HeadCount = 2, Width = 32 } : new();
(string Name, GptConfig Config)[] models =
[
    ("two tensors, default start", small with { TieWeights = false, Initialization = GptInitialization.LayerDefault }),
    ("one tensor, GPT-2's start", small),
];
Chart losses = new("50 steps of GPT-2 (124M), batches of 128 tokens", width: 720, height: 380)
{
    X = { Label = "step" },
    Y = { Label = "loss", Minimum = 0 },
};
Chart norms = new("the norm of all gradients, fresh batches", width: 720, height: 260)
{
    X = { Label = "step" },
    Y = { Label = "norm", Logarithmic = true },
};
foreach (var (name, config) in models)
{
    Console.WriteLine(name);
    (float[] one, _) = Train(config, fresh: false);
    (float[] fresh, float[] norm) = Train(config, fresh: true);
    Console.WriteLine($"    first loss {one[0]:F2}; last loss on one batch {Text(one[^1])}, on fresh ones {Text(fresh[^1])}");
    Console.WriteLine($"    norm of the gradients at first {Text(norm[0])}, in the last steps {Text(norm.TakeLast(5).Average())}");
    losses.Line(one, $"one batch, {name}").Line(fresh, $"fresh batches, {name}", dashed: true);
    norms.Line(norm, name);
}

// 3. What the fresh batches taught: which tokens do not occur. Knowing no more than how often each one occurs would come to this.
int[] all = quick ? tokens : tokenizer.Encode(text);
double entropy = all.CountBy(id => id).Select(pair => (double)pair.Value / all.Length).Sum(share => -share * Math.Log(share));
Console.WriteLine($"the loss of the frequencies of all tokens: {entropy:F2}");

if (!quick)
{
    new Panels([losses, norms], columns: 1).Save(Path.Combine(figures, "first-steps.svg"));
}

string Text(float loss) => loss.ToString(quick ? "F1" : "F3");

(float[] Losses, float[] Norms) Train(GptConfig config, bool fresh)
{
    Gpt model = new(config, new RandomGenerator(1337));
    AdamW optimizer = new(model.Parameters(), learningRate: 3e-4f);
    SequentialBatches loader = new(tokens, B, T);
    (int[] x, int[] y) = (new int[B * T], new int[B * T]);
    (float[] losses, float[] norms) = (new float[steps], new float[steps]);
    Stopwatch clock = Stopwatch.StartNew();
    for (int step = 0; step < steps; step++)
    {
        if (fresh || step == 0)
        {
            loader.Next(x, y);
        }

        using MemoryScope scope = MemoryScope.Begin();
        optimizer.ZeroGrad();               // Backward adds: without this line the last step's gradients would still be there
        Tensor loss = model.Loss(IndexTensor.From(x, B, T), IndexTensor.From(y, B, T));
        loss.Backward();
        float norm = GradientClipping.Measure(model.Parameters(), float.PositiveInfinity, out _);
        optimizer.Step();
        losses[step] = loss.Item();
        norms[step] = norm;
    }

    if (!quick)
    {
        Console.WriteLine($"    {(fresh ? "fresh batches" : "one batch")}: {clock.Elapsed.TotalSeconds / steps:F2} s a step");
    }

    return (losses, norms);
}
