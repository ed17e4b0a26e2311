using System.Globalization;
using System.Runtime.InteropServices;
using Nabla.Files;
using Nabla.IO;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>
/// The checkpoint of a GPT-2 that llm.c (https://github.com/karpathy/llm.c) starts from and writes: a header of 256 little-endian
/// int32, then the weights, each kind for all blocks together, matrices as [out, in]. The vocabulary is padded with rows of zeros to
/// a multiple of 128; the optimiser's state is not in it. <see cref="SavedModel.Open"/> reads one.
/// </summary>
public static class LlmcCheckpoint
{
    private const int HeaderBytes = 256 * sizeof(int);
    private const int Magic = 20240326;
    private const int VocabularyMultiple = 128;
    private const int Gpt2Vocabulary = 50257;

    private static readonly (int Version, TensorFileType Type)[] _versions = [(3, TensorFileType.F32), (5, TensorFileType.BF16)];

    /// <summary>Writes a GPT. Biases that the model lacks are written as zeros.</summary>
    /// <param name="path">The file to make or replace, usually <c>.bin</c>.</param>
    /// <param name="model">A GPT whose head is its token embedding, with GPT-2's GELU.</param>
    /// <param name="vocabularySize">The number of tokens that exist, where the model's vocabulary is padded already; else null.</param>
    /// <param name="type">F32 (version 3) or BF16 (version 5).</param>
    /// <exception cref="ModelFileException">The form cannot hold the model.</exception>
    /// <exception cref="IOException">The file cannot be written; an old one is left as it was.</exception>
    public static void Save(string path, Gpt model, int? vocabularySize = null, TensorFileType type = TensorFileType.F32)
    {
        ArgumentNullException.ThrowIfNull(model);
        GptConfig config = model.Config;
        int version = _versions.FirstOrDefault(known => known.Type == type).Version;
        if (version == 0)
        {
            throw new ModelFileException($"An llm.c checkpoint holds float32 or bfloat16, not {type}.");
        }

        CheckHolds(config);
        int padded = (config.VocabularySize + VocabularyMultiple - 1) / VocabularyMultiple * VocabularyMultiple;
        Dictionary<string, Tensor> parameters = model.NamedParameters().ToDictionary();
        using AtomicFile file = AtomicFile.Create(path);
        Span<int> header = stackalloc int[HeaderBytes / sizeof(int)];
        header.Clear();
        ((ReadOnlySpan<int>)
        [
            Magic, version, config.ContextLength, Math.Min(vocabularySize ?? int.MaxValue, config.VocabularySize),
            config.LayerCount, config.HeadCount, config.Width, padded,
        ]).CopyTo(header);
        file.Stream.Write(MemoryMarshal.AsBytes(header));
        foreach (Gpt2Tensor tensor in InOrder(config))
        {
            RawElements.Write(file.Stream, Gpt2Layout.ParameterOf(parameters, tensor), type);
            if (IsPadded(tensor))
            {
                RawElements.Write(file.Stream, Tensor.Zeros(padded - config.VocabularySize, config.Width), type);
            }
        }

        file.Commit();
    }

    /// <summary>Reads what the header says.</summary>
    /// <exception cref="ModelFileException">The file is none of llm.c's, or its length does not fit.</exception>
    internal static SavedModel Open(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<int> header = stackalloc int[HeaderBytes / sizeof(int)];
        if (file.ReadAtLeast(MemoryMarshal.AsBytes(header), HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
        {
            throw Fault(path, $"it is shorter than the header of {HeaderBytes} bytes that an llm.c checkpoint has.");
        }

        if (header[0] != Magic)
        {
            throw Fault(path, $"it begins with {header[0]}; a checkpoint of llm.c begins with {Magic}. A folder or an llm.c checkpoint can be read.");
        }

        (int version, TensorFileType type) = (header[1], _versions[0].Type);
        int known = Array.FindIndex(_versions, pair => pair.Version == version);
        type = known >= 0 ? _versions[known].Type
            : throw Fault(path, $"its version is {version}; 3 (float32) and 5 (bfloat16) can be read: write it with a newer llm.c.");
        GptConfig config = new()
        {
            ContextLength = header[2],
            VocabularySize = header[3],
            LayerCount = header[4],
            HeadCount = header[5],
            Width = header[6],
        };
        CheckSizes(path, config, padded: header[7], type == TensorFileType.F32 ? sizeof(float) : sizeof(ushort), file.Length);
        return new Model(path, config, header[7], type);
    }

    // In double, where what a damaged header says cannot overflow.
    private static void CheckSizes(string path, GptConfig config, int padded, int bytes, long length)
    {
        try
        {
            config.Validate();
        }
        catch (ArgumentException error)
        {
            throw new ModelFileException($"{path}: {error.Message}", error);
        }

        double width = config.Width;
        double count = (width * ((double)padded + config.ContextLength + 2))
            + (config.LayerCount * ((12 * width * width) + (13 * width)));
        if (padded < config.VocabularySize || HeaderBytes + (count * bytes) != length)
        {
            throw Fault(path, $"its header asks for {config.Describe()} and {config.VocabularySize} tokens padded to {padded}, which takes {HeaderBytes + (count * bytes)} bytes, and it has {length}: it is cut short or damaged.");
        }
    }

    private static void CheckHolds(GptConfig config)
    {
        const string Form = "An llm.c checkpoint";
        Gpt2Layout.CheckHolds(config, Form);
        if (!config.TieWeights || config.Activation != Activation.Gelu)
        {
            throw new ModelFileException($"{Form} cannot hold this model: llm.c's GPT-2 has the token embedding as head and GELU in its tanh form; write it as Hugging Face's.");
        }
    }

    private static bool IsPadded(Gpt2Tensor tensor) => tensor.Name == "wte.weight";

    /// <summary>The parameters as the file has them: the first of every block, then the second of every block, and so on.</summary>
    private static IEnumerable<Gpt2Tensor> InOrder(GptConfig config)
    {
        IReadOnlyList<Gpt2Tensor>[] blocks = [.. Enumerable.Range(0, config.LayerCount).Select(layer => Gpt2Layout.Block(config, layer))];
        return Gpt2Layout.Embeddings(config)
            .Concat(Enumerable.Range(0, blocks[0].Count).SelectMany(kind => blocks.Select(block => block[kind])))
            .Concat(Gpt2Layout.Ending(config));
    }

    private static ModelFileException Fault(string path, FormattableString fault)
        => new($"{path}: {fault.ToString(CultureInfo.InvariantCulture)}");

    private sealed class Model(string path, GptConfig config, int padded, TensorFileType type) : SavedModel(path, config)
    {
        public override string Form => "llm.c checkpoint";

        public override bool HasTokenizer => false;

        // llm.c trains on GPT-2's tokens only, and its files do not say so.
        public override int? BoundaryId => config.VocabularySize == Gpt2Vocabulary ? Gpt2Vocabulary - 1 : null;

        public override IReadOnlyList<StoredTensor> ReadTensors() => [.. InOrder(config).Select(tensor => new StoredTensor(
            tensor.Name, type.ToString(), IsPadded(tensor) ? new Shape(padded, config.Width) : tensor.Shape))];

        public override LanguageModel LoadModel()
        {
            using FileStream file = File.OpenRead(Path);
            file.Position = HeaderBytes;
            LanguageModel model = CreateModel();
            Dictionary<string, Tensor> parameters = model.NamedParameters().ToDictionary();
            foreach (Gpt2Tensor tensor in InOrder(config))
            {
                RawElements.Read(file, parameters[tensor.Name], type);
                if (IsPadded(tensor))
                {
                    file.Position += (long)(padded - config.VocabularySize) * config.Width * (type == TensorFileType.F32 ? sizeof(float) : sizeof(ushort));
                }
            }

            return model;
        }

        private protected override ITokenizer ReadTokenizer() => throw new ModelFileException(
            $"{Path} has no tokenizer, as every llm.c checkpoint: import it with one, `nabla import {Path} --tokenizer gpt2 --out FOLDER`.");
    }
}
