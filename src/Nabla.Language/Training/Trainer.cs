using System.Diagnostics;
using Nabla.Language.Data;
using Nabla.Optim;

namespace Nabla.Language;

/// <summary>
/// Trains a <see cref="LanguageModel"/>: batches, gradients, clipping, AdamW, a learning-rate schedule. The same data, options and seed
/// give the same weights to the bit, on any number of threads, stopped and resumed or not.
/// </summary>
public sealed class Trainer
{
    /// <summary>Of a longer validation split <see cref="ValidationLoss"/> reads this many tokens, the first ones.</summary>
    public const int MostValidationTokens = 1 << 20;

    /// <summary>Speed is measured over at most this many steps.</summary>
    private const int SpeedWindow = 50;

    private readonly TextDataset _data;
    private readonly LearningRateSchedule _schedule;
    private readonly TrainingWarnings _warnings;
    private readonly IReadOnlyList<KeyValuePair<string, Tensor>> _parameters;
    private readonly DocumentRows? _validationDocuments;
    private readonly NewTokenRows? _newRows;
    private readonly int[] _x;
    private readonly int[] _y;

    /// <summary>Creates a trainer and its model.</summary>
    /// <param name="config">The model's sizes; its vocabulary must hold the data's.</param>
    /// <param name="data">What to learn.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">
    /// An option is out of its range, the context is longer than the data, rows are to be documents where there are none, or the
    /// frozen tokens are not some of a GPT's.
    /// </exception>
    public Trainer(LanguageModelConfig config, TextDataset data, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        config.Validate();
        options.Validate();
        if (data.Tokenizer.VocabularySize > config.VocabularySize)
        {
            throw new ArgumentException(
                $"The data has {data.Tokenizer.VocabularySize} different tokens and the model knows {config.VocabularySize}; enlarge its vocabulary.");
        }

        if (data.ValidationIds.Length < 2)
        {
            throw new ArgumentException($"{data.Name} is too short: its validation split, a tenth of it, needs at least two tokens.");
        }

        (_data, Options) = (data, options);

        // Before the model, so that a context longer than the text is refused before memory is taken for it.
        BatchRandom = new RandomGenerator(options.Seed + 2);
        double targetsPerRow = config.TargetsPerRow;
        if (options.Rows == BatchRows.Documents)
        {
            DocumentRows training = Documents(config, data, data.TrainingIds);
            Batches = options.Order == BatchOrder.Shuffled
                ? new ShuffledBatches(training, options.BatchSize, BatchRandom.Seed)
                : new DocumentSampler(training, options.BatchSize, BatchRandom);
            _validationDocuments = Documents(config, data, data.ValidationIds);
            targetsPerRow = (double)training.TargetCount / training.Count;
        }
        else
        {
            Batches = StreamBatches(config, data.TrainingIds, options);
        }

        TokensPerStep = (double)options.AccumulationSteps * options.BatchSize * targetsPerRow;

        // Streams of their own, so that one more evaluation or layer of dropout does not change the batches.
        DropoutRandom = new RandomGenerator(options.Seed + 1);
        Model = config.Create(new RandomGenerator(options.Seed), DropoutRandom);
        if (options.FrozenTokens > 0)
        {
            Gpt gpt = Model as Gpt ?? throw new ArgumentException("Only a GPT's tokens can be frozen: train everything.");
            _newRows = new NewTokenRows(gpt, options.FrozenTokens, nameof(Trainer));
        }

        _parameters = [.. Model.NamedParameters().Where(pair => pair.Value.RequiresGrad)];
        Optimizer = new AdamW(
            [
                new ParameterGroup(Parameters(decayed: true), options.LearningRate, _newRows is null ? options.WeightDecay : 0),
                new ParameterGroup(Parameters(decayed: false), options.LearningRate, 0),
            ],
            options.Beta1,
            options.Beta2);
        _schedule = CreateSchedule(options);
        _warnings = new TrainingWarnings(options, config.VocabularySize);
        _x = new int[options.BatchSize * config.ContextLength];
        _y = new int[options.BatchSize * config.ContextLength];
    }

    /// <summary>Gets the model, which each step changes.</summary>
    public LanguageModel Model { get; }

    /// <summary>Gets the options.</summary>
    public TrainingOptions Options { get; }

    /// <summary>Gets the number of steps done.</summary>
    public int Step { get; internal set; }

    /// <summary>Gets the number of tokens that a step predicts; where rows are documents, on average.</summary>
    public double TokensPerStep { get; }

    /// <summary>
    /// Gets the tokens that <see cref="ValidationLoss"/> is over: those of the validation split, of a long one the first
    /// <see cref="MostValidationTokens"/>. A whole file of 100 million tokens would take GPT-2 a day.
    /// </summary>
    public TokenSequence MeasuredIds => _data.ValidationIds.First(MostValidationTokens);

    /// <summary>
    /// Gets or sets the questions that the model is asked whenever the validation loss is estimated, such as those of HellaSwag. The
    /// asking changes nothing of what is learnt.
    /// </summary>
    /// <exception cref="ArgumentException">The model cannot be asked one of them, see <see cref="ChoiceScorer.Check"/>.</exception>
    public IReadOnlyList<ChoiceQuestion> Questions
    {
        get;
        set
        {
            new ChoiceScorer(Model).Check(value);
            field = value;
        }
    } = [];

    /// <summary>Gets whether the first step's model is one that was trained before, whose loss is not that of a guess.</summary>
    internal bool BeganTrained { get; init; }

    /// <summary>Gets the optimiser, of two groups: what decays, matrices and embeddings, and what does not, gains and biases.</summary>
    internal AdamW Optimizer { get; }

    /// <summary>Gets the batches to learn from.</summary>
    internal IBatchSource Batches { get; }

    /// <summary>Gets where the places of batches are drawn from.</summary>
    internal RandomGenerator BatchRandom { get; }

    /// <summary>Gets where dropout masks are drawn from.</summary>
    internal RandomGenerator DropoutRandom { get; }

    /// <summary>Trains until all steps are done or a stop is asked for, which is heeded after the step under way.</summary>
    /// <param name="progress">Told of every step.</param>
    /// <param name="run">Where metrics and checkpoints are written; null to keep everything in memory.</param>
    /// <param name="cancellationToken">Asks for a stop.</param>
    /// <returns>Whether all steps are done.</returns>
    /// <exception cref="TrainingException">The loss or a gradient is not finite.</exception>
    public bool Run(IProgress<TrainingProgress>? progress = null, RunDirectory? run = null, CancellationToken cancellationToken = default)
    {
        Model.Train();
        int saved = -1;
        Stopwatch clock = new();
        int stepsTimed = 0;
        while (Step < Options.Steps && !cancellationToken.IsCancellationRequested)
        {
            TimeSpan before = clock.Elapsed;
            clock.Start();
            (float loss, float norm, float rate, StepWatch? watch) = TakeStep(Options.WatchInterval > 0 && Step % Options.WatchInterval == 0);
            clock.Stop();
            TimeSpan stepTime = clock.Elapsed - before;
            stepsTimed++;
            int step = Step++;
            IReadOnlyList<string> warnings = _warnings.Of(step, loss, watch, isUntrained: step == 0 && !BeganTrained);
            bool isMeasured = IsDue(Options.EvaluationInterval);
            float? validationLoss = isMeasured ? EstimateLoss() : null;
            float? rightAnswers = isMeasured && Questions.Count > 0 ? RightAnswers() : null;
            string? sample = Options.SampleInterval > 0 && IsDue(Options.SampleInterval) ? Sample() : null;
            run?.Metrics.Append(
                new StepMetrics(step, loss, validationLoss, rate, norm) { HellaSwag = rightAnswers, Watch = watch });
            if (run is not null && IsDue(Options.CheckpointInterval))
            {
                run.Save(this);
                saved = Step;
            }

            double tokensPerSecond = TokensPerStep * stepsTimed / clock.Elapsed.TotalSeconds;
            progress?.Report(new TrainingProgress(step, Options.Steps, loss, validationLoss, rate, norm, tokensPerSecond, sample, warnings)
            {
                HellaSwag = rightAnswers,
                StepTime = stepTime,
            });
            if (stepsTimed == SpeedWindow)
            {
                stepsTimed = 0;
                clock.Reset();
            }
        }

        if (run is not null && saved != Step)
        {
            run.Save(this);
        }

        return Step >= Options.Steps;
    }

    /// <summary>Returns the model's loss over <see cref="MeasuredIds"/>, in nats per token.</summary>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public double ValidationLoss(CancellationToken cancellationToken = default)
    {
        TokenSequence ids = MeasuredIds;
        return Options.Rows == BatchRows.Documents
            ? Evaluation.DocumentLoss(Model, Documents(Model.Config, _data, ids), Options.BatchSize, cancellationToken: cancellationToken)
            : Evaluation.WholeLoss(Model, ids, Options.BatchSize, cancellationToken);
    }

    /// <summary>Takes the next step and returns what it showed.</summary>
    internal StepWatch WatchStep()
    {
        StepWatch watch = TakeStep(isWatched: true).Watch!;
        Step++;
        return watch;
    }

    /// <summary>Returns whether weight decay is for a parameter: matrices and embeddings decay, gains and biases do not.</summary>
    internal static bool Decays(Tensor parameter) => parameter.Rank >= 2;

    /// <summary>Returns whether what is done every so many steps, and at the end, is due.</summary>
    /// <param name="done">The number of steps done.</param>
    /// <param name="interval">The steps from one time to the next; 0 for the end only.</param>
    /// <param name="steps">The number of steps in all.</param>
    internal static bool IsDue(int done, int interval, int steps) => done == steps || (interval > 0 && done % interval == 0);

    /// <summary>Draws the next batch and returns its loss.</summary>
    internal Tensor NextLoss()
    {
        Batches.Next(_x, _y);
        return Model.Loss(IndexTensor.From(_x, Options.BatchSize, -1), IndexTensor.From(_y, Options.BatchSize, -1));
    }

    private static DocumentRows Documents(LanguageModelConfig config, TextDataset data, TokenSequence ids)
    {
        int boundary = data.BoundaryId ?? throw new ArgumentException(
            $"{data.Name} has no documents to make rows of: take rows of the stream.");
        return config.TargetsPerRow == config.ContextLength
            ? new DocumentRows(ids, config.ContextLength, boundary)
            : throw new ArgumentException("Rows of documents are for models that predict every token of a row: take rows of the stream.");
    }

    private IBatchSource StreamBatches(LanguageModelConfig config, TokenSequence ids, TrainingOptions options) => options.Order switch
    {
        BatchOrder.Shuffled => new ShuffledBatches(
            new WindowRows(ids, config.ContextLength, config.TargetsPerRow), options.BatchSize, BatchRandom.Seed),
        BatchOrder.Sequential => new SequentialBatches(ids, options.BatchSize, config.ContextLength),
        _ => new BatchSampler(ids, options.BatchSize, config.ContextLength, BatchRandom),
    };

    private static LearningRateSchedule CreateSchedule(TrainingOptions options)
    {
        // A training shorter than its warm-up is all warm-up.
        int warmup = Math.Min(options.WarmupSteps, options.Steps);
        (float rate, float minimum) = (options.LearningRate, options.MinimumLearningRate);
        return options.Schedule switch
        {
            RateSchedule.Cosine => new CosineWithWarmup(rate, minimum, warmup, options.Steps),
            RateSchedule.Linear => new LinearDecay(rate, minimum, warmup, options.Steps),
            _ => new LinearDecay(rate, rate, warmup, options.Steps),
        };
    }

    private float EstimateLoss()
    {
        int rows = Options.EvaluationBatches * Options.BatchSize;
        return _validationDocuments is null
            ? Evaluation.Estimate(Model, _data.ValidationIds, rows, Options.BatchSize)
            : (float)Evaluation.DocumentLoss(Model, _validationDocuments, Options.BatchSize, rows);
    }

    private float RightAnswers()
        => (float)ChoiceScore.Of(Questions, new ChoiceScorer(Model).Score(Questions)).AccuracyByMean;

    private IEnumerable<Tensor> Parameters(bool decayed)
        => _parameters.Select(pair => pair.Value).Where(parameter => Decays(parameter) == decayed);

    private bool IsDue(int interval) => IsDue(Step, interval, Options.Steps);

    private (float Loss, float Norm, float Rate, StepWatch? Watch) TakeStep(bool isWatched)
    {
        using MemoryScope scope = MemoryScope.Begin();
        using StepObserver? observer = isWatched ? new(Model) : null;
        float rate = _schedule.At(Step);
        Optimizer.SetLearningRate(rate);
        float loss = 0;
        for (int part = 0; part < Options.AccumulationSteps; part++)
        {
            // Norms and attention leave small tensors behind until a scope ends: of a hundred batches they are not small.
            using MemoryScope? ofPart = Options.AccumulationSteps > 1 ? MemoryScope.Begin() : null;
            Tensor partLoss = NextLoss();
            if (Options.AccumulationSteps > 1)
            {
                partLoss *= 1f / Options.AccumulationSteps;
            }

            loss += partLoss.Item();
            partLoss.Backward();
            observer?.TakeGradients();
        }

        if (!float.IsFinite(loss))
        {
            throw new TrainingException(FormattableString.Invariant(
                $"Step {Step}: the loss is {loss}; lower the learning rate ({rate}) or raise the warm-up, and resume from the last checkpoint. See {FindingRules.RateLesson}."));
        }

        _newRows?.ClearOtherGradients();
        float norm = GradientClipping.Measure(
            Optimizer.Parameters, Options.ClipNorm > 0 ? Options.ClipNorm : float.PositiveInfinity, out float factor);
        if (!float.IsFinite(norm))
        {
            throw new TrainingException(FormattableString.Invariant(
                $"Step {Step}: the gradient of {FirstNonFinite()} is not finite; lower the learning rate ({rate}) or raise the warm-up. See {FindingRules.RateLesson}."));
        }

        observer?.BeforeUpdate();
        Optimizer.Step(factor);
        Optimizer.ZeroGrad();
        return (loss, norm, rate, observer?.Result());
    }

    private string FirstNonFinite()
    {
        foreach ((string name, Tensor parameter) in _parameters)
        {
            if (parameter.Grad is Tensor gradient && gradient.ToArray().Any(value => !float.IsFinite(value)))
            {
                return name;
            }
        }

        return "a parameter";
    }

    private string Sample()
    {
        Generator generator = new(Model, _data.Tokenizer);
        GenerationOptions options = new() { MaxTokens = Options.SampleTokens, Seed = Options.Seed };
        if (_data.BoundaryId is not int boundary)
        {
            return generator.Generate([Generator.StartToken(_data.Tokenizer)], options);
        }

        // Document by document: a model of such rows has never seen what comes after one.
        List<string> documents = [];
        int left = Options.SampleTokens;
        while (left > 0)
        {
            int[] ids = [.. generator.StreamIds([boundary], options with { MaxTokens = left, StopToken = boundary })];
            documents.Add(_data.Tokenizer.Decode(ids));
            options = options with { Seed = options.Seed + 1 };
            left -= ids.Length + 1;
        }

        return string.Join('\n', documents);
    }
}
