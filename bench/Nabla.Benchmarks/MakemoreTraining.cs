using System.Diagnostics;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Optim;

namespace Nabla.Benchmarks;

/// <summary>A training of the makemore lectures that <see cref="MakemoreReport"/> times: a model and its examples.</summary>
internal sealed class MakemoreTraining
{
    public const int BatchSize = 32;
    private const ulong Seed = 42;
    private const int NoTarget = -100;

    private readonly LanguageModelConfig _config;
    private readonly IndexTensor _inputs;
    private readonly IndexTensor _targets;

    /// <summary>Prepares the examples of a file of names for a model.</summary>
    public MakemoreTraining(LanguageModelConfig config, string file)
    {
        _config = config;
        string[] words = TrainingWords(File.ReadAllLines(file));
        (_inputs, _targets) = config is WindowConfig ? Windows(words, config.ContextLength) : Rows(words, config.ContextLength);
    }

    /// <summary>Gets the models at the sizes of the lectures, and how many steps tell how fast each is.</summary>
    public static IReadOnlyDictionary<string, (LanguageModelConfig Config, int Steps)> Models { get; }
        = new Dictionary<string, (LanguageModelConfig, int)>
        {
            ["mlp"] = (new MlpConfig(), 5000),
            ["deep"] = (new DeepMlpConfig(), 1000),
            ["wavenet"] = (new WaveNetConfig(), 1000),
            ["transformer"] = (MakemoreTransformer(), 100),
        };

    /// <summary>Returns where the names of the lectures lie, once they have been had from the data folder or their place.</summary>
    public static string FindNames()
    {
        NamedDataset dataset = NamedDataset.Find("names-full")!;
        DatasetStore store = DatasetStore.FromEnvironment();
        store.ReadAsync(dataset).GetAwaiter().GetResult();
        return store.Locate(dataset)!;
    }

    /// <summary>Creates the model with the same weights each time.</summary>
    public LanguageModel NewModel() => _config.Create(new RandomGenerator(Seed));

    /// <summary>Trains a new model on minibatches that are the same each time; drawing and finding them is part of a step.</summary>
    public (double Seconds, float FirstLoss, float LastLoss) Run(int steps)
    {
        LanguageModel model = NewModel();
        Optimizer optimizer = _config is WindowConfig
            ? new Sgd(model.Parameters(), learningRate: 0.1f)
            : new AdamW(model.Parameters(), learningRate: 5e-4f, beta2: 0.99, weightDecay: 0.01f);
        RandomGenerator random = new(Seed);
        (float first, float last) = (0, 0);
        long start = Stopwatch.GetTimestamp();
        for (int step = 0; step < steps; step++)
        {
            using MemoryScope scope = MemoryScope.Begin();
            IndexTensor drawn = IndexTensor.Randint(random, 0, _inputs.Shape[0], BatchSize);
            Tensor loss = Loss(model, _inputs[drawn], _targets[drawn]);
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            if (step == 0)
            {
                first = loss.Item();
            }

            if (step == steps - 1)
            {
                last = loss.Item();
            }
        }

        return (Stopwatch.GetElapsedTime(start).TotalSeconds, first, last);
    }

    /// <summary>The first 80 % in PyTorch's order of seed 42.</summary>
    private static string[] TrainingWords(string[] words)
    {
        int[] order = IndexTensor.Randperm(words.Length, new RandomGenerator(42)).ToArray();
        return [.. order.Take(words.Length * 8 / 10).Select(i => words[i])];
    }

    private static Tensor Loss(LanguageModel model, IndexTensor inputs, IndexTensor targets)
        => model is WindowModel ? model.NextLogits(inputs).CrossEntropy(targets) : model.Loss(inputs, targets);

    private static GptConfig MakemoreTransformer() => new()
    {
        VocabularySize = 27,
        ContextLength = 16,
        LayerCount = 4,
        HeadCount = 4,
        Width = 64,
        TieWeights = false,
        Initialization = GptInitialization.LayerDefault,
    };

    /// <summary>Every character, and the end of its word, after the characters before it: [N, T] and [N].</summary>
    private static (IndexTensor Inputs, IndexTensor Targets) Windows(string[] words, int length)
    {
        List<int> inputs = [];
        List<int> targets = [];
        foreach (string word in words)
        {
            int[] window = new int[length];
            foreach (int id in (int[])[.. word.Select(Id), 0])
            {
                inputs.AddRange(window);
                targets.Add(id);
                window = [.. window[1..], id];
            }
        }

        return (IndexTensor.From([.. inputs], targets.Count, length), IndexTensor.From([.. targets]));
    }

    /// <summary>A word each: 0 and its characters, and as targets its characters and 0, filled up: [N, T] both.</summary>
    private static (IndexTensor Inputs, IndexTensor Targets) Rows(string[] words, int length)
    {
        int[] inputs = new int[words.Length * length];
        int[] targets = new int[words.Length * length];
        Array.Fill(targets, NoTarget);
        for (int row = 0; row < words.Length; row++)
        {
            int[] ids = [0, .. words[row].Select(Id), 0];
            ids.AsSpan(..^1).CopyTo(inputs.AsSpan(row * length, length));
            ids.AsSpan(1..).CopyTo(targets.AsSpan(row * length, length));
        }

        return (IndexTensor.From(inputs, -1, length), IndexTensor.From(targets, -1, length));
    }

    private static int Id(char letter) => letter - 'a' + 1;
}
