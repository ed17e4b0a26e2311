using Nabla.Language.Data;

namespace Nabla.Language.Tests.Training;

/// <summary>A training that computes the inside of its blocks again learns the same, to the bit.</summary>
public sealed class RecomputeTests
{
    [Theory]
    [InlineData(0f, Activation.Gelu)]
    [InlineData(0.2f, Activation.Gelu)]
    [InlineData(0.2f, Activation.Relu)]
    public async Task The_weights_after_some_steps_are_the_same_bits(float dropout, Activation activation)
        => Assert.Equal(await Weights(recompute: false, dropout, activation), await Weights(recompute: true, dropout, activation));

    private static async Task<float[]> Weights(bool recompute, float dropout, Activation activation)
    {
        TextDataset data = await TextSource.LoadAsync("names", cancellationToken: TestContext.Current.CancellationToken);
        GptConfig config = new()
        {
            VocabularySize = data.Tokenizer.VocabularySize,
            ContextLength = 32,
            LayerCount = 3,
            HeadCount = 4,
            Width = 64,
            Dropout = dropout,
            Activation = activation,
            Recompute = recompute,
        };
        TrainingOptions options = new() { Steps = 5, BatchSize = 8, WarmupSteps = 2, LearningRate = 3e-3f, EvaluationInterval = 3 };
        Trainer trainer = new(config, data, options);
        trainer.Run(cancellationToken: TestContext.Current.CancellationToken);
        return [.. trainer.Model.Parameters().SelectMany(parameter => parameter.ToArray())];
    }
}
