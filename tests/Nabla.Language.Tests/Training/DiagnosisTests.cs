using Nabla.Language.Data;

namespace Nabla.Language.Tests.Training;

/// <summary>A look at a trainer finds what is there, and the trainer goes on as if nobody had looked.</summary>
public class DiagnosisTests
{
    private static readonly TextDataset _data =
        RunningText.Create(string.Concat(Enumerable.Repeat("the cat sat on the mat. a dog ran by. ", 40)), "cats");

    private static readonly TrainingOptions _options = new() { Steps = 50, BatchSize = 4, WarmupSteps = 0, EvaluationInterval = 0 };

    [Fact]
    public void Its_steps_are_those_that_the_training_would_have_taken_whatever_else_was_looked_at()
    {
        Trainer trainer = NewTrainer(_options);
        List<IReadOnlyDictionary<string, float>> updates = [];
        for (int step = 0; step < 4; step++)
        {
            updates.Add(trainer.WatchStep().Updates);
        }

        Trainer looked = NewTrainer(_options);
        Diagnosis diagnosis = Diagnosis.Of(looked, batches: 3, steps: 4, findRate: true);

        Assert.Equal((0, 4), (diagnosis.Step, looked.Step));
        Assert.Equal(updates, diagnosis.Updates);
        Assert.Equal(Weights(trainer), Weights(looked));
        Assert.NotEmpty(diagnosis.Rates!.Tried);
    }

    [Fact]
    public void It_sees_every_batch_and_every_layer_and_parameter()
    {
        Trainer trainer = NewTrainer(_options);
        double expected = 0;
        for (int batch = 0; batch < 3; batch++)
        {
            expected += trainer.NextLoss().Item() / 3;
        }

        Trainer looked = NewTrainer(_options);
        Diagnosis diagnosis = Diagnosis.Of(looked, batches: 3, steps: 0);

        Assert.Equal(expected, diagnosis.Loss, 1e-6);
        Assert.Equal(Math.Log(_data.Tokenizer.VocabularySize), diagnosis.GuessLoss);
        Assert.Empty(diagnosis.Updates);
        Assert.Null(diagnosis.Rates);
        Assert.Empty(diagnosis.Findings);
        Assert.Equal(
            ["wte", "h.0.ln_1", "h.0.attn.c_attn", "h.0.attn.c_proj", "h.0.ln_2", "h.0.mlp.c_fc", "h.0.mlp.act", "h.0.mlp.c_proj", "h.0", "ln_f", "lm_head"],
            diagnosis.Layers.Where(layer => layer.Kind != "Dropout").Select(layer => layer.Name));
        Assert.All(diagnosis.Layers, layer => Assert.Equal(3 * 4 * 8 * layer.UnitCount, layer.Outputs.Count));
        Assert.All(diagnosis.Layers, layer => Assert.Equal(layer.Outputs.Count, layer.Gradients.Count));
        Assert.Equal(looked.Model.NamedParameters().Select(pair => pair.Key), diagnosis.Parameters.Select(parameter => parameter.Name));
        Assert.All(diagnosis.Parameters, parameter => Assert.Equal(3 * parameter.Values.Count, parameter.Gradients.Count));
    }

    [Fact]
    public void A_training_that_cannot_go_on_is_a_finding_and_no_exception()
    {
        Trainer trainer = NewTrainer(_options with { LearningRate = 1e30f, ClipNorm = 0 });

        Diagnosis diagnosis = Diagnosis.Of(trainer, batches: 1, steps: 10);

        Assert.InRange(diagnosis.Updates.Count, 1, 9);
        Assert.Contains("not finite", diagnosis.Findings[^1].Text, StringComparison.Ordinal);
        Assert.Contains(diagnosis.Findings, finding => finding.Kind == FindingKind.LargeUpdates);
    }

    [Fact]
    public void A_stop_is_heeded()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => Diagnosis.Of(NewTrainer(_options), 1, 1, cancellationToken: stop.Token));
    }

    private static Trainer NewTrainer(TrainingOptions options)
    {
        GptConfig model = new()
        {
            VocabularySize = _data.Tokenizer.VocabularySize,
            ContextLength = 8,
            LayerCount = 1,
            HeadCount = 2,
            Width = 8,
            Dropout = 0.1f,
        };
        return new Trainer(model, _data, options);
    }

    private static float[] Weights(Trainer trainer) => [.. trainer.Model.Parameters().SelectMany(parameter => parameter.ToArray())];
}
