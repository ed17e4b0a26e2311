using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Nabla.Files;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>
/// A folder that holds a model alone, without the training that made it: <c>config.json</c>, <c>model.safetensors</c> with the
/// parameters under their paths in the model, and the tokenizer in its own format. It is what an import writes, and what
/// <see cref="SavedModel.Open"/> reads back.
/// </summary>
public static class ModelFolder
{
    /// <summary>The file of the weights; Hugging Face calls it the same.</summary>
    internal const string WeightsName = "model.safetensors";

    /// <summary>Writes a model into a folder; <c>config.json</c> comes last, so that a half-written folder is none.</summary>
    /// <param name="folder">A folder that does not exist yet or is empty.</param>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer, if it is known.</param>
    /// <param name="boundaryId">The token that a new document begins with, if there is one.</param>
    /// <exception cref="IOException">The folder is not empty, or cannot be written.</exception>
    /// <exception cref="TokenizerException">The tokenizer cannot be written.</exception>
    public static void Save(string folder, LanguageModel model, ITokenizer? tokenizer = null, int? boundaryId = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        folder = CreateEmpty(folder);
        model.Save(Path.Combine(folder, WeightsName));
        ModelFolderConfig config = new()
        {
            Model = model.Config,
            Tokenizer = tokenizer is null ? null : SavedTokenizer.Save(tokenizer, folder),
            BoundaryId = boundaryId,
        };
        WriteText(Path.Combine(folder, SavedModel.ConfigName), config.ToJson() + "\n");
    }

    /// <summary>Opens a folder whose <c>config.json</c> has been read.</summary>
    internal static SavedModel Open(string folder, JsonObject config)
    {
        string file = Path.Combine(folder, SavedModel.ConfigName);
        try
        {
            ModelFolderConfig read = ModelFolderConfig.FromJson(config);
            read.Validate();
            return new Folder(folder, read);
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new ModelFileException($"{file} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Returns the full path of a folder that is there and empty.</summary>
    internal static string CreateEmpty(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        folder = Path.GetFullPath(folder);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new IOException($"The folder {folder} is not empty: name another one.");
        }

        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Writes a text file, whole or not at all.</summary>
    internal static void WriteText(string path, string text)
    {
        using AtomicFile file = AtomicFile.Create(path);
        using (StreamWriter writer = new(file.Stream, leaveOpen: true))
        {
            writer.Write(text);
        }

        file.Commit();
    }

    private sealed class Folder(string path, ModelFolderConfig config) : SavedModel(path, config.Model)
    {
        public override string Form => "imported model";

        public override bool HasTokenizer => config.Tokenizer is not null;

        public override int? BoundaryId => config.BoundaryId;

        private string Weights
        {
            get
            {
                string weights = System.IO.Path.Combine(Path, WeightsName);
                return File.Exists(weights) ? weights : throw new ModelFileException(
                    $"{weights} is missing: import the model again, or copy the whole folder.");
            }
        }

        public override IReadOnlyList<StoredTensor> ReadTensors() => TensorsOf(Weights);

        public override LanguageModel LoadModel()
        {
            string weights = Weights;
            LanguageModel model = CreateModel();
            model.Load(weights);
            return model;
        }

        private protected override ITokenizer ReadTokenizer()
        {
            if (config.Tokenizer is null)
            {
                throw new ModelFileException(
                    $"The model in {Path} has no tokenizer: import it again with one, as `nabla import ... --tokenizer gpt2`.");
            }

            return config.Tokenizer.Load(Path) ?? throw new ModelFileException(
                $"{config.Tokenizer.PathIn(Path)} is not the tokenizer that the model was saved with: put the old one back.");
        }
    }
}

/// <summary>The <c>config.json</c> of a <see cref="ModelFolder"/>.</summary>
internal sealed record ModelFolderConfig
{
    private const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required LanguageModelConfig Model { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SavedTokenizer? Tokenizer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? BoundaryId { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, RunConfigJson.Default.ModelFolderConfig);

    public static ModelFolderConfig FromJson(JsonObject root)
        => root.Deserialize(RunConfigJson.Default.ModelFolderConfig) ?? throw new JsonException("The file holds null.");

    public void Validate()
    {
        if (Version != CurrentVersion)
        {
            throw new ArgumentException($"its version is {Version} and this program knows {CurrentVersion}; take the Nabla that wrote it.");
        }

        Model.Validate();
        if (BoundaryId is int id && (uint)id >= (uint)Model.VocabularySize)
        {
            throw new ArgumentException($"boundaryId is {id}, and the model has the tokens 0 to {Model.VocabularySize - 1}.");
        }
    }
}
