#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// From no attention to a small GPT, one change at a time, each model trained in the same way. With --quick 60 steps each.

using Nabla;
using Nabla.Language.Data;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

bool quick = args.Contains("--quick");
string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
int steps = quick ? 60 : 5000;
int interval = quick ? 30 : 300;
int evaluations = quick ? 5 : 200;
const int batch = 32, context = 8, width = 32, heads = 4;

string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("shakespeare")!);
char[] characters = [.. text.Distinct().Order()];
int[] data = [.. text.Select(character => Array.IndexOf(characters, character))];
int[] training = data[..(int)(0.9 * data.Length)];
int[] validation = data[training.Length..];

// 1. What stands between the embeddings and the logits, rung by rung. The generator of a model draws its weights and its batches.
(string Name, Func<RandomGenerator, Layer> Body)[] rungs =
[
    ("no attention", random => new Sequential()),
    ("one head", random => new Head(width, width, random)),
    ("four heads", random => new MultiHead(width, heads, project: false, random)),
    ("feed-forward", random => new Sequential(new MultiHead(width, heads, false, random), new FeedForward(width, 1, random))),
    ("three blocks", random => Blocks(() => new Block(width, heads, residual: false, norm: false, random))),
    ("residuals", random => Blocks(() => new Block(width, heads, residual: true, norm: false, random))),
    ("norms", random => Blocks(() => new Block(width, heads, residual: true, norm: true, random))),
    ("a last norm", random => new Sequential(
        Blocks(() => new Block(width, heads, residual: true, norm: true, random)), new LayerNorm(width))),
];

// 2. Each is trained with AdamW, rate 0.001, from seed 1337.
Chart chart = new("The loss on text not trained on, rung by rung", width: 720, height: 460)
{
    X = { Label = "step" },
    Y = { Label = "loss", Minimum = 2, Maximum = 3 },
};
Console.WriteLine($"{"rung",-13} {"parameters",10} {"training",9} {"validation",11}");
foreach (var (name, body) in rungs)
{
    RandomGenerator random = new(1337);
    Model model = new(characters.Length, context, width, body, random);
    AdamW optimizer = new(model.Parameters(), learningRate: 1e-3f);
    List<int> at = [];
    List<float> losses = [];
    float onTraining = 0;
    for (int step = 0; step <= steps; step++)
    {
        if (step % interval == 0 || step == steps)
        {
            onTraining = Estimate(model, training, random);
            losses.Add(Estimate(model, validation, random));
            at.Add(step);
        }

        using MemoryScope scope = MemoryScope.Begin();
        var (x, y) = Batch(training, random);
        Tensor loss = model.Forward(x).CrossEntropy(y);
        model.ZeroGrad();
        loss.Backward();
        optimizer.Step();
    }

    Console.WriteLine($"{name,-13} {model.ParameterCount,10} {onTraining,9:F2} {losses[^1],11:F2}");
    chart.Line(at, losses, name);
}

if (!quick)
{
    chart.Save(Path.Combine(figures, "ladder.svg"));
}

// A sequence of three blocks.
static Sequential Blocks(Func<Layer> block) => new(block(), block(), block());

// 32 windows at random places, and the same windows one further on.
static (IndexTensor X, IndexTensor Y) Batch(int[] split, RandomGenerator random)
{
    int[] starts = IndexTensor.Randint(random, 0, split.Length - context, batch).ToArray();
    IndexTensor Windows(int shift) =>
        IndexTensor.From([.. starts.SelectMany(start => split[(start + shift)..(start + shift + context)])], batch, context);
    return (Windows(0), Windows(1));
}

// The mean loss of many batches, without gradients.
float Estimate(Model model, int[] split, RandomGenerator random)
{
    using var _ = Tensor.NoGrad();
    double sum = 0;
    for (int i = 0; i < evaluations; i++)
    {
        using MemoryScope scope = MemoryScope.Begin();
        var (x, y) = Batch(split, random);
        sum += model.Forward(x).CrossEntropy(y).Item();
    }

    return (float)(sum / evaluations);
}

// Who am I, where am I; then what a rung has; then 65 logits.
sealed class Model : Module
{
    private readonly Embedding _tokens;
    private readonly Embedding _positions;
    private readonly Layer _body;
    private readonly Linear _head;

    public Model(int vocabulary, int context, int width, Func<RandomGenerator, Layer> body, RandomGenerator random)
    {
        _tokens = AddModule("tokens", new Embedding(vocabulary, width, random));
        _positions = AddModule("positions", new Embedding(context, width, random));
        _body = AddModule("body", body(random));
        _head = AddModule("head", new Linear(width, vocabulary, random: random));
    }

    public Tensor Forward(IndexTensor ids)                                                  // [B, T]
    {
        Tensor x = _tokens.Forward(ids) + _positions.Forward(IndexTensor.Arange(ids.Shape[1])); // [B, T, C] + [T, C]
        return _head.Forward(_body.Forward(x));                                             // [B, T, 65]
    }
}

// One head, as in program 4.
sealed class Head : Layer
{
    private readonly Linear _key;
    private readonly Linear _query;
    private readonly Linear _value;

    public Head(int width, int size, RandomGenerator random)
    {
        _key = AddModule("key", new Linear(width, size, bias: false, random));
        _query = AddModule("query", new Linear(width, size, bias: false, random));
        _value = AddModule("value", new Linear(width, size, bias: false, random));
    }

    public override Tensor Forward(Tensor x)
    {
        Tensor key = _key.Forward(x);
        Tensor scores = _query.Forward(x).MatMul(key.Transpose(1, 2)) / MathF.Sqrt(key.Shape[2]);
        Tensor future = Tensor.Ones(x.Shape[1], x.Shape[1]).Triu(1);
        return scores.MaskedFill(future, float.NegativeInfinity).Softmax(2).MatMul(_value.Forward(x));
    }
}

// Several heads side by side, their results joined; with the projection, mixed by one more layer.
sealed class MultiHead : Layer
{
    private readonly ModuleList<Head> _heads;
    private readonly Linear? _projection;

    public MultiHead(int width, int heads, bool project, RandomGenerator random)
    {
        _heads = AddModule("heads", new ModuleList<Head>(
            Enumerable.Range(0, heads).Select(_ => new Head(width, width / heads, random))));
        _projection = project ? AddModule("projection", new Linear(width, width, random: random)) : null;
    }

    public override Tensor Forward(Tensor x)
    {
        Tensor joined = Tensor.Cat([.. _heads.Select(head => head.Forward(x))], dim: 2);
        return _projection is null ? joined : _projection.Forward(joined);
    }
}

// Each place by itself: a layer with ReLU; with a factor of 4, four times as wide and back.
sealed class FeedForward : Layer
{
    private readonly Linear _up;
    private readonly Linear? _down;

    public FeedForward(int width, int factor, RandomGenerator random)
    {
        _up = AddModule("up", new Linear(width, factor * width, random: random));
        _down = factor > 1 ? AddModule("down", new Linear(factor * width, width, random: random)) : null;
    }

    public override Tensor Forward(Tensor x)
    {
        Tensor hidden = _up.Forward(x).Relu();
        return _down is null ? hidden : _down.Forward(hidden);
    }
}

// Communicate, then compute. With residuals both add to x instead of replacing it; with norms both read x normalised.
sealed class Block : Layer
{
    private readonly MultiHead _attention;
    private readonly FeedForward _feedForward;
    private readonly LayerNorm? _norm1;
    private readonly LayerNorm? _norm2;
    private readonly bool _residual;

    public Block(int width, int heads, bool residual, bool norm, RandomGenerator random)
    {
        _residual = residual;
        _attention = AddModule("attention", new MultiHead(width, heads, project: residual, random));
        _feedForward = AddModule("feedForward", new FeedForward(width, residual ? 4 : 1, random));
        _norm1 = norm ? AddModule("norm1", new LayerNorm(width)) : null;
        _norm2 = norm ? AddModule("norm2", new LayerNorm(width)) : null;
    }

    public override Tensor Forward(Tensor x)
    {
        if (!_residual)
        {
            return _feedForward.Forward(_attention.Forward(x));
        }

        x += _attention.Forward(_norm1?.Forward(x) ?? x);
        return x + _feedForward.Forward(_norm2?.Forward(x) ?? x);
    }
}
