using Nabla.Language;

namespace Nabla.Benchmarks;

/// <summary>A GPT and its batch that <see cref="TrainReport"/> and <c>bench/peers/train_gpt.py</c> both train.</summary>
internal sealed record TrainPreset(GptConfig Model, int Batch, float Rate)
{
    private static readonly Dictionary<string, TrainPreset> _all = new()
    {
        ["gpt2-124m"] = new TrainPreset(new GptConfig { ContextLength = 64 }, 4, 3e-4f),
        ["gpt-10m"] = new TrainPreset(GptConfig.Lecture, 64, 3e-4f),
        ["shakespeare-4x128"] = new TrainPreset(Small(65, 128, 64), 12, 1e-3f),
        ["lecture-cpu"] = new TrainPreset(Small(65, 64, 32), 16, 1e-3f),
        ["names"] = new TrainPreset(Small(27, 64, 16), 32, 1e-3f),
    };

    /// <summary>Gets the number of tokens of a step.</summary>
    public int Tokens => Batch * Model.ContextLength;

    /// <summary>
    /// Gets the float32 operations of a step's matrix products: 6 for each token and each weight that multiplies (two in the
    /// forward pass, four in the backward), and attention's two products, of which half is masked.
    /// </summary>
    public double Flops
    {
        get
        {
            double weights = (12.0 * Model.LayerCount * Model.Width * Model.Width) + ((double)Model.VocabularySize * Model.Width);
            return 6 * Tokens * (weights + ((double)Model.LayerCount * Model.Width * Model.ContextLength));
        }
    }

    /// <summary>Reads the name of a preset and what is to be other than in it.</summary>
    public static TrainPreset Read(string name, Arguments arguments)
    {
        if (!_all.TryGetValue(name, out TrainPreset? preset))
        {
            throw new UsageException($"There is no preset {name}; there are {string.Join(", ", _all.Keys)}.");
        }

        GptConfig model = preset.Model;
        model = model with
        {
            LayerCount = arguments.Count("--layers") ?? model.LayerCount,
            HeadCount = arguments.Count("--heads") ?? model.HeadCount,
            Width = arguments.Count("--width") ?? model.Width,
            ContextLength = arguments.Count("--context") ?? model.ContextLength,
            VocabularySize = arguments.Count("--vocabulary") ?? model.VocabularySize,
            Dropout = arguments.Share("--dropout") ?? model.Dropout,
            Recompute = arguments.Flag("--recompute"),
        };
        return preset with { Model = model, Batch = arguments.Count("--batch") ?? preset.Batch };
    }

    private static GptConfig Small(int vocabulary, int width, int context) => new()
    {
        VocabularySize = vocabulary,
        ContextLength = context,
        LayerCount = 4,
        HeadCount = 4,
        Width = width,
    };
}
