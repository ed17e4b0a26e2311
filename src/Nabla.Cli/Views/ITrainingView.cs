using Nabla.Language;

namespace Nabla.Cli.Views;

/// <summary>Shows a training run; the steps are reported to it as they come.</summary>
internal interface ITrainingView : IProgress<TrainingProgress>
{
    /// <summary>Says what is about to be trained.</summary>
    void Begin(TrainingStart start);

    /// <summary>Shows the steps that are reported while the training runs.</summary>
    /// <returns>What the training returned.</returns>
    bool Watch(Func<bool> training);

    /// <summary>Says that the training was stopped, and how to go on.</summary>
    void Interrupted(int step, string run);

    /// <summary>Says what came out.</summary>
    void End(TrainingSummary summary);

    /// <summary>Writes the samples.</summary>
    /// <param name="samples">Texts as they are drawn.</param>
    /// <param name="known">The documents of a word list; null for running text.</param>
    void Samples(IEnumerable<string> samples, IReadOnlySet<string>? known);
}
