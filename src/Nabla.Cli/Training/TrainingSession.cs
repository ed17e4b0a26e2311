using System.Diagnostics;
using Nabla.Cli.Views;
using Nabla.Language;
using Nabla.Language.Data;

namespace Nabla.Cli.Training;

/// <summary>A run from its first step, or the one that it stopped at, to its samples.</summary>
internal sealed class TrainingSession : IDisposable
{
    private const int WordSamples = 20;

    // Counting the pairs of more tokens than this takes longer, and more memory, than what it tells is worth.
    private const int MostCountedTokens = 20_000_000;

    private readonly RunDirectory _run;
    private readonly TextDataset _data;
    private readonly Trainer _trainer;
    private readonly ITrainingView _view;
    private readonly string _folder;
    private readonly CancellationToken _stop;

    private TrainingSession(
        RunDirectory run, TextDataset data, Trainer trainer, ITrainingView view, string folder, CancellationToken stop)
        => (_run, _data, _trainer, _view, _folder, _stop) = (run, data, trainer, view, folder, stop);

    /// <summary>Gets the number of samples at the end.</summary>
    private int SampleCount { get; init; }

    /// <summary>Gets the temperature of the samples at the end.</summary>
    private float Temperature { get; init; } = 1;

    /// <summary>Loads the text and makes the run's folder. If that is refused, nothing is left of it.</summary>
    public static TrainingSession Begin(TrainingPlan plan, Terminal terminal, bool json, CancellationToken stop)
    {
        plan.Validate();
        ThreadOption.Apply(plan.Settings.Threads);
        (TextDataset data, RunConfig config) = PreparedRun.Load(plan, terminal, stop);
        string folder = plan.Folder ?? RunFolders.New(plan.Source);
        using NewFolder made = new(folder);
        RunDirectory run = RunDirectory.Create(folder, config, data.Tokenizer);
        try
        {
            Trainer trainer = plan.From is null ? run.Resume(data) : run.BeginFrom(data, plan.From.LoadModel());
            RunFolders.PointLatestAt(folder);
            made.Keep();
            return new TrainingSession(run, data, trainer, View(terminal, json), folder, stop)
            {
                SampleCount = plan.Settings.SampleCount ?? DefaultSampleCount(plan.Kind),
                Temperature = plan.Settings.Temperature,
            };
        }
        catch
        {
            // Its log is open, and an open file cannot be deleted everywhere.
            run.Dispose();
            throw;
        }
    }

    /// <summary>Opens a run to go on with it.</summary>
    public static TrainingSession Resume(string folder, int? threads, Terminal terminal, bool json, CancellationToken stop)
    {
        ThreadOption.Apply(threads);
        RunDirectory run = RunDirectory.Open(folder);
        DownloadLine progress = new(run.Config.Data.Source, terminal);
        TextDataset data = run.LoadDataAsync(progress: progress, cancellationToken: stop).GetAwaiter().GetResult();
        return new TrainingSession(run, data, run.Resume(data), View(terminal, json), folder, stop)
        {
            SampleCount = DefaultSampleCount(run.Config.Data.Kind),
        };
    }

    /// <summary>Trains to the end or to the user's stop.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        int firstStep = _trainer.Step;
        _view.Begin(new TrainingStart(
            _data.Name,
            _data.Tokenizer.VocabularySize,
            _data.TrainingIds.Length,
            _data.ValidationIds.Length,
            _run.Config,
            _trainer.Model.ParameterCount,
            Compute.ThreadCount,
            firstStep,
            _folder));
        BestEstimate best = new(_view);
        Stopwatch clock = Stopwatch.StartNew();
        bool isDone = _view.Watch(() => _trainer.Run(best, _run, _stop));
        clock.Stop();
        if (!isDone)
        {
            _view.Interrupted(_trainer.Step, _folder);
            return ExitCode.Interrupted;
        }

        double tokens = (_trainer.Step - firstStep) * _trainer.TokensPerStep;
        double loss;
        try
        {
            loss = _trainer.ValidationLoss(_stop);
        }
        catch (OperationCanceledException)
        {
            _view.Interrupted(_trainer.Step, _folder);
            return ExitCode.Interrupted;
        }

        _view.End(new TrainingSummary(
            loss,
            _trainer.MeasuredIds.Length,
            _data.ValidationIds.Length,
            Evaluation.BitsPerByte(loss, _data.Tokenizer, _trainer.MeasuredIds, _data.BoundaryId),
            _data.TrainingIds.Length + _data.ValidationIds.Length <= MostCountedTokens ? BigramLoss() : null,
            best.Loss,
            best.Step,
            clock.Elapsed,
            tokens / clock.Elapsed.TotalSeconds));
        _view.Samples(Samples(), KnownDocuments());
        return _stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    /// <inheritdoc/>
    public void Dispose() => _run.Dispose();

    private static int DefaultSampleCount(TextKind kind) => kind == TextKind.WordList ? WordSamples : 1;

    private static ITrainingView View(Terminal terminal, bool json)
        => json ? new JsonView(terminal) : LiveView.For(terminal) ?? new LinesView(terminal);

    private double BigramLoss() => new CountedBigram(_data.TrainingIds.ToArray(), _data.Tokenizer.VocabularySize)
        .MeanNegativeLogLikelihood(_trainer.MeasuredIds.ToArray());

    private IEnumerable<string> Samples()
    {
        Sampling sampling = new(_trainer.Model, _data.Tokenizer, _data.BoundaryId);
        GenerationOptions options = new() { Temperature = Temperature, Seed = _run.Config.Training.Seed };
        return sampling.Many(string.Empty, SampleCount, options, _stop).TakeWhile(_ => !_stop.IsCancellationRequested);
    }

    private HashSet<string>? KnownDocuments()
    {
        return _run.Config.Data.Kind == TextKind.WordList && _data.BoundaryId is int boundary
            ? [.. Documents(_data.TrainingIds), .. Documents(_data.ValidationIds)]
            : null;

        IEnumerable<string> Documents(TokenSequence ids) => WordList.Documents(_data.Tokenizer, ids.ToArray(), boundary);
    }

    /// <summary>Keeps the best estimate of the validation loss on its way to the view.</summary>
    private sealed class BestEstimate(IProgress<TrainingProgress> next) : IProgress<TrainingProgress>
    {
        public float? Loss { get; private set; }

        public int Step { get; private set; }

        public void Report(TrainingProgress value)
        {
            if (value.ValidationLoss is float loss && !(loss >= Loss))
            {
                (Loss, Step) = (loss, value.Step + 1);
            }

            next.Report(value);
        }
    }
}
