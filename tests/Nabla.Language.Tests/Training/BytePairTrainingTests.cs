using Nabla.Language.Data;
using Nabla.Language.Tests.Data;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Training;

/// <summary>A small GPT on the tokens of a byte-pair tokenizer: trained, stopped, resumed and sampled.</summary>
public sealed class BytePairTrainingTests : IDisposable
{
    private const int Steps = 50;

    private static readonly Lazy<string> _shakespeare = new(() => TextFile.Read(TestFiles.Data("tinyshakespeare.txt"))[..100_000]);

    private static readonly Lazy<TextDataset> _tokens = new(() =>
        RunningText.Create(_shakespeare.Value, "shakespeare", RegexTokenizer.Train(_shakespeare.Value, 512, TextSplitter.Gpt2)));

    // Made here, where a missing file skips the test, rather than with the class.
    private readonly string _text = _shakespeare.Value;
    private readonly TextDataset _data = _tokens.Value;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_GPT_learns_the_tokens_and_a_resumed_run_has_the_same_bits()
    {
        (float[] losses, float[] weights) = Train("whole", []);
        (float[] again, float[] resumed) = Train("parts", [17, 33]);

        Assert.Equal(Math.Log(512), losses[0], 0.2);
        Assert.True(losses[^5..].Average() < losses[0] - 1, $"{losses[0]} -> {losses[^1]}");
        Assert.Equal(losses, again);
        Assert.Equal(weights, resumed);

        using RunDirectory run = RunDirectory.Open(_folder.File("whole"));
        ITokenizer tokenizer = run.LoadTokenizer();
        Assert.Equal(_data.Tokenizer.Encode(_text), tokenizer.Encode(_text));
        Generator generator = new(run.LoadModel(), tokenizer);
        GenerationOptions options = new() { MaxTokens = 60, Seed = 3 };
        int[] prompt = tokenizer.Encode("ROMEO:");
        string sample = generator.Generate(prompt, options);
        Assert.Equal(tokenizer.Decode([.. generator.StreamIds(prompt, options)]), sample);
        Assert.InRange(sample.Length, 60, 600);
        Assert.DoesNotContain(sample, char.IsSurrogate);
    }

    [Fact]
    public void Fewer_tokens_than_characters_say_the_same_text()
    {
        Assert.InRange(_data.TrainingIds.Length, 0.4 * 90_000, 0.7 * 90_000);
        Assert.Equal(_text, _data.Tokenizer.Decode([.. _data.TrainingIds.ToArray(), .. _data.ValidationIds.ToArray()]));
        Assert.Null(_data.BoundaryId);
    }

    private (float[] Losses, float[] Weights) Train(string name, int[] stops)
    {
        string path = _folder.File(name);
        RunConfig config = new()
        {
            Data = new RunData { Source = "shakespeare", Kind = TextKind.RunningText, Sha256 = _data.SourceHash },
            Model = new GptConfig
            {
                VocabularySize = 512,
                ContextLength = 32,
                LayerCount = 1,
                HeadCount = 2,
                Width = 32,
                Dropout = 0.1f,
            },
            Training = new TrainingOptions
            {
                Steps = Steps,
                BatchSize = 8,
                LearningRate = 1e-2f,
                WarmupSteps = 5,
                CheckpointInterval = 10,
            },
        };
        RunDirectory.Create(path, config, _data.Tokenizer).Dispose();
        SortedDictionary<int, float> losses = [];
        foreach (int stopAt in (int[])[.. stops, Steps])
        {
            using RunDirectory run = RunDirectory.Open(path);
            using CancellationTokenSource stop = new();
            run.Resume(_data).Run(
                new Progress(report =>
                {
                    losses[report.Step] = report.Loss;
                    if (report.Step == stopAt)
                    {
                        stop.Cancel();
                    }
                }),
                run,
                stop.Token);
        }

        using RunDirectory done = RunDirectory.Open(path);
        return ([.. losses.Values], [.. done.LoadModel().Parameters().SelectMany(parameter => parameter.ToArray())]);
    }

    private sealed class Progress(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
