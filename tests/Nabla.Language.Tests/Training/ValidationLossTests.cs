using Nabla.Language.Data;

namespace Nabla.Language.Tests.Training;

/// <summary>The loss after a training is over the whole validation split, but of a corpus only over as much as is soon read.</summary>
public sealed class ValidationLossTests
{
    private const int Most = Trainer.MostValidationTokens;

    [Theory]
    [InlineData(Most, BatchRows.Stream)]
    [InlineData(Most + 1, BatchRows.Stream)]
    [InlineData(Most + 5000, BatchRows.Stream)]
    [InlineData(Most, BatchRows.Documents)]
    [InlineData(Most + 5000, BatchRows.Documents)]
    public void Only_the_first_million_tokens_count(int length, BatchRows rows)
    {
        int[] ids = Ids(length);
        Trainer trainer = Trained(ids, rows);
        Trainer alone = Trained(ids[..Most], rows);

        Assert.Equal(Most, trainer.MeasuredIds.Length);
        Assert.Equal(ids[..Most], trainer.MeasuredIds.ToArray());
        Assert.Equal(alone.ValidationLoss(), trainer.ValidationLoss());
        Assert.Equal(trainer.ValidationLoss(), trainer.ValidationLoss());
    }

    [Fact]
    public void A_split_that_is_not_so_long_counts_whole()
    {
        int[] ids = Ids(3000);
        Trainer trainer = Trained(ids, BatchRows.Stream);

        Assert.Equal(3000, trainer.MeasuredIds.Length);
        Assert.Equal(Evaluation.WholeLoss(trainer.Model, ids, trainer.Options.BatchSize), trainer.ValidationLoss());
        Assert.NotEqual(Evaluation.WholeLoss(trainer.Model, ids[..2000], trainer.Options.BatchSize), trainer.ValidationLoss());
    }

    // The end is of another kind than the beginning, so that each token that is read changes the loss.
    private static int[] Ids(int length)
        => [.. Enumerable.Range(0, length).Select(place => place < Most ? place % 7 == 0 ? 0 : 1 + (place % 2) : 3)];

    private static Trainer Trained(int[] validation, BatchRows rows)
    {
        TextDataset data = RunningText.Create(string.Concat(Enumerable.Repeat("abca", 40)), "letters") with
        {
            TrainingIds = Ids(600),
            ValidationIds = validation,
            BoundaryId = 0,
        };
        Trainer trainer = new(
            new BigramConfig { ContextLength = 256, VocabularySize = 4 },
            data,
            new TrainingOptions { Steps = 3, BatchSize = 64, LearningRate = 0.1f, WarmupSteps = 0, EvaluationInterval = 0, EvaluationBatches = 1, Rows = rows });
        trainer.Run();
        return trainer;
    }
}
