using System.Text.Json;
using Nabla.Files;
using Nabla.Language.Data;
using Nabla.Nn;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>
/// A folder that holds a training run: <c>config.json</c>, the tokenizer as <c>tokenizer</c> and the ending of its format,
/// <c>metrics.jsonl</c> and, once a first one is due, <c>checkpoint.safetensors</c>. Each file but the log is replaced whole, so
/// the run can be killed at any moment.
/// </summary>
public sealed class RunDirectory : IDisposable
{
    private const string ConfigName = "config.json";
    private const string FirstTokenizerName = "tokenizer.json";
    private const string MetricsName = "metrics.jsonl";

    private readonly CheckpointFiles _checkpoints;
    private MetricsLog? _metrics;
    private ITokenizer? _tokenizer;

    private RunDirectory(string path, RunConfig config)
    {
        Path = path;
        Config = config;
        _checkpoints = new CheckpointFiles(path);
    }

    /// <summary>Gets the full path of the folder.</summary>
    public string Path { get; }

    /// <summary>Gets what the run computes.</summary>
    public RunConfig Config { get; }

    /// <summary>Gets whether there is a checkpoint.</summary>
    public bool HasCheckpoint => CheckpointPath is not null;

    /// <summary>Gets the path of the newest checkpoint; null while there is none.</summary>
    public string? CheckpointPath => _checkpoints.Latest;

    /// <summary>Gets the log that the trainer writes.</summary>
    /// <exception cref="InvalidOperationException">No trainer was begun or resumed here.</exception>
    public MetricsLog Metrics => _metrics ?? throw new InvalidOperationException("The run's log is not open: begin or resume a trainer first.");

    /// <summary>Creates the folder of a new run.</summary>
    /// <param name="path">A folder that does not exist yet or is empty.</param>
    /// <param name="config">What the run computes.</param>
    /// <param name="tokenizer">The tokenizer of its data.</param>
    /// <exception cref="IOException">The folder holds a run already, or cannot be written.</exception>
    /// <exception cref="TokenizerException">The tokenizer cannot be written.</exception>
    public static RunDirectory Create(string path, RunConfig config, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(tokenizer);
        path = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new IOException($"The folder {path} is not empty: resume the run in it with --resume, or name another folder with --out.");
        }

        Directory.CreateDirectory(path);
        config = config with { Tokenizer = SavedTokenizer.Save(tokenizer, path) };
        RunDirectory run = new(path, config) { _tokenizer = tokenizer };
        using (AtomicFile file = AtomicFile.Create(run.PathOf(ConfigName)))
        {
            using (StreamWriter writer = new(file.Stream, leaveOpen: true))
            {
                writer.Write(run.Config.ToJson());
                writer.Write('\n');
            }

            file.Commit();
        }

        return run;
    }

    /// <summary>Returns whether a folder is that of a run.</summary>
    public static bool IsRun(string path) => File.Exists(System.IO.Path.Combine(path, ConfigName));

    /// <summary>Opens the folder of a run.</summary>
    /// <exception cref="InvalidRunException">There is no run in the folder, or its configuration cannot be read.</exception>
    public static RunDirectory Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        string file = System.IO.Path.Combine(path, ConfigName);
        if (!File.Exists(file))
        {
            throw new InvalidRunException($"There is no run in {path}: {ConfigName} is missing. Begin one with `nabla train`.");
        }

        try
        {
            return new RunDirectory(path, RunConfig.FromJson(File.ReadAllText(file)));
        }
        catch (JsonException error)
        {
            throw new InvalidRunException($"{file} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Reads what the run's log says of its steps so far, while it trains or after.</summary>
    /// <exception cref="InvalidRunException">A line of the log is not that of a step.</exception>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public IReadOnlyList<StepMetrics> ReadMetrics() => MetricsLog.Read(PathOf(MetricsName));

    /// <summary>Reads the run's tokenizer, once.</summary>
    /// <exception cref="TokenizerException">The file is missing or wrong.</exception>
    /// <exception cref="InvalidRunException">The file is not the one that the run began with, or not of the model.</exception>
    public ITokenizer LoadTokenizer() => _tokenizer ??= ReadTokenizer();

    /// <summary>Loads the run's data as it began with it, with the run's tokenizer.</summary>
    /// <param name="store">Where named texts are kept; if null, the store of this machine.</param>
    /// <param name="progress">Told how many bytes have been downloaded.</param>
    /// <param name="cancellationToken">Ends a download.</param>
    /// <exception cref="DataFileException">The data cannot be had or used.</exception>
    /// <exception cref="InvalidRunException">The data has changed since.</exception>
    public async Task<TextDataset> LoadDataAsync(
        DatasetStore? store = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        if (Config.Data.Kind == TextKind.Shards)
        {
            string folder = Config.Data.Source;
            var shards = TokenShards.Open(folder, TokenShards.HasIndex(folder) ? null : LoadTokenizer());
            CheckData(shards.Hash);
            return shards.ToDataset();
        }

        string text = await TextSource.ReadAsync(Config.Data.Source, store, progress, cancellationToken).ConfigureAwait(false);

        // Before it is encoded: a tokenizer made from the old text may have no token for a new character.
        CheckData(TextDataset.Hash(text));
        return TextSource.Create(text, Config.Data.Source, Config.Data.Kind, LoadTokenizer());
    }

    /// <summary>Creates the run's model with the weights of its checkpoint, in evaluation mode.</summary>
    /// <exception cref="InvalidRunException">There is no checkpoint yet.</exception>
    /// <exception cref="IO.TensorFileException">The checkpoint is corrupt.</exception>
    public LanguageModel LoadModel()
    {
        string checkpoint = RequireCheckpoint();
        LanguageModel model;
        using (Initialization.Skip())
        {
            model = Config.Model.Create(new RandomGenerator(Config.Training.Seed));
        }

        Checkpoint.ReadModel(checkpoint, model);
        model.Eval();
        return model;
    }

    /// <summary>
    /// Creates the run's trainer with the weights of another model, and saves it before its first step: resumed, it begins with the
    /// same ones.
    /// </summary>
    /// <param name="data">The run's data.</param>
    /// <param name="start">A model of the run's sizes but for those that <see cref="FineTuning.Resize"/> changes.</param>
    /// <exception cref="InvalidRunException">The data, or its tokenizer, is not what the run began with.</exception>
    /// <exception cref="ArgumentException">
    /// The model has other sizes than the run's, or cannot be asked one of the run's questions.
    /// </exception>
    public Trainer BeginFrom(TextDataset data, LanguageModel start)
    {
        ArgumentNullException.ThrowIfNull(start);
        Trainer trainer = CreateTrainer(data);
        trainer.Questions = LoadQuestions();
        FineTuning.CopyWeights(start, trainer.Model, new RandomGenerator(Config.Training.Seed));
        Save(trainer);
        _metrics?.Dispose();
        _metrics = MetricsLog.Open(PathOf(MetricsName), step: 0);
        return trainer;
    }

    /// <summary>
    /// Creates the run's trainer where it stopped: at its last checkpoint, or at the beginning where there is none. The log is
    /// cut back to the same step.
    /// </summary>
    /// <inheritdoc cref="LoadTrainer"/>
    public Trainer Resume(TextDataset data)
    {
        Trainer trainer = LoadTrainer(data);
        trainer.Questions = LoadQuestions();
        _metrics?.Dispose();
        _metrics = MetricsLog.Open(PathOf(MetricsName), trainer.Step);
        return trainer;
    }

    /// <summary>Creates the run's trainer where it stopped, to look at: nothing in the folder changes.</summary>
    /// <param name="data">The run's data.</param>
    /// <param name="fromStart">Whether to leave the checkpoint aside, and create it as it began.</param>
    /// <exception cref="InvalidRunException">The data, or its tokenizer, is not what the run began with.</exception>
    /// <exception cref="IO.TensorFileException">The checkpoint is corrupt.</exception>
    public Trainer LoadTrainer(TextDataset data, bool fromStart = false)
    {
        string? checkpoint = fromStart ? null : CheckpointPath;
        if (checkpoint is null && Config.From is not null)
        {
            throw new InvalidRunException(
                $"The run in {Path} began with the weights of {Config.From}, which it no longer has: begin another with --from.");
        }

        Trainer trainer = CreateTrainer(data);
        if (checkpoint is not null)
        {
            Checkpoint.Read(checkpoint, trainer);
        }

        return trainer;
    }

    /// <inheritdoc/>
    public void Dispose() => _metrics?.Dispose();

    /// <summary>Returns the path of the newest checkpoint.</summary>
    /// <exception cref="InvalidRunException">There is none yet.</exception>
    internal string RequireCheckpoint() => CheckpointPath ?? throw new InvalidRunException(
        $"The run in {Path} has no checkpoint yet: let it train to its first one, with `nabla train --resume {Path}`.");

    /// <summary>Makes the trainer's state the run's last checkpoint.</summary>
    /// <exception cref="IOException">The disk is full; the checkpoint before is untouched.</exception>
    internal void Save(Trainer trainer) => _checkpoints.Save(trainer);

    private Trainer CreateTrainer(TextDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        CheckData(data.SourceHash);

        if (!HaveOneVocabulary(data.Tokenizer, LoadTokenizer()))
        {
            throw new InvalidRunException(
                $"The data has another tokenizer than the run in {Path}: encode it with the run's own, or begin a new run.");
        }

        return new Trainer(Config.Model, data, Config.Training) { BeganTrained = Config.From is not null };
    }

    private ChoiceQuestion[] LoadQuestions() => Config.HellaSwag?.Load(LoadTokenizer()) ?? [];

    private static bool HaveOneVocabulary(ITokenizer left, ITokenizer right)
    {
        bool equal = left.VocabularySize == right.VocabularySize && left.EndOfTextId == right.EndOfTextId;
        for (int id = 0; equal && id < left.VocabularySize && !ReferenceEquals(left, right); id++)
        {
            equal = left.TokenBytes(id).SequenceEqual(right.TokenBytes(id));
        }

        return equal;
    }

    private void CheckData(string hash)
    {
        if (hash != Config.Data.Sha256)
        {
            throw new InvalidRunException(
                $"The text of {Config.Data.Source} has changed since the run in {Path} began: put the old one back, or begin a new run.");
        }
    }

    private ITokenizer ReadTokenizer()
    {
        string first = PathOf(FirstTokenizerName);
        ITokenizer? tokenizer = Config.Tokenizer is null ? TokenizerFile.Load(first) : Config.Tokenizer.Load(Path);
        return tokenizer?.VocabularySize <= Config.Model.VocabularySize ? tokenizer : throw new InvalidRunException(
            $"{Config.Tokenizer?.PathIn(Path) ?? first} is not the tokenizer that the run began with: put the old one back, or "
            + "begin a new run.");
    }

    private string PathOf(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>Thrown when a folder holds no run, or one that does not fit what is asked; the message names the mend.</summary>
public sealed class InvalidRunException : Exception
{
    /// <summary>Creates the exception.</summary>
    public InvalidRunException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public InvalidRunException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public InvalidRunException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
