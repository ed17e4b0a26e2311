using Nabla.Diagnostics;

namespace Nabla.Language;

/// <summary>What a trainer's model, its layers and its next steps look like.</summary>
public sealed class Diagnosis
{
    private Diagnosis()
    {
    }

    /// <summary>Gets the number of steps that the model had been trained for.</summary>
    public required int Step { get; init; }

    /// <summary>Gets the loss of a guess in which all tokens are equally likely, ln V, in nats per token.</summary>
    public required double GuessLoss { get; init; }

    /// <summary>Gets the mean loss over the batches, in nats per token.</summary>
    public required double Loss { get; init; }

    /// <summary>Gets what the layers put out over the batches, and the gradients of that.</summary>
    public required IReadOnlyList<LayerStatistics> Layers { get; init; }

    /// <summary>Gets the parameters, and their gradients over the batches.</summary>
    public required IReadOnlyList<ParameterStatistics> Parameters { get; init; }

    /// <summary>Gets how much each of the next steps changed each matrix, in proportion to what it was.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, float>> Updates { get; init; }

    /// <summary>Gets the search for a learning rate, if one was asked for.</summary>
    public LearningRateSearch? Rates { get; private init; }

    /// <summary>Gets what is wrong.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>
    /// Looks at a trainer: first at its model as it is, on the batches that come next, then at its next steps, of which the trainer
    /// is left at the last.
    /// </summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="batches">The number of batches to look at, at least 1.</param>
    /// <param name="steps">The number of steps to take, at least 0.</param>
    /// <param name="findRate">Whether to search for a learning rate, too.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public static Diagnosis Of(Trainer trainer, int batches, int steps, bool findRate = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        trainer.Model.Train();
        int step = trainer.Step;
        (RandomState places, RandomState masks) = (trainer.BatchRandom.GetState(), trainer.DropoutRandom.GetState());
        IReadOnlyList<ParameterStatistics> parameters = ParameterStatistics.Of(trainer.Model);
        using LayerObserver observer = LayerObserver.Begin(trainer.Model);
        double loss = Look(trainer, observer, parameters, batches, cancellationToken);
        observer.Dispose();
        Rewind();
        LearningRateSearch? rates = null;
        if (findRate)
        {
            rates = LearningRateFinder.Run(trainer.Model, trainer.Optimizer, trainer.NextLoss, cancellationToken: cancellationToken);
            Rewind();
        }

        List<Finding> findings = [];
        if (step == 0 && !trainer.BeganTrained && FindingRules.FirstLoss(loss, trainer.Model.VocabularySize) is Finding first)
        {
            findings.Add(first);
        }

        (var updates, Finding? failure) = TakeSteps(trainer, steps, cancellationToken);
        StepWatch watch = StepObserver.Watch(observer.Layers, Means(updates));
        findings.AddRange(FindingRules.Of(watch, step, trainer.Options));
        findings.AddRange(failure is null ? [] : [failure]);
        return new Diagnosis
        {
            Step = step,
            GuessLoss = Math.Log(trainer.Model.VocabularySize),
            Loss = loss,
            Layers = observer.Layers,
            Parameters = parameters,
            Updates = updates,
            Rates = rates,
            Findings = findings,
        };

        void Rewind()
        {
            trainer.BatchRandom.SetState(places);
            trainer.DropoutRandom.SetState(masks);
        }
    }

    /// <summary>Returns for each name the geometric mean of its values: ratios are compared by their logarithms.</summary>
    /// <param name="updates">Values by name, step after step.</param>
    public static IReadOnlyDictionary<string, float> Means(IReadOnlyList<IReadOnlyDictionary<string, float>> updates)
    {
        ArgumentNullException.ThrowIfNull(updates);
        return updates.SelectMany(step => step)
            .GroupBy(pair => pair.Key, pair => Math.Log(pair.Value))
            .ToDictionary(logs => logs.Key, logs => (float)Math.Exp(logs.Average()));
    }

    private static double Look(
        Trainer trainer, LayerObserver observer, IReadOnlyList<ParameterStatistics> parameters, int batches, CancellationToken cancellationToken)
    {
        double sum = 0;
        for (int batch = 0; batch < batches; batch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using MemoryScope scope = MemoryScope.Begin();
            trainer.Optimizer.ZeroGrad();
            Tensor loss = trainer.NextLoss();
            sum += loss.Item();
            loss.Backward();
            observer.TakeGradients();
            foreach (ParameterStatistics parameter in parameters)
            {
                parameter.TakeGradient();
            }
        }

        trainer.Optimizer.ZeroGrad();
        return sum / batches;
    }

    private static (IReadOnlyList<IReadOnlyDictionary<string, float>> Updates, Finding? Failure) TakeSteps(
        Trainer trainer, int steps, CancellationToken cancellationToken)
    {
        List<IReadOnlyDictionary<string, float>> updates = [];
        try
        {
            for (int step = 0; step < steps; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                updates.Add(trainer.WatchStep().Updates);
            }
        }
        catch (TrainingException)
        {
            // A run that cannot go on is the one that most needs to be looked at.
            string text = $"The next step but {updates.Count} has a loss or gradient that is not finite; lower the learning rate.";
            return (updates, new Finding(FindingKind.RisingLoss, text, FindingRules.RateLesson));
        }

        return (updates, null);
    }
}
