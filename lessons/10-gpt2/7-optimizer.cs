#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// How GPT-3's paper says to train: clipping, a rate that rises and falls, decay for matrices only, large batches in small pieces.

using Nabla;
using Nabla.Language;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

// 1. Clipping: one norm over all gradients. What is reported is the norm before.
Tensor first = WithGradient(3), second = WithGradient(4);
float norm = GradientClipping.ClipNorm([first, second], maxNorm: 1);
Console.WriteLine($"gradients 3 and 4: norm {norm}, clipped to {first.Grad!.Item():F1} and {second.Grad!.Item():F1}");
Console.WriteLine();

// 2. The rate: up in a line, down along half a cosine, a tenth of it in the end. Five lines, and the library's.
const float maximum = 6e-4f, minimum = 6e-5f;
const int warmup = 715, last = 19073;
double Rate(int step)
{
    if (step < warmup) return maximum * (step + 1.0) / warmup;
    if (step > last) return minimum;
    double part = (double)(step - warmup) / (last - warmup);
    return minimum + (0.5 * (1 + Math.Cos(Math.PI * part)) * (maximum - minimum));
}

CosineWithWarmup schedule = new(maximum, minimum, warmup, last);
foreach (int step in (int[])[0, 100, 714, 715, 9894, 19072, 19073, 30000])
{
    Console.WriteLine($"step {step,5}: {Rate(step):E3}, the library's {schedule.At(step):E3}");
}

Chart rates = new("the learning rate of 10 billion tokens, half a million a step", width: 720, height: 300)
{
    X = { Label = "step" },
    Y = { Label = "rate", Minimum = 0 },
};
int[] drawn = [.. Enumerable.Range(0, 220).Select(i => i * 100)];
rates.Line(drawn, drawn.Select(Rate)).VerticalLine(warmup, "warm-up").VerticalLine(last, "10 billion");
rates.Save(Path.Combine(figures, "rate.svg"));
Console.WriteLine();

// 3. Decay: for matrices and embeddings, not for biases, gains and shifts.
Gpt gpt2;
using (Initialization.Skip())
{
    gpt2 = new Gpt(new GptConfig { VocabularySize = 50304 });
}

Tensor[] decayed = [.. gpt2.Parameters().Where(parameter => parameter.Rank >= 2)];
Tensor[] rest = [.. gpt2.Parameters().Where(parameter => parameter.Rank < 2)];
ParameterGroup[] groups = [new(decayed, maximum, 0.1f), new(rest, maximum, 0)];
AdamW optimizer = new(groups, beta1: 0.9, beta2: 0.95, epsilon: 1e-8);
foreach (ParameterGroup group in optimizer.Groups)
{
    long count = group.Parameters.Sum(parameter => (long)parameter.Count);
    Console.WriteLine($"decay {group.WeightDecay:F1}: {group.Parameters.Count} tensors, {count:N0} parameters");
}

Console.WriteLine();

// 4. A large batch in small pieces, on a toy: 16 numbers in, one out, four examples.
RandomGenerator random = new(42);
Sequential net = new(new Linear(16, 32, random: random), new Gelu(), new Linear(32, 1, random: random));
Tensor x = Tensor.Randn(random, 4, 16), y = Tensor.Randn(random, 4, 1);
Tensor weight = net.Parameters()[0];
float whole = Accumulate(4, 1);
float pieces = Accumulate(1, 1);
float mended = Accumulate(1, 4);
Console.WriteLine($"a gradient: all four at once {whole:F6}, one by one {pieces:F6}, {pieces / whole:F2} times as much");
Console.WriteLine($"with each loss divided by 4: {mended:F6}");
Console.WriteLine();

// 5. The same in a GPT: one step of 16 rows, cut in five ways. The loss to report is the mean, not that of the last piece.
GptConfig small = new() { VocabularySize = 300, ContextLength = 16, LayerCount = 2, HeadCount = 2, Width = 32 };
IndexTensor ids = IndexTensor.Randint(random, 0, 300, 16, 16), targets = IndexTensor.Randint(random, 0, 300, 16, 16);
Gpt reference = Step(16, out float all);
foreach (int rows in (int[])[8, 4, 2, 1])
{
    Gpt model = Step(rows, out float loss);
    float difference = model.Parameters().Zip(reference.Parameters(), (a, b) => (a.Detach() - b.Detach()).Abs().Max().Item()).Max();
    bool same = difference < 1e-5f;
    Console.WriteLine($"{16 / rows,2} pieces, rows in each {rows}: loss {loss:F4} for {all:F4}, parameters within 0.00001: {same}");
}

Console.WriteLine();
int pieces16 = BatchPlan.Of(524_288, 16, 1024).AccumulationSteps;
Console.WriteLine($"524,288 tokens a step are {pieces16} batches of 16 x 1024, or {524_288 / (64 * 1024 * 8)} of 64 x 1024 on eight GPUs");
Console.WriteLine($"10 billion tokens are {10_000_000_000 / 524_288:N0} steps, 375 million {375_000_000 / 524_288}");

static Tensor WithGradient(float gradient)
{
    Tensor parameter = Tensor.Ones(1);
    parameter.RequiresGrad = true;
    (parameter * gradient).Sum().Backward();
    return parameter;
}

float Accumulate(int rows, float divisor)
{
    net.ZeroGrad();
    for (int row = 0; row < 4; row += rows)
    {
        Tensor loss = net.Forward(x[row..(row + rows)]).MseLoss(y[row..(row + rows)]);     // a mean over its own rows only
        (loss / divisor).Backward();                                                      // adds to the gradients
    }

    return weight.Grad![0, 0].Item();
}

Gpt Step(int rows, out float mean)
{
    Gpt model = new(small, new RandomGenerator(1337));
    AdamW step = new(model.Parameters(), learningRate: 1e-3f, epsilon: 1e-5);     // large: see the text
    mean = 0;
    for (int row = 0; row < 16; row += rows)
    {
        Tensor loss = model.Loss(ids[row..(row + rows)], targets[row..(row + rows)]) * (rows / 16f);
        mean += loss.Item();
        loss.Backward();
    }

    step.Step();
    return model;
}
