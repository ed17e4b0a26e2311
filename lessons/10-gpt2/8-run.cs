#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// The run: a GPT-2 with a sixth of the width and a third of the blocks learns tiny Shakespeare with all that came before. About
// six minutes on four cores; with --quick a tiny one and three steps. Program 9 draws the log. For HellaSwag give its file:
//     dotnet run -c Release 8-run.cs hellaswag_val.jsonl

using System.Diagnostics;
using System.Globalization;
using Nabla;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Optim;
using Nabla.Tokenizers;

bool quick = args.Contains("--quick");
string? hellaSwag = args.FirstOrDefault(argument => argument != "--quick");
string log = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "log", "log.txt");

// 1. The settings. A step of 4,096 tokens is two batches of 16 rows.
GptConfig config = quick
    ? new() { VocabularySize = 50304, ContextLength = 32, LayerCount = 2, HeadCount = 2, Width = 16 }
    : new() { VocabularySize = 50304, ContextLength = 128, LayerCount = 4, HeadCount = 4, Width = 128 };
int steps = quick ? 3 : 300;
int interval = quick ? 2 : 25;
int warmup = quick ? 1 : 30;
const float rate = 2e-3f;
int T = config.ContextLength;
BatchPlan plan = quick ? BatchPlan.Of(64, 1, T) : BatchPlan.Of(4096, 16, T);

// 2. The text. The last tenth is for judging.
DatasetStore store = DatasetStore.FromEnvironment();
string text = await store.ReadAsync(NamedDataset.Find("shakespeare")!);
ITokenizer tokenizer = await store.LoadTokenizerAsync("gpt2");
int split = (int)(0.9 * text.Length);
int[] training = tokenizer.Encode(text[..split]);
int[] validation = tokenizer.Encode(text[split..]);
if (quick)
{
    (training, validation) = (training[..2000], validation[..2000]);
}

// 3. The questions: of HellaSwag, or made here.
ChoiceQuestion[] questions = hellaSwag is null
    ? Questions(quick ? 8 : 400)
    : [.. HellaSwagFile.Read(hellaSwag).Select(question => question.Encode(tokenizer))];

// 4. The model, two groups of parameters, the rate, every row of the text once in an epoch.
RandomGenerator random = new(1337);
Gpt model = new(config, random);
AdamW optimizer = new(
[
    new ParameterGroup(model.Parameters().Where(parameter => parameter.Rank >= 2), rate, 0.1f),
    new ParameterGroup(model.Parameters().Where(parameter => parameter.Rank < 2), rate, 0),
], beta1: 0.9, beta2: 0.95);
CosineWithWarmup schedule = new(rate, rate / 10, warmup, steps);
ShuffledBatches batches = new(new WindowRows(training, T), plan.BatchSize, seed: 1337);
(int[] x, int[] y) = (new int[plan.BatchSize * T], new int[plan.BatchSize * T]);
Console.WriteLine($"{model.ParameterCount:N0} parameters, {training.Length:N0} tokens, steps of {plan.AccumulationSteps} x {plan.BatchSize} x {T}");

Directory.CreateDirectory(Path.GetDirectoryName(log)!);
File.WriteAllText(log, "");
Stopwatch clock = new();
for (int step = 0; step <= steps; step++)
{
    // 5. Look: the loss of the other text, the questions, a text. Nothing here changes the training.
    if (step % interval == 0 || step == steps)
    {
        double loss = Evaluation.WholeLoss(model, validation);
        IReadOnlyList<ChoiceLosses> losses = new ChoiceScorer(model).Score(questions);
        ChoiceScore score = ChoiceScore.Of(questions, losses);
        Write($"{step} val {loss:F4}");
        Write($"{step} hella {score.AccuracyByMean:F4}");
        string measured = loss.ToString(quick ? "F1" : "F4");
        Console.WriteLine($"step {step,3}: validation {measured}, right {score.RightByMean} of {questions.Length}");
        if (!quick && step % (4 * interval) == 0)
        {
            Console.WriteLine($"    > {Sample(32).ReplaceLineEndings(" ")}");
        }
    }

    if (step == steps)
    {
        break;
    }

    // 6. Learn.
    clock.Start();
    using MemoryScope scope = MemoryScope.Begin();
    float mean = 0;
    for (int part = 0; part < plan.AccumulationSteps; part++)
    {
        batches.Next(x, y);
        Tensor loss = model.Loss(IndexTensor.From(x, plan.BatchSize, T), IndexTensor.From(y, plan.BatchSize, T));
        loss /= plan.AccumulationSteps;
        mean += loss.Item();
        loss.Backward();
    }

    float norm = GradientClipping.ClipNorm(optimizer.Parameters, maxNorm: 1);
    optimizer.SetLearningRate(schedule.At(step));
    optimizer.Step();
    optimizer.ZeroGrad();
    clock.Stop();
    Write($"{step} train {mean:F6}");
    if (!quick && (step + 1) % interval == 0)
    {
        double seconds = clock.Elapsed.TotalSeconds / interval;
        double speed = plan.AccumulationSteps * x.Length / seconds;
        Console.Write($"step {step,3}: loss {mean:F4}, rate {schedule.At(step):E1}, norm {norm:F2}");
        Console.WriteLine($", {1000 * seconds:F0} ms, {speed:N0} tokens/s");
        clock.Reset();
    }
}

// 7. What it writes.
if (!quick)
{
    Console.WriteLine();
    Console.WriteLine(Sample(300));
}

void Write(FormattableString line) => File.AppendAllText(log, line.ToString(CultureInfo.InvariantCulture) + "\n");

// Text from a generator of its own, by the library: top-k 50, and each token's keys and values computed once.
string Sample(int count)
    => new Generator(model, tokenizer).Generate([198], new GenerationOptions { MaxTokens = count, TopK = 50, Seed = 42 });

// How does it go on? Sixty-four tokens of the other text, then the eight that follow, and three times eight from elsewhere.
ChoiceQuestion[] Questions(int count)
{
    RandomGenerator own = new(42);
    int context = T / 2;
    int[] Ending(int place) => validation[(place + context)..(place + context + 8)];
    return [.. Enumerable.Range(0, count).Select(number =>
    {
        int[] places = IndexTensor.Randint(own, 0, validation.Length - context - 8, 4).ToArray();
        return new ChoiceQuestion($"question {number}", validation[places[0]..(places[0] + context)],
            [.. Enumerable.Range(0, 4).Select(ending => Ending(places[(ending + number) % 4]))], Answer: (4 - (number % 4)) % 4);
    })];
}
