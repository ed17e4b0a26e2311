using System.Text.Json;
using System.Text.Json.Nodes;
using Nabla.Files;
using Nabla.IO;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>
/// A GPT-2 as Hugging Face's <c>transformers</c> keeps it: <c>config.json</c>, <c>model.safetensors</c>, whole or in several
/// files, and <c>tokenizer.json</c>, or <c>vocab.json</c> with <c>merges.txt</c>. <see cref="SavedModel.Open"/> reads one.
/// </summary>
public static class HuggingFaceFolder
{
    private const string TokenizerName = "tokenizer.json";

    // The first of these that is there.
    private static readonly string[] _tokenizerNames = [TokenizerName, "merges.txt", "vocab.bpe"];

    /// <summary>Returns whether Hugging Face's <c>tokenizer.json</c> can hold a tokenizer: byte-level byte-pair encoding.</summary>
    public static bool CanHold(ITokenizer tokenizer) => tokenizer is RegexTokenizer or BasicTokenizer;

    /// <summary>
    /// Writes a GPT so that <c>AutoModelForCausalLM.from_pretrained</c> and <c>AutoTokenizer.from_pretrained</c> load it. Biases
    /// that the model lacks are written as zeros.
    /// </summary>
    /// <param name="folder">A folder that does not exist yet or is empty.</param>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer, if it is to be written; see <see cref="CanHold"/>.</param>
    /// <param name="boundaryId">The token that a new document begins with, if there is one.</param>
    /// <param name="type">F32, or F16 or BF16 for half the size.</param>
    /// <exception cref="ModelFileException">The form cannot hold the model or the tokenizer.</exception>
    /// <exception cref="IOException">The folder is not empty, or cannot be written.</exception>
    public static void Save(
        string folder, Gpt model, ITokenizer? tokenizer = null, int? boundaryId = null, TensorFileType type = TensorFileType.F32)
    {
        ArgumentNullException.ThrowIfNull(model);
        Gpt2Layout.CheckHolds(model.Config, "Hugging Face's GPT-2");
        if (tokenizer is not null && !CanHold(tokenizer))
        {
            throw new ModelFileException("Hugging Face's tokenizer.json holds byte-level byte-pair tokenizers only: write the model without its tokenizer.");
        }

        folder = ModelFolder.CreateEmpty(folder);
        SaveWeights(Path.Combine(folder, ModelFolder.WeightsName), model, type);
        if (tokenizer is not null)
        {
            SaveTokenizer(folder, tokenizer, model.Config.ContextLength, boundaryId);
        }

        WriteFile(Path.Combine(folder, SavedModel.ConfigName), stream => HuggingFaceConfig.Write(stream, model.Config, boundaryId, type));
    }

    /// <summary>Opens a folder whose <c>config.json</c> has been read.</summary>
    internal static SavedModel Open(string folder, JsonObject config)
    {
        (GptConfig model, int? boundary) = HuggingFaceConfig.Read(config, Path.Combine(folder, SavedModel.ConfigName));
        return new Folder(folder, model, boundary);
    }

    private static void SaveWeights(string path, Gpt model, TensorFileType type)
    {
        Dictionary<string, Tensor> parameters = model.NamedParameters().ToDictionary();
        SafetensorsWriter writer = new();
        writer.Metadata["format"] = "pt"; // without it, the library refuses the file
        using (Tensor.NoGrad())
        {
            foreach (Gpt2Tensor tensor in Gpt2Layout.All(model.Config))
            {
                Tensor parameter = Gpt2Layout.ParameterOf(parameters, tensor);
                writer.Add(
                    tensor.Name == Gpt2Layout.Head ? tensor.Name : $"transformer.{tensor.Name}",
                    tensor.IsConv1D ? parameter.Transpose(0, 1) : parameter,
                    type);
            }

            writer.Save(path);
        }
    }

    private static void SaveTokenizer(string folder, ITokenizer tokenizer, int contextLength, int? boundaryId)
    {
        HuggingFaceFile.Save(Path.Combine(folder, TokenizerName), tokenizer as RegexTokenizer
            ?? new RegexTokenizer(((BasicTokenizer)tokenizer).Vocabulary, TextSplitter.None));
        WriteFile(Path.Combine(folder, "tokenizer_config.json"), stream =>
        {
            using Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
            writer.WriteStartObject();
            if (boundaryId is int id && tokenizer.IsSpecial(id))
            {
                string text = tokenizer.Decode([id]);
                writer.WriteString("bos_token", text);
                writer.WriteString("eos_token", text);
            }

            writer.WriteNumber("model_max_length", contextLength);
            writer.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
            writer.WriteEndObject();
        });
    }

    private static void WriteFile(string path, Action<Stream> write)
    {
        using AtomicFile file = AtomicFile.Create(path);
        write(file.Stream);
        file.Commit();
    }

    private sealed class Folder(string path, GptConfig config, int? boundaryId) : SavedModel(path, config)
    {
        public override string Form => "Hugging Face folder";

        public override bool HasTokenizer => TokenizerPath is not null;

        public override int? BoundaryId => boundaryId ?? (HasTokenizer ? LoadTokenizer().EndOfTextId : null);

        private string? TokenizerPath
            => _tokenizerNames.Select(name => System.IO.Path.Combine(Path, name)).FirstOrDefault(File.Exists);

        public override IReadOnlyList<StoredTensor> ReadTensors()
        {
            using HuggingFaceWeights weights = HuggingFaceWeights.Open(Path);
            return [.. weights.Entries.Select(entry => new StoredTensor(entry.Name, entry.TypeName, entry.Shape))];
        }

        public override LanguageModel LoadModel()
        {
            using HuggingFaceWeights weights = HuggingFaceWeights.Open(Path);
            weights.Check(config);
            LanguageModel model = CreateModel();
            Dictionary<string, Tensor> parameters = model.NamedParameters().ToDictionary();
            foreach (Gpt2Tensor tensor in Gpt2Layout.All(config))
            {
                weights.ReadInto(tensor, parameters[tensor.Name]);
            }

            return model;
        }

        private protected override ITokenizer ReadTokenizer() => TokenizerFile.Load(TokenizerPath ?? throw new ModelFileException(
            $"The model in {Path} has no tokenizer: put its tokenizer.json there, or vocab.json and merges.txt."));
    }
}
