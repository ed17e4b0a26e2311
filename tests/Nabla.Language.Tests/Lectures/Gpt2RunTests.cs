using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Lectures;

/// <summary>What a run of the GPT-2 lecture does around its steps: it measures, samples, saves and logs, and nothing of that changes it.</summary>
public sealed class Gpt2RunTests : IDisposable
{
    private static readonly TextDataset _data = RunningText.Create(string.Concat(Enumerable.Repeat("the cat sat on the mat. a dog ran by. ", 40)), "cats");

    private static readonly GptConfig _config = new()
    {
        VocabularySize = _data.Tokenizer.VocabularySize,
        ContextLength = 8,
        LayerCount = 1,
        HeadCount = 2,
        Width = 8,
        Dropout = 0.1f,
    };

    private static readonly TrainingOptions _options = new()
    {
        Steps = 6,
        BatchSize = 2,
        AccumulationSteps = 2,
        LearningRate = 1e-2f,
        WarmupSteps = 2,
        EvaluationInterval = 2,
        EvaluationBatches = 3,
        SampleInterval = 2,
        SampleTokens = 5,
        CheckpointInterval = 2,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Number", "L10-102")]
    public void The_lecture_validates_78_times_over_20_batches()
    {
        // It looks before the step of that number, at first at the untrained model; we look after as many steps.
        Assert.Equal(78, Enumerable.Range(0, 19_073).Count(step => Trainer.IsDue(step, 250, 19_072)));
        Assert.Equal(77, Enumerable.Range(1, 19_073).Count(step => Trainer.IsDue(step, 250, 19_073)));
        Assert.Equal(20, new TrainingOptions().EvaluationBatches);
    }

    [Fact]
    [Trait("Number", "L10-104")]
    public void Between_two_steps_the_same_weights_are_validated_sampled_and_saved()
    {
        using RunDirectory run = RunDirectory.Create(Path.Combine(_folder, "run"), Run(_options), _data.Tokenizer);
        Trainer trainer = run.Resume(_data);
        List<int> looked = [];
        trainer.Run(
            new Reports(report =>
            {
                if (report.ValidationLoss is not float loss)
                {
                    Assert.Null(report.Sample);
                    return;
                }

                // All that is done between two steps is done when the first of them is reported.
                LanguageModel saved = run.LoadModel();
                Assert.Equal(report.Step + 1, run.LoadTrainer(_data).Step);
                Assert.Equal(Evaluation.Estimate(saved, _data.ValidationIds, 6, 2), loss);
                Generator generator = new(saved, _data.Tokenizer);
                int[] start = [Generator.StartToken(_data.Tokenizer)];
                Assert.Equal(generator.Generate(start, new GenerationOptions { MaxTokens = 5, Seed = _options.Seed }), report.Sample);
                looked.Add(report.Step);
            }),
            run);

        Assert.Equal([1, 3, 5], looked);
    }

    [Fact]
    [Trait("Number", "L10-105")]
    public void Validation_is_the_same_twice_and_touches_nothing_of_the_training()
    {
        Trainer trainer = new(_config, _data, _options with { Steps = 3 });
        trainer.Run();
        (byte[] places, byte[] masks) = (trainer.BatchRandom.GetState().ToBytes(), trainer.DropoutRandom.GetState().ToBytes());
        float[] weights = Weights(trainer);

        float first = Evaluation.Estimate(trainer.Model, _data.ValidationIds, 6, 2);

        Assert.Equal(first, Evaluation.Estimate(trainer.Model, _data.ValidationIds, 6, 2));
        Assert.True(trainer.Model.IsTraining);
        Assert.Equal(weights, Weights(trainer));
        Assert.Equal(places, trainer.BatchRandom.GetState().ToBytes());
        Assert.Equal(masks, trainer.DropoutRandom.GetState().ToBytes());
    }

    [Fact]
    public void A_run_that_is_looked_at_often_learns_the_same_as_one_that_is_not()
    {
        Trainer often = new(_config, _data, _options with { EvaluationInterval = 1, SampleInterval = 1 });
        Trainer never = new(_config, _data, _options with { EvaluationInterval = 0, SampleInterval = 0 });
        often.Run();
        never.Run();

        Assert.Equal(Weights(never), Weights(often));
    }

    [Fact]
    [Trait("Number", "L10-106")]
    public void The_log_begins_empty_and_its_lines_read_back_as_training_validation_and_hellaswag()
    {
        string path = Path.Combine(_folder, "run");
        using RunDirectory run = RunDirectory.Create(path, Run(_options) with { HellaSwag = Questions() }, _data.Tokenizer);
        File.WriteAllText(Path.Combine(path, "metrics.jsonl"), """{"step":0,"loss":9}""" + "\n");
        List<TrainingProgress> said = [];

        run.Resume(_data).Run(new Reports(said.Add), run);

        IReadOnlyList<StepMetrics> read = run.ReadMetrics();
        Assert.Equal(Enumerable.Range(0, 6), read.Select(step => step.Step));
        Assert.Equal(said.Select(step => step.Loss), read.Select(step => step.Loss));
        Assert.Equal(said.Select(step => step.ValidationLoss), read.Select(step => step.ValidationLoss));
        Assert.Equal(said.Select(step => step.HellaSwag), read.Select(step => step.HellaSwag));
        Assert.Equal([false, true, false, true, false, true], read.Select(step => step.HellaSwag is not null));
        Assert.Equal(0.2955, HellaSwagFile.Gpt2Accuracy);
    }

    [Fact]
    public void What_is_logged_of_hellaswag_is_the_share_of_right_answers_of_the_weights_after_the_step()
    {
        using RunDirectory run = RunDirectory.Create(
            Path.Combine(_folder, "run"), Run(_options) with { HellaSwag = Questions(most: 5) }, _data.Tokenizer);
        Trainer trainer = run.Resume(_data);
        Assert.Equal(5, trainer.Questions.Count);

        trainer.Run(
            new Reports(report =>
            {
                if (report.HellaSwag is float share)
                {
                    ChoiceScore score = ChoiceScore.Of(trainer.Questions, new ChoiceScorer(run.LoadModel()).Score(trainer.Questions));
                    Assert.Equal(score.RightByMean / 5f, share);
                }
            }),
            run);
    }

    [Fact]
    public void Answers_are_chosen_by_the_mean()
    {
        // Weights that stay, and questions whose right ending is the likeliest by its mean and not by its sum.
        Trainer trainer = new(_config, _data, _options with { LearningRate = 0, MinimumLearningRate = 0 });
        ITokenizer tokenizer = _data.Tokenizer;
        ChoiceQuestion[] all =
        [
            .. "the cat sat on the mat".Split(' ').Select(context => new ChoiceQuestion(
                context, tokenizer.Encode(context), [tokenizer.Encode("n"), tokenizer.Encode("dog ran"), tokenizer.Encode(" by. a")], 0)),
        ];
        ChoiceQuestion[] questions =
        [
            .. all.Zip(new ChoiceScorer(trainer.Model).Score(all)).Where(pair => pair.Second.ByMean != pair.Second.BySum)
                .Select(pair => pair.First with { Answer = pair.Second.ByMean }),
        ];
        Assert.NotEmpty(questions);
        trainer.Questions = questions;
        List<float?> said = [];

        trainer.Run(new Reports(report => said.Add(report.HellaSwag)));

        Assert.Equal([null, 1, null, 1, null, 1], said);
    }

    [Fact]
    public void A_run_that_is_asked_questions_learns_the_same_and_stopped_and_resumed_writes_the_same_log()
    {
        (float[] weights, string log) = Train("whole", Questions(), stops: []);

        Assert.Equal(Train("silent", null, stops: []).Weights, weights);
        (float[] weightsOfParts, string logOfParts) = Train("parts", Questions(), stops: [1, 2, 5]);
        Assert.Equal(weights, weightsOfParts);
        Assert.Equal(log, logOfParts);
        Assert.Equal(3, log.Split("\"hellaSwag\":").Length - 1);
    }

    [Fact]
    public void A_run_goes_on_with_no_other_questions()
    {
        using RunDirectory run = RunDirectory.Create(
            Path.Combine(_folder, "run"), Run(_options) with { HellaSwag = Questions() }, _data.Tokenizer);
        File.AppendAllText(Path.Combine(_folder, "questions.jsonl"), Question(7) + "\n");

        string message = Assert.Throws<InvalidRunException>(() => run.Resume(_data)).Message;

        Assert.Contains("have changed since the run began: put the old ones back", message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Number", "L10-107")]
    public void A_checkpoint_reads_back_to_the_same_bits()
    {
        using RunDirectory run = RunDirectory.Create(Path.Combine(_folder, "run"), Run(_options with { Steps = 3 }), _data.Tokenizer);
        Trainer trainer = run.Resume(_data);
        trainer.Run(null, run);

        Trainer read = run.LoadTrainer(_data);

        Assert.Equal(trainer.Step, read.Step);
        Assert.Equal(Weights(trainer), Weights(read));
        Assert.Equal(trainer.BatchRandom.GetState().ToBytes(), read.BatchRandom.GetState().ToBytes());
        Assert.Equal(trainer.DropoutRandom.GetState().ToBytes(), read.DropoutRandom.GetState().ToBytes());
        Assert.All(
            trainer.Optimizer.State.Zip(read.Optimizer.State),
            pair => Assert.Equal(pair.First.Value.ToArray(), pair.Second.Value.ToArray()));
    }

    private static string Question(int number)
    {
        string[] words = ["cat", "dog", "mat", "ran"];
        IEnumerable<string> endings = Enumerable.Range(0, 4).Select(i => $"\"{words[(number + i) % 4]}\"");
        return $$"""{"ctx":"the cat sat on a","endings":[{{string.Join(',', endings)}}],"label":{{number % 3}}}""";
    }

    private RunQuestions Questions(int most = int.MaxValue)
    {
        string path = Path.Combine(_folder, "questions.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, 12).Select(Question));
        return RunQuestions.Of(path, most);
    }

    // Trains to the end, stopped after each of some steps and resumed.
    private (float[] Weights, string Log) Train(string name, RunQuestions? questions, int[] stops)
    {
        string path = Path.Combine(_folder, name);
        RunDirectory.Create(path, Run(_options) with { HellaSwag = questions }, _data.Tokenizer).Dispose();
        foreach (int stop in stops.Append(int.MaxValue))
        {
            using RunDirectory run = RunDirectory.Open(path);
            using CancellationTokenSource source = new();
            Trainer trainer = run.Resume(_data);
            if (trainer.Run(new Reports(report => Stop(report, stop, source)), run, source.Token))
            {
                run.Dispose();
                return (Weights(trainer), File.ReadAllText(Path.Combine(path, "metrics.jsonl")));
            }
        }

        throw new InvalidOperationException("The run was never done.");
    }

    private static void Stop(TrainingProgress report, int stop, CancellationTokenSource source)
    {
        if (report.Step + 1 == stop)
        {
            source.Cancel();
        }
    }

    private static float[] Weights(Trainer trainer) => [.. trainer.Model.Parameters().SelectMany(parameter => parameter.ToArray())];

    private static RunConfig Run(TrainingOptions options) => new()
    {
        Data = new RunData { Source = "cats", Kind = TextKind.RunningText, Sha256 = _data.SourceHash },
        Model = _config,
        Training = options,
    };

    private sealed class Reports(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
