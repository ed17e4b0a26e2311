using Nabla.Language.Data;
using Nabla.Tests;

namespace Nabla.Language.Tests.Training;

/// <summary>Whole trainings on tiny Shakespeare; each validation loss is over the whole validation split.</summary>
public class LectureTrainingTests
{
    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L07-084")]
    public void The_character_model_for_CPUs_reaches_1_88()
    {
        GptConfig model = new() { VocabularySize = 65, LayerCount = 4, HeadCount = 4, Width = 128, ContextLength = 64 };
        TrainingOptions options = new() { Steps = 2000, BatchSize = 12, LearningRate = 1e-3f, EvaluationInterval = 0 };
        Assert.Equal(1.88, Train(model, options), 0.05);

        // A higher rate learns faster.
        Assert.InRange(Train(model, options with { LearningRate = 3e-3f }), 1.5, 1.80);
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    public void The_lectures_CPU_model_reaches_1_86_at_most()
    {
        TrainingOptions options = new()
        {
            Steps = 5000,
            BatchSize = 16,
            LearningRate = 1e-3f,
            Schedule = RateSchedule.Constant,
            WarmupSteps = 0,
            WeightDecay = 0.01f,
            Beta2 = 0.999,
            ClipNorm = 0,
            EvaluationInterval = 0,
        };
        Assert.InRange(Train(GptConfig.SmallLecture, options), 1.7, 1.86);
    }

    private static double Train(GptConfig model, TrainingOptions options)
    {
        TextDataset data = RunningText.Create(File.ReadAllText(TestFiles.Data("tinyshakespeare.txt")), "shakespeare");
        Trainer trainer = new(model, data, options);
        Assert.True(trainer.Run());
        return Evaluation.WholeLoss(trainer.Model, data.ValidationIds);
    }
}
