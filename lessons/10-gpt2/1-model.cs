#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// GPT-2 written out in less than a hundred lines; its four sizes; its nonlinearity; and the same logits from the library's Gpt.

using Nabla;
using Nabla.Language;
using Nabla.Nn;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

// 1. The model of 124 million parameters, tensor by tensor. Its numbers are not drawn: only names and shapes are looked at.
GptConfig config = new();
Gpt2 gpt2;
using (Initialization.Skip())
{
    gpt2 = new Gpt2(config, new RandomGenerator(0));
}

var parameters = gpt2.NamedParameters();
foreach (var (name, parameter) in parameters)
{
    if (!name.StartsWith("h.", StringComparison.Ordinal) || name.StartsWith("h.0.", StringComparison.Ordinal))
    {
        Console.WriteLine($"{name,-24} {parameter.Shape}");
    }
}

Console.WriteLine($"and h.1 to h.{config.LayerCount - 1} like h.0: {parameters.Count} tensors, {gpt2.ParameterCount:N0} parameters");
Console.WriteLine();

// 2. The four sizes, counted on paper. A block has 12 C^2 weights and 13 C biases, gains and shifts.
(string Name, int Layers, int Heads, int Width)[] sizes =
    [("gpt2", 12, 12, 768), ("gpt2-medium", 24, 16, 1024), ("gpt2-large", 36, 20, 1280), ("gpt2-xl", 48, 25, 1600)];
Console.WriteLine($"{"",-12} {"layers",6} {"heads",6} {"width",6} {"parameters",14} {"head",12} {"share",6}");
foreach (var (name, layers, heads, width) in sizes)
{
    long C = width, V = 50257, T = 1024;
    long head = V * C;
    long total = head + (T * C) + (layers * ((12 * C * C) + (13 * C))) + (2 * C);
    Console.WriteLine($"{name,-12} {layers,6} {heads,6} {width,6} {total,14:N0} {head,12:N0} {100.0 * head / total,4:F0} %");
}

Console.WriteLine();

// 3. GELU: ReLU without its corner, in the form that GPT-2 has, by tanh, and by the error function.
Tensor at = Tensor.From([-3, -1, -0.5f, 0.5f, 1, 2], 6);
Console.WriteLine($"x       {Row(at)}");
Console.WriteLine($"by hand {Row(GeluByHand(at))}");
Console.WriteLine($"tanh    {Row(at.Gelu())}");
Console.WriteLine($"erf     {Row(at.GeluExact())}");
Console.WriteLine($"ReLU    {Row(at.Relu())}");
Tensor x = Tensor.Linspace(-4, 2, 241);
(float[] gelu, float[] geluSlope) = Curve(x, t => t.Gelu());
(float[] relu, float[] reluSlope) = Curve(x, t => t.Relu());
new Panels(
[
    Two("the function", "value", gelu, relu),
    Two("its slope", "slope", geluSlope, reluSlope),
]).Save(Path.Combine(figures, "gelu.svg"));
Console.WriteLine();

// 4. A small one beside the library's, with the same weights: they go by the same names.
GptConfig small = new() { VocabularySize = 300, ContextLength = 16, LayerCount = 3, HeadCount = 4, Width = 32 };
RandomGenerator random = new(1337);
Gpt2 ours = new(small, random);
Gpt library = new(small, random);
Dictionary<string, Tensor> theirs = library.NamedParameters().ToDictionary();
using (Tensor.NoGrad())
{
    foreach (var (name, parameter) in ours.NamedParameters())
    {
        parameter.CopyInPlace(theirs[name]);
    }
}

IndexTensor ids = IndexTensor.Randint(random, 0, 300, 4, 16);
IndexTensor targets = IndexTensor.Randint(random, 0, 300, 4, 16);
(Tensor logits, Tensor? loss) = ours.Forward(ids, targets);
Console.WriteLine($"logits {logits.Shape}, those of the library: {logits.AllClose(library.Forward(ids), 1e-4f, 1e-5f)}");
loss!.Backward();
library.Loss(ids, targets).Backward();
bool sameGradients = ours.NamedParameters().All(pair => pair.Value.Grad!.AllClose(theirs[pair.Key].Grad!, 1e-3f, 1e-6f));
Console.WriteLine($"loss {loss.Item():F4}, ln 300 is {Math.Log(300):F4}; the library's gradients: {sameGradients}");

// 5. No place sees the ones after it: another last token changes the last logits only.
int[] changed = ids.ToArray();
changed[^1] = (changed[^1] + 1) % 300;
Tensor after = ours.Forward(IndexTensor.From(changed, 4, 16)).Logits;
Console.WriteLine($"another last token: logits before it {Change(..^1)}, at it {Change(^1..)}");

// 6. And no more tokens than there are positions.
try
{
    ours.Forward(IndexTensor.Zeros(1, 17));
}
catch (ArgumentException exception)
{
    Console.WriteLine(exception.Message);
}

string Change(Range places) => after[3, places].AllClose(logits[3, places], 0, 0) ? "as they were" : "changed";

static string Row(Tensor x) => string.Join(' ', x.ToArray().Select(value => $"{value,8:F4}"));

static Tensor GeluByHand(Tensor x) => 0.5f * x * (1 + (MathF.Sqrt(2 / MathF.PI) * (x + (0.044715f * x.Pow(3)))).Tanh());

static (float[] Values, float[] Slopes) Curve(Tensor x, Func<Tensor, Tensor> function)
{
    Tensor input = x.Clone();
    input.RequiresGrad = true;
    Tensor y = function(input);
    y.Sum().Backward();
    return (y.ToArray(), input.Grad!.ToArray());
}

Chart Two(string title, string label, float[] gelu, float[] relu)
{
    Chart chart = new(title, width: 400, height: 300) { X = { Label = "x" }, Y = { Label = label } };
    return chart.Line(x.ToArray(), gelu, "GELU").Line(x.ToArray(), relu, "ReLU", dashed: true);
}

sealed class Gpt2 : Module
{
    private readonly Embedding _wte;
    private readonly Embedding _wpe;
    private readonly ModuleList<Block> _h;
    private readonly LayerNorm _lnF;
    private readonly Linear _lmHead;

    public Gpt2(GptConfig config, RandomGenerator random)
    {
        _wte = AddModule("wte", new Embedding(config.VocabularySize, config.Width, random));
        _wpe = AddModule("wpe", new Embedding(config.ContextLength, config.Width, random));
        _h = AddModule("h", new ModuleList<Block>(Enumerable.Range(0, config.LayerCount).Select(_ => new Block(config, random))));
        _lnF = AddModule("ln_f", new LayerNorm(config.Width));
        _lmHead = AddModule("lm_head", new Linear(_wte.Weight));                    // one tensor, used twice
        foreach (var (name, parameter) in NamedParameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                parameter.Detach().FillInPlace(0);
            }
            else if (parameter.Rank == 2)
            {
                bool residual = name.EndsWith("c_proj.weight", StringComparison.Ordinal);
                Initialization.Normal(parameter, 0, residual ? 0.02 / Math.Sqrt(2 * config.LayerCount) : 0.02, random);
            }
        }
    }

    public (Tensor Logits, Tensor? Loss) Forward(IndexTensor ids, IndexTensor? targets = null)
    {
        int T = ids.Shape[1];
        if (T > _wpe.Weight.Shape[0])
        {
            throw new ArgumentException($"{T} tokens are more than the {_wpe.Weight.Shape[0]} positions.");
        }

        Tensor x = _wte.Forward(ids) + _wpe.Forward(IndexTensor.Arange(T));        // [B, T, C] + [T, C]
        foreach (Block block in _h)
        {
            x = block.Forward(x);
        }

        Tensor logits = _lmHead.Forward(_lnF.Forward(x));                           // [B, T, V]
        return (logits, targets is null ? null : logits.CrossEntropy(targets));
    }
}

sealed class Block : Layer
{
    private readonly LayerNorm _ln1;
    private readonly Attention _attn;
    private readonly LayerNorm _ln2;
    private readonly Mlp _mlp;

    public Block(GptConfig config, RandomGenerator random)
    {
        _ln1 = AddModule("ln_1", new LayerNorm(config.Width));
        _attn = AddModule("attn", new Attention(config, random));
        _ln2 = AddModule("ln_2", new LayerNorm(config.Width));
        _mlp = AddModule("mlp", new Mlp(config, random));
    }

    public override Tensor Forward(Tensor x)
    {
        x += _attn.Forward(_ln1.Forward(x));
        return x + _mlp.Forward(_ln2.Forward(x));
    }
}

sealed class Attention : Layer
{
    private readonly Linear _cAttn;
    private readonly Linear _cProj;
    private readonly int _heads;

    public Attention(GptConfig config, RandomGenerator random)
    {
        _cAttn = AddModule("c_attn", new Linear(config.Width, 3 * config.Width, random: random));
        _cProj = AddModule("c_proj", new Linear(config.Width, config.Width, random: random));
        _heads = config.HeadCount;
    }

    public override Tensor Forward(Tensor x)
    {
        int B = x.Shape[0], T = x.Shape[1], C = x.Shape[2], D = C / _heads;
        Tensor[] qkv = _cAttn.Forward(x).View(B, T, 3, _heads, D).Permute(2, 0, 3, 1, 4).Unbind(0);   // three of [B, H, T, D]
        Tensor scores = qkv[0].MatMul(qkv[1].Transpose(2, 3)) / MathF.Sqrt(D);                        // [B, H, T, T]
        Tensor weights = scores.MaskedFill(Tensor.Ones(T, T).Triu(1), float.NegativeInfinity).Softmax(3);
        Tensor heads = weights.MatMul(qkv[2]);                                                        // [B, H, T, D]
        return _cProj.Forward(heads.Transpose(1, 2).Reshape(B, T, C));
    }
}

sealed class Mlp : Layer
{
    private readonly Linear _cFc;
    private readonly Linear _cProj;

    public Mlp(GptConfig config, RandomGenerator random)
    {
        _cFc = AddModule("c_fc", new Linear(config.Width, 4 * config.Width, random: random));
        _cProj = AddModule("c_proj", new Linear(4 * config.Width, config.Width, random: random));
    }

    public override Tensor Forward(Tensor x) => _cProj.Forward(_cFc.Forward(x).Gelu());
}
