namespace Nabla.Language;

/// <summary>The parameters of a GPT-2 by their published names, as every file of one holds them.</summary>
internal static class Gpt2Layout
{
    /// <summary>The head, which has an entry of its own only where it is not the token embedding.</summary>
    public const string Head = "lm_head.weight";

    /// <summary>Returns the parameters before the blocks.</summary>
    public static IReadOnlyList<Gpt2Tensor> Embeddings(GptConfig config) =>
    [
        new("wte.weight", new Shape(config.VocabularySize, config.Width)),
        new("wpe.weight", new Shape(config.ContextLength, config.Width)),
    ];

    /// <summary>Returns the parameters of one block.</summary>
    public static IReadOnlyList<Gpt2Tensor> Block(GptConfig config, int layer)
    {
        int width = config.Width;
        return
        [
            .. Norm($"h.{layer}.ln_1", width),
            .. Projection($"h.{layer}.attn.c_attn", 3 * width, width),
            .. Projection($"h.{layer}.attn.c_proj", width, width),
            .. Norm($"h.{layer}.ln_2", width),
            .. Projection($"h.{layer}.mlp.c_fc", 4 * width, width),
            .. Projection($"h.{layer}.mlp.c_proj", width, 4 * width),
        ];
    }

    /// <summary>Returns the parameters after the blocks.</summary>
    public static IReadOnlyList<Gpt2Tensor> Ending(GptConfig config)
    {
        IEnumerable<Gpt2Tensor> norm = Norm("ln_f", config.Width);
        return config.TieWeights ? [.. norm] : [.. norm, new(Head, new Shape(config.VocabularySize, config.Width))];
    }

    /// <summary>Returns all parameters, block by block.</summary>
    public static IEnumerable<Gpt2Tensor> All(GptConfig config) =>
        Embeddings(config)
            .Concat(Enumerable.Range(0, config.LayerCount).SelectMany(layer => Block(config, layer)))
            .Concat(Ending(config));

    /// <summary>
    /// Returns a model's parameter of that name; where GPT-2 has a bias and the model none, zeros, which do the same.
    /// </summary>
    public static Tensor ParameterOf(IReadOnlyDictionary<string, Tensor> parameters, Gpt2Tensor tensor)
        => parameters.TryGetValue(tensor.Name, out Tensor? parameter) ? parameter : Tensor.Zeros(tensor.Shape.AsSpan());

    /// <summary>Throws unless a model is a GPT-2 up to biases that it may lack.</summary>
    /// <param name="config">The model's options.</param>
    /// <param name="form">What it is to be written as.</param>
    /// <exception cref="ModelFileException">The form cannot hold the model.</exception>
    public static void CheckHolds(GptConfig config, string form)
    {
        if (config.HeadBias)
        {
            throw new ModelFileException($"{form} cannot hold this model: its head has a bias and GPT-2's has none; train it with --head-bias false.");
        }
    }

    private static Gpt2Tensor[] Norm(string name, int width) =>
        [new($"{name}.weight", new Shape(width)), new($"{name}.bias", new Shape(width))];

    private static Gpt2Tensor[] Projection(string name, int output, int input) =>
    [
        new($"{name}.weight", new Shape(output, input), IsConv1D: true),
        new($"{name}.bias", new Shape(output)),
    ];
}

/// <summary>One parameter of a GPT-2.</summary>
/// <param name="Name">Its path in the model.</param>
/// <param name="Shape">Its shape there; a matrix is [out, in].</param>
/// <param name="IsConv1D">Whether Hugging Face keeps it as [in, out], as the TensorFlow code did that it was first trained with.</param>
internal readonly record struct Gpt2Tensor(string Name, Shape Shape, bool IsConv1D = false)
{
    /// <summary>Gets the shape in Hugging Face's files.</summary>
    public Shape StoredShape => IsConv1D ? new Shape(Shape[1], Shape[0]) : Shape;
}
