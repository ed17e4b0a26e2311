using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nabla.IO;

namespace Nabla.Language;

/// <summary>
/// The <c>config.json</c> that Hugging Face's <c>transformers</c> keeps beside the weights of a GPT-2 (<c>GPT2Config</c>). What
/// would change the numbers and is not supported is refused by name; dropout is not read, since it is a matter of training.
/// </summary>
internal static class HuggingFaceConfig
{
    private const string ModelType = "gpt2";
    private const string TokenLimit = "n_positions";
    private const double Epsilon = 1e-5;

    // Larger than those of any GPT.
    private const int LargestSize = 10_000_000;

    private static readonly (string Name, Activation Value)[] _activations =
    [
        ("gelu_new", Activation.Gelu), ("gelu_pytorch_tanh", Activation.Gelu), ("gelu_fast", Activation.Gelu),
        ("gelu", Activation.GeluExact), ("relu", Activation.Relu),
    ];

    private static readonly JsonWriterOptions _writing = new() { Indented = true, NewLine = "\n" };

    /// <summary>Returns whether a configuration is Hugging Face's, of whatever model.</summary>
    public static bool Is(JsonObject root) => root.ContainsKey("model_type") || root.ContainsKey("n_embd");

    /// <summary>Reads the sizes, and the token that a document begins with if there is one.</summary>
    /// <param name="root">The content of the file.</param>
    /// <param name="file">The file, for messages.</param>
    /// <exception cref="ModelFileException">An entry is missing or wrong, or asks for what is not supported.</exception>
    public static (GptConfig Config, int? BoundaryId) Read(JsonObject root, string file)
    {
        if (root["model_type"] is JsonNode type && Text(type) != ModelType)
        {
            throw Fault(file, $"model_type is {type.ToJsonString()}; only \"gpt2\" can be read.");
        }

        GptConfig config = new()
        {
            VocabularySize = Size(root, "vocab_size", file),
            ContextLength = Size(root, root.ContainsKey(TokenLimit) ? TokenLimit : "n_ctx", file),
            LayerCount = Size(root, "n_layer", file),
            HeadCount = Size(root, "n_head", file),
            Width = Size(root, "n_embd", file),
            Activation = ActivationOf(root, file),
            TieWeights = Flag(root, "tie_word_embeddings", missing: true, file),
        };
        if (config.Width % config.HeadCount != 0)
        {
            throw Fault(file, $"n_embd ({config.Width}) is not divisible by n_head ({config.HeadCount}).");
        }

        long rows = Math.Max(4 * (long)config.Width, Math.Max(config.VocabularySize, config.ContextLength));
        if (rows * config.Width > int.MaxValue)
        {
            throw Fault(file, $"a weight of {rows} x {config.Width} is larger than a tensor can be; compare vocab_size, n_positions and n_embd.");
        }

        RefuseWhatDiffers(root, config, file);
        int? boundary = TokenId(root["bos_token_id"]) ?? TokenId(root["eos_token_id"]);
        return (config, boundary is int id && (uint)id < (uint)config.VocabularySize ? id : null);
    }

    /// <summary>Returns the file's content for a model.</summary>
    public static void Write(Stream stream, GptConfig config, int? boundaryId, TensorFileType type)
    {
        using (Utf8JsonWriter writer = new(stream, _writing))
        {
            writer.WriteStartObject();
            writer.WriteString("activation_function", _activations.First(known => known.Value == config.Activation).Name);
            writer.WriteStartArray("architectures");
            writer.WriteStringValue("GPT2LMHeadModel");
            writer.WriteEndArray();
            writer.WriteNumber("attn_pdrop", (decimal)config.Dropout);
            WriteToken(writer, "bos_token_id", boundaryId);
            writer.WriteNumber("embd_pdrop", (decimal)config.Dropout);
            WriteToken(writer, "eos_token_id", boundaryId);
            writer.WriteNumber("initializer_range", 0.02m);
            writer.WriteNumber("layer_norm_epsilon", (decimal)Epsilon);
            writer.WriteString("model_type", ModelType);
            writer.WriteNumber("n_ctx", config.ContextLength);
            writer.WriteNumber("n_embd", config.Width);
            writer.WriteNumber("n_head", config.HeadCount);
            writer.WriteNull("n_inner");
            writer.WriteNumber("n_layer", config.LayerCount);
            writer.WriteNumber(TokenLimit, config.ContextLength);
            writer.WriteBoolean("reorder_and_upcast_attn", false);
            writer.WriteNumber("resid_pdrop", (decimal)config.Dropout);
            writer.WriteBoolean("scale_attn_by_inverse_layer_idx", false);
            writer.WriteBoolean("scale_attn_weights", true);
            writer.WriteBoolean("tie_word_embeddings", config.TieWeights);
            writer.WriteString("torch_dtype", type switch
            {
                TensorFileType.F16 => "float16",
                TensorFileType.BF16 => "bfloat16",
                _ => "float32",
            });
            writer.WriteBoolean("use_cache", true);
            writer.WriteNumber("vocab_size", config.VocabularySize);
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static Activation ActivationOf(JsonObject root, string file)
    {
        string name = root["activation_function"] is JsonNode node ? Text(node) ?? node.ToJsonString() : _activations[0].Name;
        foreach ((string known, Activation value) in _activations)
        {
            if (known == name)
            {
                return value;
            }
        }

        throw Fault(file, $"activation_function is {name}; read are {string.Join(", ", _activations.Select(known => known.Name))}.");
    }

    private static void RefuseWhatDiffers(JsonObject root, GptConfig config, string file)
    {
        if (root["n_inner"] is JsonNode inner && Number(inner) != 4 * (double)config.Width)
        {
            throw Fault(file, $"n_inner is {inner.ToJsonString()}; the MLP must be four times as wide as n_embd ({config.Width}), or n_inner null.");
        }

        if (root["layer_norm_epsilon"] is JsonNode epsilon && Number(epsilon) != Epsilon)
        {
            throw Fault(file, $"layer_norm_epsilon is {epsilon.ToJsonString()}; only 1e-05, GPT-2's, can be read.");
        }

        foreach ((string name, bool wanted) in (ReadOnlySpan<(string, bool)>)
            [("scale_attn_weights", true), ("scale_attn_by_inverse_layer_idx", false), ("add_cross_attention", false)])
        {
            if (Flag(root, name, wanted, file) != wanted)
            {
                throw Fault(file, $"{name} is {(wanted ? "false" : "true")}, which is not supported; GPT-2 has {(wanted ? "true" : "false")}.");
            }
        }
    }

    private static int Size(JsonObject root, string name, string file)
    {
        if (root[name] is not JsonNode node)
        {
            throw Fault(file, $"{name} is missing; a GPT-2 needs vocab_size, n_positions, n_layer, n_head and n_embd.");
        }

        return Number(node) is >= 1 and <= LargestSize and double size && size == (int)size
            ? (int)size
            : throw Fault(file, $"{name} is {node.ToJsonString()}; it must be a whole number from 1 to {LargestSize}.");
    }

    private static bool Flag(JsonObject root, string name, bool missing, string file) => root[name] switch
    {
        null => missing,
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        JsonNode other => throw Fault(file, $"{name} is {other.ToJsonString()}; it must be true or false."),
    };

    // Newer files may give a list.
    private static int? TokenId(JsonNode? node) => node switch
    {
        JsonValue => Number(node) is double id && id == (int)id ? (int)id : null,
        JsonArray { Count: > 0 } list => TokenId(list[0]),
        _ => null,
    };

    private static double? Number(JsonNode node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;

    private static string? Text(JsonNode node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static void WriteToken(Utf8JsonWriter writer, string name, int? id)
    {
        if (id is int token)
        {
            writer.WriteNumber(name, token);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static ModelFileException Fault(string file, FormattableString fault)
        => new($"{file}: {fault.ToString(CultureInfo.InvariantCulture)}");
}
