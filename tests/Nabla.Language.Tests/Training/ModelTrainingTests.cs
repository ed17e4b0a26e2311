using Nabla.Language.Data;
using Nabla.Language.Tests.Data;
using Nabla.Language.Tests.Models;

namespace Nabla.Language.Tests.Training;

/// <summary>One trainer for every model: saved, resumed, sampled.</summary>
public sealed class ModelTrainingTests : IDisposable
{
    private static readonly string[] _syllables = ["ba", "ke", "li", "mo"];

    private static readonly TextDataset _data = WordList.Create(
        string.Join('\n', _syllables.SelectMany(a => _syllables, (a, b) => a + b).SelectMany(a => _syllables, (a, b) => a + b)), "words");

    private static readonly TrainingOptions _options = new()
    {
        Steps = 9,
        BatchSize = 4,
        LearningRate = 1e-2f,
        WarmupSteps = 2,
        EvaluationInterval = 4,
        EvaluationBatches = 2,
        CheckpointInterval = 4,
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Models => SmallModels.Names;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void A_run_stopped_resumed_and_killed_equals_one_that_was_not(string name)
    {
        (string whole, float[] wholeState) = Train(name, "whole", []);
        (string parts, float[] state) = Train(name, "parts", [2, 5]);
        (string killed, float[] killedState) = Train(name, "killed", [6], killed: true);

        Assert.Equal(9, whole.Count(character => character == '\n'));
        Assert.Equal(whole, parts);
        Assert.Equal(wholeState, state);
        Assert.Equal(whole, killed);
        Assert.Equal(wholeState, killedState);
    }

    [Theory]
    [InlineData("deep")]
    [InlineData("wavenet")]
    [InlineData("convolution")]
    public void Running_statistics_are_part_of_a_run(string name)
    {
        Train(name, "run", []);
        using RunDirectory run = RunDirectory.Open(_folder.File("run"));
        LanguageModel model = run.LoadModel();

        KeyValuePair<string, Tensor>[] means =
            [.. model.StateDict().Where(pair => pair.Key.EndsWith("running_mean", StringComparison.Ordinal))];

        Assert.NotEmpty(means);
        Assert.All(means, pair => Assert.All(pair.Value.ToArray(), value => Assert.NotEqual(0, value)));
        Assert.False(model.IsTraining);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Training_learns_and_samples_are_documents(string name)
    {
        Trainer trainer = new(Config(name), _data, _options with { Steps = 300, BatchSize = 16, EvaluationInterval = 0 });
        double before = trainer.ValidationLoss();
        Assert.True(trainer.Run());

        // A guess costs ln 9 = 2.2; that vowels follow consonants is the least there is to learn.
        Assert.Equal(Math.Log(9), before, 0.8);
        Assert.InRange(trainer.ValidationLoss(), 0.3, 1.3);
        Assert.True(trainer.Model.IsTraining);
        string text = new Generator(trainer.Model, _data.Tokenizer)
            .Generate([_data.BoundaryId!.Value], new GenerationOptions { Temperature = 0, MaxTokens = 20, StopToken = _data.BoundaryId });
        Assert.Matches("^([bklm][aeio])*$", text);
    }

    [Theory]
    [InlineData("rnn")]
    [InlineData("bow")]
    [InlineData("gpt")]
    public void A_model_can_be_trained_document_by_document(string name)
    {
        List<TrainingProgress> reports = [];
        Trainer trainer = new(
            Config(name), _data,
            _options with { Steps = 200, BatchSize = 16, Rows = BatchRows.Documents, SampleInterval = 100, SampleTokens = 20 });
        trainer.Run(new Progress(reports.Add));

        Assert.InRange(trainer.ValidationLoss(), 0.3, 1.1);
        Assert.Equal(trainer.ValidationLoss(), reports[^1].ValidationLoss!.Value, 1e-5);
        Assert.Contains('\n', reports[^1].Sample!);
    }

    [Fact]
    public void Rows_of_documents_need_documents_and_a_model_that_predicts_every_token()
    {
        TrainingOptions options = _options with { Rows = BatchRows.Documents };

        Assert.Contains("predict every token", Refusal(() => new Trainer(Config("mlp"), _data, options)), StringComparison.Ordinal);
        Assert.Contains(
            "words has no documents", Refusal(() => new Trainer(Config("rnn"), _data with { BoundaryId = null }, options)), StringComparison.Ordinal);

        static string Refusal(Func<object> create) => Assert.Throws<ArgumentException>(create).Message;
    }

    private static LanguageModelConfig Config(string name)
        => SmallModels.Config(name, _data.Tokenizer.VocabularySize, _data.BoundaryId);

    private (string Metrics, float[] State) Train(string name, string folder, int[] stops, bool killed = false)
    {
        string path = _folder.File(folder);
        RunConfig config = new()
        {
            Data = new RunData { Source = "words", Kind = TextKind.WordList, Sha256 = _data.SourceHash },
            Model = Config(name),
            Training = _options,
        };
        RunDirectory.Create(path, config, _data.Tokenizer).Dispose();
        string checkpoint = Path.Combine(path, "checkpoint.safetensors");
        foreach (int step in (int[])[.. stops, int.MaxValue])
        {
            byte[]? regular = null;
            using (RunDirectory run = RunDirectory.Open(path))
            {
                using CancellationTokenSource stop = new();
                run.Resume(_data).Run(new Progress(report => OnStep(report.Step)), run, stop.Token);

                void OnStep(int done)
                {
                    regular = File.Exists(checkpoint) ? File.ReadAllBytes(checkpoint) : null;
                    if (done == step)
                    {
                        stop.Cancel();
                    }
                }
            }

            if (killed && step < int.MaxValue)
            {
                // A kill leaves the last regular checkpoint, which is older than the log.
                File.WriteAllBytes(checkpoint, regular!);
            }
        }

        using RunDirectory done = RunDirectory.Open(path);
        return (
            File.ReadAllText(Path.Combine(path, "metrics.jsonl")),
            [.. done.LoadModel().StateDict().SelectMany(pair => pair.Value.ToArray())]);
    }

    private sealed class Progress(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
