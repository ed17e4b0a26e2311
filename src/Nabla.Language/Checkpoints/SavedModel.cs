using System.Text.Json;
using System.Text.Json.Nodes;
using Nabla.IO;
using Nabla.Nn;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>
/// A language model on the disk, in any form that can be read: the folder of a run, the folder that an import wrote, a GPT-2 as
/// Hugging Face keeps it, or a checkpoint of llm.c. Opening reads what the model is, and leaves the weights where they are until
/// <see cref="LoadModel"/>.
/// </summary>
/// <example>
/// <code>
/// SavedModel saved = SavedModel.Open("gpt2");
/// Generator generator = new(saved.LoadModel(), saved.LoadTokenizer());
/// </code>
/// </example>
public abstract class SavedModel
{
    /// <summary>The file that says what a folder holds; runs, imports and Hugging Face call it the same.</summary>
    internal const string ConfigName = "config.json";

    private ITokenizer? _tokenizer;

    private protected SavedModel(string path, LanguageModelConfig config) => (Path, Config) = (path, config);

    /// <summary>Gets the full path of the folder or file.</summary>
    public string Path { get; }

    /// <summary>Gets the model's sizes and options.</summary>
    public LanguageModelConfig Config { get; }

    /// <summary>Gets what the path is, in words, such as <c>run</c> or <c>Hugging Face folder</c>.</summary>
    public abstract string Form { get; }

    /// <summary>Gets how the model was trained, where the path is that of a run.</summary>
    public virtual RunConfig? Run => null;

    /// <summary>Gets whether there is a tokenizer beside the weights; a checkpoint of llm.c has none.</summary>
    public abstract bool HasTokenizer { get; }

    /// <summary>
    /// Gets the token that a new document begins with, such as GPT-2's 50256; null where the model learned running text, or
    /// nothing says which it is.
    /// </summary>
    public abstract int? BoundaryId { get; }

    /// <summary>Opens a model.</summary>
    /// <param name="path">
    /// A folder with a <c>config.json</c>, of a run, of an import or of Hugging Face, or an llm.c checkpoint (<c>.bin</c>).
    /// </param>
    /// <exception cref="ModelFileException">There is no model, or none that can be read; the message says what is missing.</exception>
    /// <exception cref="InvalidRunException">The configuration of a run cannot be read.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static SavedModel Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = System.IO.Path.GetFullPath(path);
        if (File.Exists(path))
        {
            return LlmcCheckpoint.Open(path);
        }

        string file = System.IO.Path.Combine(path, ConfigName);
        if (!File.Exists(file))
        {
            throw new ModelFileException(
                $"There is no model in {path}: {ConfigName} is missing. Train one with `nabla train`, or fetch one with `nabla import`.");
        }

        JsonObject root;
        try
        {
            root = JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? throw new JsonException("it holds no JSON object.");
        }
        catch (JsonException error)
        {
            throw new ModelFileException($"{file} cannot be read: {error.Message}", error);
        }

        return root.ContainsKey("training") ? new SavedRun(RunDirectory.Open(path))
            : root.ContainsKey("model") ? ModelFolder.Open(path, root)
            : HuggingFaceConfig.Is(root) ? HuggingFaceFolder.Open(path, root)
            : throw new ModelFileException(
                $"{file} is of no form that can be read: it has neither 'model', as a run's or an import's, nor 'model_type', as Hugging Face's.");
    }

    /// <summary>Reads the tokenizer, once.</summary>
    /// <exception cref="ModelFileException">There is none, or it has more tokens than the model.</exception>
    /// <exception cref="InvalidRunException">The file is not the one that the run began with.</exception>
    /// <exception cref="TokenizerException">The file is wrong.</exception>
    public ITokenizer LoadTokenizer() => _tokenizer ??= Fitting(ReadTokenizer());

    /// <summary>Returns what the files of the weights hold, as it is there; the weights are not read.</summary>
    /// <exception cref="ModelFileException">A file is missing.</exception>
    /// <exception cref="TensorFileException">A file is corrupt.</exception>
    public abstract IReadOnlyList<StoredTensor> ReadTensors();

    /// <summary>Creates the model with its weights, in evaluation mode. No random generator in use is touched.</summary>
    /// <exception cref="ModelFileException">The file of the weights is missing, or does not fit the configuration.</exception>
    /// <exception cref="InvalidRunException">A run has no checkpoint yet.</exception>
    /// <exception cref="TensorFileException">The weights are corrupt, or one is missing or has another shape.</exception>
    public abstract LanguageModel LoadModel();

    /// <summary>Reads the tokenizer from its file.</summary>
    private protected abstract ITokenizer ReadTokenizer();

    /// <summary>Returns what a safetensors file holds.</summary>
    private protected static IReadOnlyList<StoredTensor> TensorsOf(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return [.. file.Entries.Select(entry => new StoredTensor(entry.Name, entry.TypeName, entry.Shape))];
    }

    /// <summary>Returns a model of this configuration, in evaluation mode, for the weights to be read into.</summary>
    private protected LanguageModel CreateModel()
    {
        using (Initialization.Skip())
        {
            LanguageModel model = Config.Create(new RandomGenerator(0));
            model.Eval();
            return model;
        }
    }

    // A model may have room for more tokens than there are, but not for fewer.
    private ITokenizer Fitting(ITokenizer tokenizer) => tokenizer.VocabularySize <= Config.VocabularySize
        ? tokenizer
        : throw new ModelFileException(
            $"The tokenizer in {Path} has {tokenizer.VocabularySize} tokens and the model {Config.VocabularySize}: put the model's own there.");
}
