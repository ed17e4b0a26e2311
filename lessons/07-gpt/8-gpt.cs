#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// The whole GPT: 209,729 parameters, trained for 5,000 steps (with --quick 20), asked for text, looked into, and compared with Nabla's.

using Nabla;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

bool quick = args.Contains("--quick");
string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const int batch = 16, context = 32, width = 64, heads = 4, layers = 4;
const float dropout = 0;

string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("shakespeare")!);
char[] characters = [.. text.Distinct().Order()];
int[] Encode(string s) => [.. s.Select(character => Array.IndexOf(characters, character))];
int[] data = Encode(text);
int[] training = data[..(int)(0.9 * data.Length)];
int[] validation = data[training.Length..];

// 1. The model, and where it looks before it has learnt anything.
RandomGenerator random = new(1337);
Model model = new(characters.Length, context, width, heads, layers, dropout, random);
Console.WriteLine($"{model.ParameterCount} parameters");
const string line = "my lord, my good lord,";
Tensor[] before = Attention(line);

// 2. Training: nothing new.
AdamW optimizer = new(model.Parameters(), learningRate: 1e-3f);
int steps = quick ? 20 : 5000;
for (int step = 0; step <= steps; step++)
{
    if (step % 500 == 0 || step == steps)
    {
        Console.WriteLine($"step {step,4}: training {Estimate(training):F2}, validation {Estimate(validation):F2}");
    }

    using MemoryScope scope = MemoryScope.Begin();
    var (x, y) = Batch(training);
    Tensor loss = model.Forward(x).CrossEntropy(y);
    model.ZeroGrad();
    loss.Backward();
    optimizer.Step();
}

// 3. Text.
Console.WriteLine();
Console.WriteLine(Generate(quick ? 40 : 500));

// 4. Where it looks now.
if (!quick)
{
    Tensor[] after = Attention(line);
    (int Block, int Head)[] shown = [(1, 4), (2, 2), (3, 4)];
    new Panels(
    [
        .. shown.Select(at => Map(before[Index(at)], $"block {at.Block}, head {at.Head}, untrained")),
        .. shown.Select(at => Map(after[Index(at)], $"block {at.Block}, head {at.Head}, trained")),
    ], columns: 3).Save(Path.Combine(figures, "attention.svg"));
}

// 5. The same numbers in the model of the library, whose heads are computed together.
Gpt gpt = new(new GptConfig
{
    VocabularySize = characters.Length,
    ContextLength = context,
    LayerCount = layers,
    HeadCount = heads,
    Width = width,
    AttentionBias = false,
    HeadBias = true,
    TieWeights = false,
    Activation = Activation.Relu,
    Initialization = GptInitialization.LayerDefault,
});
CopyTo(gpt);
var (some, _) = Batch(validation);
model.Eval();
Console.WriteLine();
Console.WriteLine($"Nabla.Language's Gpt: {gpt.ParameterCount} parameters, the same logits: {gpt.Forward(some).AllClose(model.Forward(some), 1e-3f, 1e-4f)}");

// 6. The model of the lecture's end: the same classes, other numbers. It is only counted here.
Model large = new(characters.Length, context: 256, width: 384, heads: 6, layers: 6, dropout: 0.2f, random);
long tokens = 64 * 256;
Console.WriteLine();
Console.WriteLine($"batch 64, context 256, width 384, 6 heads, 6 blocks: {large.ParameterCount} parameters");
Console.WriteLine($"{6 * large.ParameterCount * tokens / 1e12:F1} million million multiplications and additions a step, "
    + $"{6 * large.ParameterCount * tokens * 5000 / 1e15:F0} thousand million million for 5,000");

(IndexTensor X, IndexTensor Y) Batch(int[] split)
{
    int[] starts = IndexTensor.Randint(random, 0, split.Length - context, batch).ToArray();
    IndexTensor Windows(int shift) =>
        IndexTensor.From([.. starts.SelectMany(start => split[(start + shift)..(start + shift + context)])], batch, context);
    return (Windows(0), Windows(1));
}

double Estimate(int[] split)
{
    using var _ = Tensor.NoGrad();
    model.Eval();                       // no dropout while it is measured
    double mean = Enumerable.Range(0, quick ? 5 : 200).Average(_ =>
    {
        using MemoryScope scope = MemoryScope.Begin();
        var (x, y) = Batch(split);
        return model.Forward(x).CrossEntropy(y).Item();
    });
    model.Train();
    return mean;
}

// As in program 2, but no more than the last 32 characters are shown to the model: it has no more positions.
string Generate(int count)
{
    using var _ = Tensor.NoGrad();
    model.Eval();
    List<int> ids = [0];
    while (ids.Count <= count)
    {
        using MemoryScope scope = MemoryScope.Begin();
        int[] seen = [.. ids.TakeLast(context)];
        Tensor last = model.Forward(IndexTensor.From(seen, 1, seen.Length))[.., ^1];
        ids.Add(last.Softmax(1).Multinomial(1, random).Item());
    }

    return string.Concat(ids.Select(id => characters[id])).Trim();
}

// The weights of every head of every block for one text.
Tensor[] Attention(string line)
{
    using var _ = Tensor.NoGrad();
    model.Forward(IndexTensor.From(Encode(line), 1, line.Length));
    return [.. model.Blocks.SelectMany(block => block.Attention.Heads).Select(head => head.Weights![0].Clone())];
}

static int Index((int Block, int Head) at) => ((at.Block - 1) * heads) + at.Head - 1;

static HeatMap Map(Tensor weights, string title)
{
    string[] letters = [.. line.Select(character => character == ' ' ? "_" : $"{character}")];
    return new(line.Length, line.Length, (row, column) => weights[row, column].Item(), title)
    {
        RowLabels = letters,
        ColumnLabels = letters,
        CellSize = 15,
    };
}

// The library keeps the queries, keys and values of all heads of a block in one layer.
void CopyTo(Gpt gpt)
{
    using var _ = Tensor.NoGrad();
    Dictionary<string, Tensor> theirs = gpt.NamedParameters().ToDictionary();
    void Copy(string name, params Tensor[] ours) => theirs[name].CopyInPlace(Tensor.Cat(ours));
    void CopyLinear(string name, Linear ours)
    {
        Copy($"{name}.weight", ours.Weight);
        Copy($"{name}.bias", ours.Bias!);
    }

    void CopyNorm(string name, LayerNorm ours)
    {
        Copy($"{name}.weight", ours.Weight);
        Copy($"{name}.bias", ours.Bias!);
    }

    Copy("wte.weight", model.Tokens.Weight);
    Copy("wpe.weight", model.Positions.Weight);
    for (int i = 0; i < layers; i++)
    {
        Block block = model.Blocks[i];
        ModuleList<Head> heads = block.Attention.Heads;
        CopyNorm($"h.{i}.ln_1", block.Norm1);
        Copy($"h.{i}.attn.c_attn.weight", [.. heads.Select(head => head.Query.Weight),
            .. heads.Select(head => head.Key.Weight), .. heads.Select(head => head.Value.Weight)]);
        CopyLinear($"h.{i}.attn.c_proj", block.Attention.Projection);
        CopyNorm($"h.{i}.ln_2", block.Norm2);
        CopyLinear($"h.{i}.mlp.c_fc", block.FeedForward.Up);
        CopyLinear($"h.{i}.mlp.c_proj", block.FeedForward.Down);
    }

    CopyNorm("ln_f", model.Norm);
    CopyLinear("lm_head", model.Logits);
}

sealed class Model : Module
{
    public Model(int vocabulary, int context, int width, int heads, int layers, float dropout, RandomGenerator random)
    {
        Tokens = AddModule("tokens", new Embedding(vocabulary, width, random));
        Positions = AddModule("positions", new Embedding(context, width, random));
        Blocks = AddModule("blocks", new ModuleList<Block>(
            Enumerable.Range(0, layers).Select(_ => new Block(width, heads, dropout, random))));
        Norm = AddModule("norm", new LayerNorm(width));
        Logits = AddModule("logits", new Linear(width, vocabulary, random: random));
    }

    public Embedding Tokens { get; }
    public Embedding Positions { get; }
    public ModuleList<Block> Blocks { get; }
    public LayerNorm Norm { get; }
    public Linear Logits { get; }

    public Tensor Forward(IndexTensor ids)
    {
        Tensor x = Tokens.Forward(ids) + Positions.Forward(IndexTensor.Arange(ids.Shape[1]));
        foreach (Block block in Blocks)
        {
            x = block.Forward(x);
        }

        return Logits.Forward(Norm.Forward(x));
    }
}

sealed class Block : Layer
{
    public Block(int width, int heads, float dropout, RandomGenerator random)
    {
        Attention = AddModule("attention", new MultiHead(width, heads, dropout, random));
        FeedForward = AddModule("feedForward", new FeedForward(width, dropout, random));
        Norm1 = AddModule("norm1", new LayerNorm(width));
        Norm2 = AddModule("norm2", new LayerNorm(width));
    }

    public MultiHead Attention { get; }
    public FeedForward FeedForward { get; }
    public LayerNorm Norm1 { get; }
    public LayerNorm Norm2 { get; }

    public override Tensor Forward(Tensor x)
    {
        x += Attention.Forward(Norm1.Forward(x));           // communicate
        return x + FeedForward.Forward(Norm2.Forward(x));   // compute
    }
}

sealed class MultiHead : Layer
{
    private readonly Dropout _dropout;

    public MultiHead(int width, int heads, float dropout, RandomGenerator random)
    {
        Heads = AddModule("heads", new ModuleList<Head>(
            Enumerable.Range(0, heads).Select(_ => new Head(width, width / heads, dropout, random))));
        Projection = AddModule("projection", new Linear(width, width, random: random));
        _dropout = AddModule("dropout", new Dropout(dropout, random));
    }

    public ModuleList<Head> Heads { get; }
    public Linear Projection { get; }

    public override Tensor Forward(Tensor x) =>
        _dropout.Forward(Projection.Forward(Tensor.Cat([.. Heads.Select(head => head.Forward(x))], dim: 2)));
}

sealed class Head : Layer
{
    private readonly Dropout _dropout;

    public Head(int width, int size, float dropout, RandomGenerator random)
    {
        Key = AddModule("key", new Linear(width, size, bias: false, random));
        Query = AddModule("query", new Linear(width, size, bias: false, random));
        Value = AddModule("value", new Linear(width, size, bias: false, random));
        _dropout = AddModule("dropout", new Dropout(dropout, random));
    }

    public Linear Key { get; }
    public Linear Query { get; }
    public Linear Value { get; }
    public Tensor? Weights { get; private set; }            // [B, T, T], of the last call: to look at

    public override Tensor Forward(Tensor x)
    {
        Tensor key = Key.Forward(x);
        Tensor scores = Query.Forward(x).MatMul(key.Transpose(1, 2)) / MathF.Sqrt(key.Shape[2]);
        Tensor future = Tensor.Ones(x.Shape[1], x.Shape[1]).Triu(1);
        Weights = scores.MaskedFill(future, float.NegativeInfinity).Softmax(2);
        return _dropout.Forward(Weights).MatMul(Value.Forward(x));
    }
}

sealed class FeedForward : Layer
{
    private readonly Dropout _dropout;

    public FeedForward(int width, float dropout, RandomGenerator random)
    {
        Up = AddModule("up", new Linear(width, 4 * width, random: random));
        Down = AddModule("down", new Linear(4 * width, width, random: random));
        _dropout = AddModule("dropout", new Dropout(dropout, random));
    }

    public Linear Up { get; }
    public Linear Down { get; }

    public override Tensor Forward(Tensor x) => _dropout.Forward(Down.Forward(Up.Forward(x).Relu()));
}
