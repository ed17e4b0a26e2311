namespace Nabla.Language;

/// <summary>How the learning rate moves over the steps, after the warm-up.</summary>
public enum RateSchedule
{
    /// <summary>Half a cosine from the rate to its minimum.</summary>
    Cosine,

    /// <summary>A straight line from the rate to its minimum.</summary>
    Linear,

    /// <summary>The rate stays.</summary>
    Constant,
}

/// <summary>What a row of a batch is.</summary>
public enum BatchRows
{
    /// <summary>A piece of the text from anywhere, with all documents in one stream.</summary>
    Stream,

    /// <summary>One document from its beginning, and nothing behind it.</summary>
    Documents,
}

/// <summary>In which order rows come.</summary>
public enum BatchOrder
{
    /// <summary>Each is drawn from all, so that some come again before others have come; a piece of the text begins anywhere.</summary>
    Random,

    /// <summary>Each comes once in an epoch, in an order that is shuffled anew for every epoch, see <see cref="Data.ShuffledBatches"/>.</summary>
    Shuffled,

    /// <summary>As they stand in the text, in every epoch again, as in the GPT-2 lecture, see <see cref="Data.SequentialBatches"/>.</summary>
    Sequential,
}

/// <summary>How a model is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Gets the number of optimiser steps.</summary>
    public int Steps { get; init; } = 2000;

    /// <summary>Gets the number of rows in a batch.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Gets what a row is: what is trained on so is measured so, too.</summary>
    public BatchRows Rows { get; init; } = BatchRows.Stream;

    /// <summary>Gets the order of the rows.</summary>
    public BatchOrder Order { get; init; } = BatchOrder.Random;

    /// <summary>Gets the number of batches whose gradients are averaged into one step.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>Gets the highest learning rate.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>Gets the learning rate at the end.</summary>
    public float MinimumLearningRate { get; init; } = 1e-4f;

    /// <summary>Gets the number of steps over which the rate rises from near 0.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>Gets how the rate moves after the warm-up.</summary>
    public RateSchedule Schedule { get; init; } = RateSchedule.Cosine;

    /// <summary>Gets the weight decay of matrices; norms and biases do not decay.</summary>
    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>Gets how slowly AdamW's mean of the gradients forgets.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Gets how slowly AdamW's mean of the squared gradients forgets.</summary>
    public double Beta2 { get; init; } = 0.99;

    /// <summary>Gets the norm that all gradients together are clipped to; 0 for no clipping.</summary>
    public float ClipNorm { get; init; } = 1;

    /// <summary>Gets after how many steps the validation loss is estimated; 0 for never.</summary>
    public int EvaluationInterval { get; init; } = 250;

    /// <summary>Gets the number of validation batches of an estimate, the same ones each time.</summary>
    public int EvaluationBatches { get; init; } = 20;

    /// <summary>Gets after how many steps a sample is drawn; 0 for never.</summary>
    public int SampleInterval { get; init; }

    /// <summary>Gets the number of tokens of such a sample.</summary>
    public int SampleTokens { get; init; } = 60;

    /// <summary>
    /// Gets after how many steps one is watched: what it changes and what layers put out is recorded, and faults are warned of; 0
    /// for never.
    /// </summary>
    public int WatchInterval { get; init; }

    /// <summary>Gets after how many steps a checkpoint is written; 0 for at the end only.</summary>
    public int CheckpointInterval { get; init; } = 250;

    /// <summary>Gets how many checkpoints before the last one are kept, the newest ones.</summary>
    public int KeepCheckpoints { get; init; }

    /// <summary>
    /// Gets how many of a GPT's tokens, the first ones, keep the rows of their embedding and head, and with these everything else but
    /// the rows of the tokens after them; 0 to train everything.
    /// </summary>
    public int FrozenTokens { get; init; }

    /// <summary>Gets the seed of the weights, the batches and dropout.</summary>
    public ulong Seed { get; init; } = 1337;

    /// <summary>Throws unless the options make sense.</summary>
    /// <exception cref="ArgumentException">One is out of its range.</exception>
    public void Validate()
    {
        AtLeast(1, "batch size", BatchSize);
        AtLeast(1, "accumulation steps", AccumulationSteps);
        AtLeast(1, "evaluation batches", EvaluationBatches);
        AtLeast(0, "steps", Steps);
        AtLeast(0, "warm-up steps", WarmupSteps);
        AtLeast(0, "evaluation interval", EvaluationInterval);
        AtLeast(0, "sample interval", SampleInterval);
        AtLeast(0, "watch interval", WatchInterval);
        AtLeast(0, "checkpoint interval", CheckpointInterval);
        AtLeast(0, "number of checkpoints to keep", KeepCheckpoints);
        AtLeast(0, "number of frozen tokens", FrozenTokens);
        if (Rows == BatchRows.Documents && Order == BatchOrder.Sequential)
        {
            throw new ArgumentException("Sequential batches are of the stream and not of documents: take the order shuffled, or rows of the stream.");
        }

        Finite("learning rate", LearningRate);
        Finite("minimum learning rate", MinimumLearningRate);
        Finite("weight decay", WeightDecay);
        Finite("clip norm", ClipNorm);
        if (!(Beta1 is >= 0 and < 1 && Beta2 is >= 0 and < 1))
        {
            throw new ArgumentException(FormattableString.Invariant($"AdamW's betas must be from 0 to below 1, not {Beta1} and {Beta2}."));
        }
    }

    private static void AtLeast(int least, string name, int value)
    {
        if (value < least)
        {
            throw new ArgumentException($"The {name} must be at least {least}, not {value}.");
        }
    }

    private static void Finite(string name, float value)
    {
        if (!(value >= 0 && float.IsFinite(value)))
        {
            throw new ArgumentException(FormattableString.Invariant($"The {name} must be a number of at least 0, not {value}."));
        }
    }
}
