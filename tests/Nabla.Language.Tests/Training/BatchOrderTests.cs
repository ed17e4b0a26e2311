using Nabla.IO;
using Nabla.Language.Data;
using Nabla.Language.Tests.Data;

namespace Nabla.Language.Tests.Training;

/// <summary>Training on tokens that lie in files, and in an order: the same bits as from memory, stopped and resumed or not.</summary>
public sealed class BatchOrderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(BatchOrder.Random, BatchRows.Stream)]
    [InlineData(BatchOrder.Random, BatchRows.Documents)]
    [InlineData(BatchOrder.Shuffled, BatchRows.Stream)]
    [InlineData(BatchOrder.Shuffled, BatchRows.Documents)]
    [InlineData(BatchOrder.Sequential, BatchRows.Stream)]
    public void A_run_stopped_and_resumed_equals_one_that_was_not(BatchOrder order, BatchRows rows)
    {
        TextDataset data = Shards();
        TrainingOptions options = Options(order, rows);

        float[] whole = Train("whole", data, options, stops: []);
        float[] parts = Train("parts", data, options, stops: [2, 3, 7]);

        Assert.Equal(whole, parts);
    }

    [Theory]
    [InlineData(BatchOrder.Random)]
    [InlineData(BatchOrder.Shuffled)]
    [InlineData(BatchOrder.Sequential)]
    public void Files_of_tokens_train_to_the_bits_of_an_array(BatchOrder order)
    {
        TextDataset files = Shards(shardTokens: 1_000_000);
        TextDataset array = files with
        {
            TrainingIds = files.TrainingIds.ToArray(),
            ValidationIds = files.ValidationIds.ToArray(),
        };
        Trainer fromFiles = new(Model(files), files, Options(order, BatchRows.Stream));
        Trainer fromArray = new(Model(array), array, Options(order, BatchRows.Stream));
        Assert.True(fromFiles.Run() && fromArray.Run());

        Assert.Equal(Weights(fromArray.Model), Weights(fromFiles.Model));
        Assert.Equal(fromArray.ValidationLoss(), fromFiles.ValidationLoss());
    }

    [Fact]
    public void Orders_train_to_different_weights()
    {
        TextDataset data = Shards();
        float[][] weights = [.. Enum.GetValues<BatchOrder>().Select(order =>
        {
            Trainer trainer = new(Model(data), data, Options(order, BatchRows.Stream));
            trainer.Run();
            return Weights(trainer.Model);
        })];

        Assert.NotEqual(weights[0], weights[1]);
        Assert.NotEqual(weights[1], weights[2]);
    }

    [Fact]
    public void A_checkpoint_without_a_place_or_with_an_impossible_one_is_refused()
    {
        TextDataset data = Shards();
        TrainingOptions sequential = Options(BatchOrder.Sequential, BatchRows.Stream);
        string path = _folder.File("checkpoint.safetensors");
        Checkpoint.Write(path, new Trainer(Model(data), data, Options(BatchOrder.Random, BatchRows.Stream)));
        Refused("'batchPosition' is missing");

        // A place of the shuffled order, which has no end, where the files end before it.
        Trainer shuffled = new(Model(data), data, Options(BatchOrder.Shuffled, BatchRows.Stream));
        ((IOrderedBatches)shuffled.Batches).Position = 1_000_000;
        Checkpoint.Write(path, shuffled);
        Refused("the place 1000000 is none of the run's batches");

        void Refused(string fault) => Assert.Contains(
            fault,
            Assert.Throws<TensorFileException>(() => Checkpoint.Read(path, new Trainer(Model(data), data, sequential))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Documents_have_no_sequence()
        => Assert.Contains(
            "take the order shuffled",
            Assert.Throws<ArgumentException>(() => Options(BatchOrder.Sequential, BatchRows.Documents).Validate()).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_run_from_before_there_were_orders_draws_at_random()
    {
        RunConfig config = new()
        {
            Data = new RunData { Source = "x", Kind = TextKind.RunningText, Sha256 = "0" },
            Model = new GptConfig(),
            Training = new TrainingOptions { Order = BatchOrder.Shuffled },
        };
        string json = config.ToJson();
        Assert.Equal(BatchOrder.Shuffled, RunConfig.FromJson(json).Training.Order);

        string old = json.Replace("\"order\": \"Shuffled\",", string.Empty, StringComparison.Ordinal);
        Assert.NotEqual(json, old);
        Assert.Equal(BatchOrder.Random, RunConfig.FromJson(old).Training.Order);
    }

    private static TrainingOptions Options(BatchOrder order, BatchRows rows) => new()
    {
        Steps = 9,
        BatchSize = 3,
        AccumulationSteps = 2,
        LearningRate = 1e-2f,
        WarmupSteps = 2,
        EvaluationInterval = 4,
        EvaluationBatches = 2,
        CheckpointInterval = 0,
        Order = order,
        Rows = rows,
    };

    private static GptConfig Model(TextDataset data) => new()
    {
        VocabularySize = data.Tokenizer.VocabularySize,
        ContextLength = 8,
        LayerCount = 1,
        HeadCount = 2,
        Width = 8,
    };

    private static float[] Weights(LanguageModel model)
        => [.. model.NamedParameters().SelectMany(parameter => parameter.Value.ToArray())];

    // So small that a few steps go through several epochs and files.
    private TextDataset Shards(int shardTokens = 100)
    {
        string[] documents = [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? "the cat sat" : i % 3 == 1 ? "a dog ran by" : "on the mat")];
        string path = _folder.Write("text.txt", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', documents)));
        string folder = _folder.File($"shards{shardTokens}");
        ShardPreparation.Run(
            [path], folder, Nabla.Tokenizers.CharacterTokenizer.FromText(string.Concat(documents), boundary: true),
            new ShardOptions { Name = "x", ShardTokens = shardTokens, Documents = DocumentForm.Line });
        return TokenShards.Open(folder).ToDataset();
    }

    // Stops after some steps, and goes on from the folder with a trainer of its own.
    private float[] Train(string name, TextDataset data, TrainingOptions options, int[] stops)
    {
        RunConfig config = new()
        {
            Data = new RunData { Source = data.Name, Kind = TextKind.Shards, Sha256 = data.SourceHash },
            Model = Model(data),
            Training = options,
        };
        string folder = _folder.File(name);
        RunDirectory.Create(folder, config, data.Tokenizer).Dispose();
        foreach (int stop in stops)
        {
            using RunDirectory run = RunDirectory.Open(folder);
            using CancellationTokenSource source = new();
            run.Resume(data).Run(new StopAfter(stop, source), run, source.Token);
        }

        using RunDirectory last = RunDirectory.Open(folder);
        Trainer trainer = last.Resume(data);
        Assert.Equal(stops.Length == 0 ? 0 : stops[^1], trainer.Step);
        Assert.True(trainer.Run(null, last));
        return Weights(trainer.Model);
    }

    private sealed class StopAfter(int steps, CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step + 1 == steps)
            {
                source.Cancel();
            }
        }
    }
}
