#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// What makes a step fast on this machine: one technique after the other, each in a process of its own, and the loss stays the
// same. Two minutes; with --quick a tiny model, the losses only.

using System.Diagnostics;
using System.Globalization;
using Nabla;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;
using Nabla.Tokenizers;

bool quick = args.Contains("--quick");
string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
GptConfig config = quick
    ? new() { VocabularySize = 1000, ContextLength = 32, LayerCount = 2, HeadCount = 2, Width = 32 }
    : new() { LayerCount = 4, HeadCount = 3, Width = 192 };
int padded = (config.VocabularySize + 127) / 128 * 128;

// 1. The rungs: what each has of the techniques, and the switch of .NET that takes vector instructions away.
Form plain = new();
Form gelu = plain with { Gelu = true };
Form attention = gelu with { Attention = true };
Form head = attention with { Head = true };
Form update = head with { Update = true };
Rung[] rungs =
[
    new("as the formulas have it", 1, plain, "DOTNET_EnableHWIntrinsic"),
    new("vectors of 4 numbers", 1, plain, "DOTNET_EnableAVX2"),
    new("vectors of 8, multiply-add", 1, plain, "DOTNET_EnableAVX512"),
    new("vectors of 16", 1, plain),
    new("four threads", 4, plain),
    new("GELU in one operation", 4, gelu),
    new("attention without T x T", 4, attention),
    new("head and loss in one", 4, head),
    new("AdamW in one pass", 4, update),
    new("vocabulary padded", 4, update with { Padded = true }),
];

// 2. A process of its own for each, since the switch is read when a process starts.
int own = Array.IndexOf(args, "--rung");
if (own >= 0)
{
    (float loss, double seconds) = await Measure(rungs[int.Parse(args[own + 1], CultureInfo.InvariantCulture)]);
    Console.WriteLine(FormattableString.Invariant($"{loss} {seconds} {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6}"));
    return;
}

int tokens = config.ContextLength;
Console.WriteLine($"{config.Describe()}, vocabulary {config.VocabularySize}, steps of {tokens} tokens");
Console.WriteLine(quick ? $"{"",-27} {"loss",7}" : $"{"",-27} {"loss",7} {"ms a step",10} {"tokens/s",9} {"gain",6} {"memory",8}");
List<double> speeds = [];
foreach (var (i, rung) in rungs.Index())
{
    if (quick)
    {
        Console.WriteLine($"{rung.Name,-27} {(await Measure(rung)).Loss,7:F3}");
        continue;
    }

    (float loss, double seconds, double megabytes) = MeasureApart(i);
    speeds.Add(tokens / seconds);
    string gain = i == 0 ? "" : $"{speeds[i] / speeds[i - 1]:F2}";
    Console.WriteLine($"{rung.Name,-27} {loss,7:F4} {1000 * seconds,10:N0} {speeds[i],9:N0} {gain,6} {megabytes,5:N0} MB");
}

if (!quick)
{
    Console.WriteLine($"from the first to the last: {speeds[^1] / speeds[0]:N0}");
    Chart chart = new("tokens a second, rung by rung", width: 760, height: 420)
    {
        X = { Label = "tokens a second", Logarithmic = true, Minimum = 60, Maximum = 20_000 },
        Y = { Label = "rung", Minimum = -0.5, Maximum = rungs.Length - 0.5 },
    };
    chart.Line(speeds, Enumerable.Range(0, rungs.Length));
    chart.Scatter(speeds, Enumerable.Range(0, rungs.Length));
    foreach (var (i, rung) in rungs.Index())
    {
        chart.Text(1.15 * speeds[i], i, rung.Name);
    }

    chart.Save(Path.Combine(figures, "ladder.svg"));
}

// 3. Numbers of fewer bits, which a GPU multiplies up to sixteen times as fast: what they keep. The .NET of today has no such
// multiplication for a processor, so here they are only looked at.
Console.WriteLine();
Console.WriteLine($"{"",-9} {"1 + 1/128",10} {"1 + 1/256",10} {"1 + 1/1024",11} {"1 + 1/2048",11} {"65520",9} {"1e38",9}");
foreach (var (name, bits) in ((string, int)[])[("float32", 23), ("TF32", 10), ("bfloat16", 7), ("float16", -1)])
{
    float Kept(float x) => bits < 0 ? (float)(Half)x : Rounded(x, bits);
    string sums = $"{Kept(1 + (1f / 128)),10:F7} {Kept(1 + (1f / 256)),10:F7} {Kept(1 + (1f / 1024)),11:F8} {Kept(1 + (1f / 2048)),11:F8}";
    Console.WriteLine($"{name,-9} {sums} {Kept(65520),9:0} {Kept(1e38f),9:0.00e0}");
}

// One step to get warm, then steps for four seconds, at least one: the fastest of them, which other programs disturbed least. The
// loss is that of the second step.
async Task<(float Loss, double Seconds)> Measure(Rung rung)
{
    int threads = Compute.ThreadCount;
    Compute.ThreadCount = rung.Threads;
    (int[] x, int[] y) = await Batch();
    Model model = new(config, rung.Form, padded);
    AdamW optimizer = new(model.Parameters(), learningRate: 3e-4f);
    PlainAdamW byHand = new(model.Parameters(), learningRate: 3e-4f);
    List<double> times = [];
    float loss = 0;
    for (int step = 0; step < 2 || (!quick && step < 200 && times.Sum() < 4); step++)
    {
        Stopwatch clock = Stopwatch.StartNew();
        using MemoryScope scope = MemoryScope.Begin();
        model.ZeroGrad();           // before the loss: then the head's gradient is made along with it, and not again later
        Tensor mean = model.Loss(IndexTensor.From(x, 1, -1), IndexTensor.From(y, 1, -1));
        mean.Backward();
        if (rung.Form.Update)
        {
            optimizer.Step();
        }
        else
        {
            byHand.Step();
        }

        loss = step == 1 ? mean.Item() : loss;
        if (step > 0)
        {
            times.Add(clock.Elapsed.TotalSeconds);
        }
    }

    Compute.ThreadCount = threads;
    return (loss, times.Min());
}

(float Loss, double Seconds, double Megabytes) MeasureApart(int rung)
{
    ProcessStartInfo start = new(Environment.ProcessPath!, ["--rung", $"{rung}"]) { RedirectStandardOutput = true };
    if (rungs[rung].Without is string instructions)
    {
        start.Environment[instructions] = "0";
    }

    using Process process = Process.Start(start)!;
    string[] printed = process.StandardOutput.ReadToEnd().Split(' ');
    double[] answer = [.. printed.Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    process.WaitForExit();
    return ((float)answer[0], answer[1], answer[2]);
}

async Task<(int[] X, int[] Y)> Batch()
{
    DatasetStore store = DatasetStore.FromEnvironment();
    string text = await store.ReadAsync(NamedDataset.Find("shakespeare")!);
    ITokenizer tokenizer = await store.LoadTokenizerAsync("gpt2");
    int[] ids = [.. tokenizer.Encode(text[..8000]).Take(config.ContextLength + 1).Select(id => id % config.VocabularySize)];
    return (ids[..^1], ids[1..]);
}

// A number with fewer bits behind the point, rounded to the nearest, of two equally near to the even one.
static float Rounded(float x, int bits)
{
    int drop = 23 - bits;
    uint all = BitConverter.SingleToUInt32Bits(x);
    uint half = drop == 0 ? 0 : (1u << (drop - 1)) - 1 + ((all >> drop) & 1);
    return BitConverter.UInt32BitsToSingle((all + half) >> drop << drop);
}

record Form(bool Gelu = false, bool Attention = false, bool Head = false, bool Update = false, bool Padded = false);

record Rung(string Name, int Threads, Form Form, string? Without = null);

// GPT-2's arithmetic on the weights of the library's model, with each technique on or off.
sealed class Model : Module
{
    private readonly GptConfig _config;
    private readonly Form _form;
    private readonly Dictionary<string, Tensor> _weights = [];

    public Model(GptConfig config, Form form, int padded)
    {
        (_config, _form) = (config, form);
        foreach (var (name, weight) in config.Create(new RandomGenerator(1337)).NamedParameters())
        {
            Tensor own = weight.Detach();
            if (form.Padded && name == "wte.weight")
            {
                own = Tensor.Cat([own, Tensor.Zeros(padded - config.VocabularySize, config.Width)]);
            }

            _weights[name] = AddParameter(name.Replace('.', '_'), own);
        }
    }

    public Tensor Loss(IndexTensor ids, IndexTensor targets)
    {
        Tensor x = _weights["wte.weight"][ids] + _weights["wpe.weight"][..ids.Shape[1]];
        for (int i = 0; i < _config.LayerCount; i++)
        {
            x += Linear(Attend(Linear(Norm(x, $"h.{i}.ln_1"), $"h.{i}.attn.c_attn")), $"h.{i}.attn.c_proj");
            x += Linear(Activate(Linear(Norm(x, $"h.{i}.ln_2"), $"h.{i}.mlp.c_fc")), $"h.{i}.mlp.c_proj");
        }

        x = Norm(x, "ln_f");
        return _form.Head
            ? x.LinearCrossEntropy(_weights["wte.weight"], targets)                     // a block of logits at a time
            : x.Linear(_weights["wte.weight"], null).CrossEntropy(targets);             // all of them, [B, T, V]
    }

    private Tensor Linear(Tensor x, string name) => x.Linear(_weights[$"{name}.weight"], _weights[$"{name}.bias"]);

    private Tensor Norm(Tensor x, string name) => x.LayerNorm(_weights[$"{name}.weight"], _weights[$"{name}.bias"], 1e-5f);

    private Tensor Activate(Tensor x) => _form.Gelu
        ? x.Gelu()
        : 0.5f * x * (1 + (MathF.Sqrt(2 / MathF.PI) * (x + (0.044715f * (x * x * x)))).Tanh());

    private Tensor Attend(Tensor joint)
    {
        if (_form.Attention)
        {
            return joint.CausalSelfAttention(_config.HeadCount);
        }

        int B = joint.Shape[0], T = joint.Shape[1], C = _config.Width, H = _config.HeadCount;
        Tensor[] qkv = joint.View(B, T, 3, H, C / H).Permute(2, 0, 3, 1, 4).Unbind(0);
        Tensor scores = qkv[0].MatMul(qkv[1].Transpose(2, 3)) / MathF.Sqrt(C / H);      // [B, H, T, T]
        Tensor weights = scores.MaskedFill(Tensor.Ones(T, T).Triu(1), float.NegativeInfinity).Softmax(3);
        return weights.MatMul(qkv[2]).Transpose(1, 2).Reshape(B, T, C);
    }
}

// AdamW with an operation for each sign of its formula, tensor by tensor.
sealed class PlainAdamW(IReadOnlyList<Tensor> parameters, float learningRate)
{
    private readonly Tensor[] _m = [.. parameters.Select(parameter => Tensor.ZerosLike(parameter).Keep())];
    private readonly Tensor[] _v = [.. parameters.Select(parameter => Tensor.ZerosLike(parameter).Keep())];
    private int _steps;

    public void Step()
    {
        using var _ = Tensor.NoGrad();
        const float beta1 = 0.9f, beta2 = 0.999f, decay = 0.01f;
        _steps++;
        for (int i = 0; i < parameters.Count; i++)
        {
            using MemoryScope scope = MemoryScope.Begin();
            Tensor p = parameters[i], g = p.Grad!;
            _m[i].CopyInPlace((beta1 * _m[i]) + ((1 - beta1) * g));
            _v[i].CopyInPlace((beta2 * _v[i]) + ((1 - beta2) * (g * g)));
            Tensor mean = _m[i] / (1 - MathF.Pow(beta1, _steps));
            Tensor square = _v[i] / (1 - MathF.Pow(beta2, _steps));
            p.CopyInPlace((p * (1 - (learningRate * decay))) - (learningRate * mean / (square.Sqrt() + 1e-8f)));
        }
    }
}
