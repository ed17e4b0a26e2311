namespace Nabla.Language.Tests.Models;

/// <summary>One small configuration of every model, and of every cell of the recurrent one.</summary>
public static class SmallModels
{
    public const int Vocabulary = 7;

    private static readonly Dictionary<string, LanguageModelConfig> _configs = new()
    {
        ["bigram"] = new BigramConfig { ContextLength = 6 },
        ["mlp"] = new MlpConfig { EmbeddingSize = 4, Width = 9 },
        ["deep"] = new DeepMlpConfig { EmbeddingSize = 4, Width = 9, LayerCount = 2 },
        ["wavenet"] = new WaveNetConfig { EmbeddingSize = 4, Width = 9, ContextLength = 4 },
        ["convolution"] = new ConvolutionConfig { EmbeddingSize = 4, Width = 9, LayerCount = 2, ContextLength = 6 },
        ["rnn"] = new RecurrentConfig { EmbeddingSize = 4, Width = 9, ContextLength = 6 },
        ["gru"] = new RecurrentConfig { Cell = RecurrentKind.Gru, EmbeddingSize = 4, Width = 9, ContextLength = 6 },
        ["lstm"] = new RecurrentConfig { Cell = RecurrentKind.Lstm, EmbeddingSize = 4, Width = 9, ContextLength = 6 },
        ["bow"] = new BagOfWordsConfig { EmbeddingSize = 4, Width = 9, ContextLength = 6 },
        ["gpt"] = new GptConfig { LayerCount = 2, HeadCount = 2, Width = 8, ContextLength = 6 },
    };

    /// <summary>Gets the names of all.</summary>
    public static TheoryData<string> Names => [.. _configs.Keys];

    /// <summary>Returns a configuration for a text.</summary>
    public static LanguageModelConfig Config(string name, int vocabulary = Vocabulary, int? boundary = null)
        => _configs[name].For(vocabulary, boundary);

    /// <summary>Creates a model for running text.</summary>
    public static LanguageModel Create(string name, int? boundary = null)
        => Config(name, boundary: boundary).Create(new RandomGenerator(1), new RandomGenerator(2));
}
