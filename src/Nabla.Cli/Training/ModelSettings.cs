using Nabla.Language;

namespace Nabla.Cli.Training;

/// <summary>The settings of the model. Each is for one or more kinds of models; for another one it is refused.</summary>
internal static class ModelSettings
{
    private static readonly (string, Activation)[] _activations =
        [("relu", Activation.Relu), ("gelu", Activation.Gelu), ("gelu-exact", Activation.GeluExact)];

    private static readonly (string, GptInitialization)[] _initializations =
        [("gpt2", GptInitialization.Gpt2), ("layer-default", GptInitialization.LayerDefault)];

    /// <summary>Gets all of them, in the order of the help.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Make("layers", "N", "blocks, hidden layers or levels", Values.WholeNumber,
            Of<GptConfig, int>((m, v) => m with { LayerCount = v }),
            Of<DeepMlpConfig, int>((m, v) => m with { LayerCount = v }),
            Of<ConvolutionConfig, int>((m, v) => m with { LayerCount = v })),
        Make("heads", "N", "attention heads in a block; they divide the width", Values.WholeNumber,
            Of<GptConfig, int>((m, v) => m with { HeadCount = v })),
        Make("width", "N", "length of a token's vector in a GPT, units of a hidden layer in other models", Values.WholeNumber,
            Of<GptConfig, int>((m, v) => m with { Width = v }),
            Of<WindowConfig, int>((m, v) => m with { Width = v }),
            Of<ConvolutionConfig, int>((m, v) => m with { Width = v }),
            Of<RecurrentConfig, int>((m, v) => m with { Width = v }),
            Of<BagOfWordsConfig, int>((m, v) => m with { Width = v })),
        Make("embedding", "N", "length of a token's vector in other models than GPTs", Values.WholeNumber,
            Of<WindowConfig, int>((m, v) => m with { EmbeddingSize = v }),
            Of<ConvolutionConfig, int>((m, v) => m with { EmbeddingSize = v }),
            Of<RecurrentConfig, int>((m, v) => m with { EmbeddingSize = v }),
            Of<BagOfWordsConfig, int>((m, v) => m with { EmbeddingSize = v })),
        Make("context", "N", "tokens that the model sees at once", Values.WholeNumber,
            Of<LanguageModelConfig, int>((m, v) => m with { ContextLength = v })),
        Make("dropout", "X", "share of values dropped in training", Values.Number,
            Of<GptConfig, double>((m, v) => m with { Dropout = (float)v })),
        Make("bias", null, "biases in norms and in layers that write to the residual stream", Values.Switch,
            Of<GptConfig, bool>((m, v) => m with { Bias = v })),
        Make("attention-bias", null, "biases of queries, keys and values", Values.Switch,
            Of<GptConfig, bool>((m, v) => m with { AttentionBias = v })),
        Make("head-bias", null, "a bias of the head", Values.Switch,
            Of<GptConfig, bool>((m, v) => m with { HeadBias = v })),
        Make("tie-weights", null, "the head shares the token embedding's weights", Values.Switch,
            Of<GptConfig, bool>((m, v) => m with { TieWeights = v })),
        Make("recompute", null, "backward computes the inside of each block again: less memory, more time", Values.Switch,
            Of<GptConfig, bool>((m, v) => m with { Recompute = v })),
        Choice("activation", "nonlinearity of a GPT's MLP", _activations,
            Of<GptConfig, Activation>((m, v) => m with { Activation = v })),
        Choice("init", "how the weights of a GPT start", _initializations,
            Of<GptConfig, GptInitialization>((m, v) => m with { Initialization = v })),
    ];

    private static Change<TValue> Of<TModel, TValue>(Func<TModel, TValue, TModel> set)
        where TModel : LanguageModelConfig
        => new(model => model is TModel, (model, value) => set((TModel)model, value));

    private static Setting Choice<T>(string name, string help, (string Word, T Value)[] choices, params Change<T>[] changes)
        => Make(name, string.Join('|', choices.Select(choice => choice.Word)), help,
            (label, text) => Values.Choice(label, text, choices), changes);

    private static Setting Make<T>(
        string name, string? valueName, string help, Func<string, string, T> read, params Change<T>[] changes)
    {
        return new Setting(name, SettingGroup.Model, valueName, help, Apply)
        {
            IsFor = model => changes.Any(change => change.IsFor(model)),
        };

        TrainSettings Apply(TrainSettings settings, string label, string text)
        {
            T value = read(label, text);
            Change<T> change = changes.FirstOrDefault(known => known.IsFor(settings.Model)) ?? throw new UsageException(
                $"{label} is not for the model {settings.ModelName}, which takes "
                + $"{string.Join(", ", All.Where(known => known.IsFor(settings.Model)).Select(known => "--" + known.Name))}.");
            return settings with { Model = change.Set(settings.Model, value) };
        }
    }

    /// <summary>How a setting changes the models of one kind.</summary>
    private sealed record Change<T>(Func<LanguageModelConfig, bool> IsFor, Func<LanguageModelConfig, T, LanguageModelConfig> Set);
}
