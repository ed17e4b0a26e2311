using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Nabla.IO;

namespace Nabla.Language;

/// <summary>
/// The weights of a GPT-2 in a folder of Hugging Face's: <c>model.safetensors</c>, or the several files that
/// <c>model.safetensors.index.json</c> names. Names are the same with and without <c>transformer.</c> in front.
/// </summary>
internal sealed partial class HuggingFaceWeights : IDisposable
{
    public const string IndexName = "model.safetensors.index.json";

    private const string Prefix = "transformer.";

    private readonly string _folder;
    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> _byName = [];

    private HuggingFaceWeights(string folder) => _folder = folder;

    /// <summary>Gets what the files hold, as it is there.</summary>
    public IEnumerable<SafetensorsEntry> Entries => _files.SelectMany(file => file.Entries);

    /// <summary>Opens the files; no weight is read yet.</summary>
    /// <exception cref="ModelFileException">A file is missing, or the index does not fit the files.</exception>
    /// <exception cref="TensorFileException">A file is no safetensors file.</exception>
    public static HuggingFaceWeights Open(string folder)
    {
        HuggingFaceWeights weights = new(folder);
        try
        {
            string single = Path.Combine(folder, ModelFolder.WeightsName);
            string index = Path.Combine(folder, IndexName);
            if (File.Exists(single))
            {
                weights.Add(single, null);
            }
            else if (File.Exists(index))
            {
                weights.AddShards(index);
            }
            else
            {
                throw new ModelFileException(File.Exists(Path.Combine(folder, "pytorch_model.bin"))
                    ? $"{folder} has its weights in pytorch_model.bin, which is a program as much as data and is not read: save them as {ModelFolder.WeightsName}."
                    : $"{folder} has no weights: neither {ModelFolder.WeightsName} nor {IndexName} is there.");
            }

            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Throws unless the files hold a model's weights, each in its shape, and nothing else but masks.</summary>
    /// <exception cref="ModelFileException">A weight is missing or has another shape, or there is one that the model has not.</exception>
    public void Check(GptConfig config)
    {
        HashSet<string> known = [Gpt2Layout.Head];
        foreach (Gpt2Tensor tensor in Gpt2Layout.All(config))
        {
            known.Add(tensor.Name);
            SafetensorsEntry entry = _byName.TryGetValue(tensor.Name, out (SafetensorsFile, SafetensorsEntry Entry) found)
                ? found.Entry
                : throw Fault($"{tensor.Name} is missing, a tensor of shape {tensor.StoredShape}; there are {_byName.Count} others.");
            if (entry.Shape != tensor.StoredShape)
            {
                string layout = tensor.IsConv1D ? " ([in, out], as Hugging Face keeps GPT-2's projections)" : string.Empty;
                throw Fault($"{entry.Name} has shape {entry.Shape}; config.json asks for {tensor.StoredShape}{layout}.");
            }
        }

        // A weight left aside in silence would give a model that is quietly another one.
        if (_byName.Keys.FirstOrDefault(name => !known.Contains(name) && !Mask().IsMatch(name)) is string stranger)
        {
            throw Fault($"{stranger} is no weight of the GPT-2 that config.json describes: compare n_layer, or take the plain language model.");
        }
    }

    /// <summary>Reads a weight into a model's parameter.</summary>
    public void ReadInto(Gpt2Tensor tensor, Tensor parameter)
    {
        (SafetensorsFile file, SafetensorsEntry entry) = _byName[tensor.Name];
        if (!tensor.IsConv1D)
        {
            file.ReadInto(entry.Name, parameter);
            return;
        }

        using (MemoryScope.Begin())
        using (Tensor.NoGrad())
        {
            parameter.CopyInPlace(file.ReadTensor(entry.Name).Transpose(0, 1));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SafetensorsFile file in _files)
        {
            file.Dispose();
        }
    }

    // The causal mask, which old versions of the library saved with every block.
    [GeneratedRegex(@"^h\.\d+\.attn\.(bias|masked_bias)$")]
    private static partial Regex Mask();

    private void AddShards(string index)
    {
        Dictionary<string, List<string>> namesOf = [];
        foreach ((string name, string file) in ReadIndex(index))
        {
            if (!namesOf.TryGetValue(file, out List<string>? names))
            {
                namesOf.Add(file, names = []);
            }

            names.Add(name);
        }

        foreach ((string file, List<string> names) in namesOf)
        {
            string path = Path.Combine(_folder, file);
            if (!File.Exists(path))
            {
                throw new ModelFileException($"{path} is missing, one of {namesOf.Count} files that {IndexName} names: fetch it again.");
            }

            Add(path, names);
        }
    }

    private void Add(string path, IReadOnlyList<string>? names)
    {
        SafetensorsFile file = SafetensorsFile.Open(path);
        _files.Add(file);
        if (names?.FirstOrDefault(name => !file.Contains(name)) is string missing)
        {
            throw new ModelFileException($"{path} has no {missing}, which {IndexName} says is there: fetch both again.");
        }

        foreach (SafetensorsEntry entry in file.Entries)
        {
            string name = entry.Name.StartsWith(Prefix, StringComparison.Ordinal) ? entry.Name[Prefix.Length..] : entry.Name;
            if (!_byName.TryAdd(name, (file, entry)))
            {
                throw new ModelFileException($"{path} has {name}, which is there a second time: take one of the two away.");
            }
        }
    }

    /// <summary>Returns the file of each tensor that an index names.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> ReadIndex(string path)
    {
        List<KeyValuePair<string, string>> files = [];
        try
        {
            if ((JsonNode.Parse(File.ReadAllText(path)) as JsonObject)?["weight_map"] is not JsonObject map)
            {
                throw new ModelFileException($"{path}: weight_map is missing, an object from the name of a tensor to that of its file.");
            }

            foreach ((string name, JsonNode? node) in map)
            {
                // What stands in a file that was fetched leads to no other folder.
                if (node is not JsonValue value || !value.TryGetValue(out string? file) || file.Length == 0 || file != Path.GetFileName(file))
                {
                    throw new ModelFileException($"{path}: weight_map has {node?.ToJsonString() ?? "null"} for {name}; it must be the name of a file.");
                }

                files.Add(new(name, file));
            }
        }
        catch (JsonException error)
        {
            throw new ModelFileException($"{path} cannot be read: {error.Message}", error);
        }

        return files;
    }

    private ModelFileException Fault(FormattableString fault)
        => new($"{_folder}: {fault.ToString(CultureInfo.InvariantCulture)}");
}
