using System.Diagnostics;
using System.Text.Json;

namespace Nabla.Language.Tests.Planning;

/// <summary>What is predicted of a training's memory, beside what the benchmark program takes, in a process of its own.</summary>
public class TrainingMemoryTests
{
    private const int Threads = 2;

    private static readonly GptConfig _long = new() { LayerCount = 4, HeadCount = 4, Width = 256, ContextLength = 512 };

    // Beside this project's output, under the same configuration.
    private static readonly string _program = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory,
        "..",
        "..",
        "Nabla.Benchmarks",
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)),
        "Nabla.Benchmarks.dll"));

    [Fact]
    public void A_small_model_takes_the_memory_predicted_within_a_tenth()
    {
        GptConfig config = new() { VocabularySize = 65, LayerCount = 4, HeadCount = 4, Width = 128, ContextLength = 64 };
        Check(config, 96, 1, "shakespeare-4x128");
    }

    [Fact]
    public void A_model_with_dropout_and_all_logits_takes_the_memory_predicted_within_a_tenth() => Check(GptConfig.Lecture, 8, 1, "gpt-10m");

    [Fact]
    public void A_model_of_large_vocabulary_takes_the_memory_predicted_within_a_tenth() => Check(_long, 4, 1, "gpt2-124m");

    [Fact]
    public void Recomputation_takes_the_memory_predicted_within_a_tenth() => Check(_long with { Recompute = true }, 4, 1, "gpt2-124m");

    [Fact]
    public void Accumulation_takes_the_memory_predicted_within_a_tenth() => Check(_long, 2, 6, "gpt2-124m");

    [Fact]
    public void A_wide_model_takes_the_memory_predicted_within_a_tenth()
        => Check(new GptConfig { LayerCount = 2, ContextLength = 256 }, 4, 1, "gpt2-124m");

    // Of 4 x 64 rows all at once; of 4 x 1024 rows of GPT-2's vocabulary a 13th, which has no more than 2^24 numbers.
    [Theory]
    [InlineData(65, 64, 256 * 65)]
    [InlineData(50257, 1024, 316 * 50257)]
    public void Logits_are_those_of_a_block_of_rows(int vocabulary, int context, long expected)
    {
        GptConfig config = new() { VocabularySize = vocabulary, ContextLength = context, LayerCount = 1, HeadCount = 1, Width = 8 };

        Assert.Equal(sizeof(float) * expected, TrainingMemory.Of(config, 4, threads: 1)!.Logits);
    }

    [Fact]
    public void The_kinds_add_up_to_the_total()
    {
        TrainingMemory memory = TrainingMemory.Of(_long, 4, 1, Threads)!;

        Assert.Equal(4 * GptParameters.Of(_long).Total, memory.Weights);
        Assert.Equal(memory.Weights, memory.Gradients);
        Assert.Equal(2 * memory.Weights, memory.Moments);
        Assert.Equal(
            (4 * memory.Weights) + memory.Activations + memory.Logits + memory.Backward + memory.Overhead, memory.Total);
        Assert.Equal(memory.Total, TrainingMemory.Bytes(_long, 4, 1, Threads));
    }

    [Fact]
    public void Other_models_have_no_prediction() => Assert.Null(TrainingMemory.Bytes(new MlpConfig(), 32));

    [Fact]
    public void A_batch_of_no_rows_is_refused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => TrainingMemory.Bytes(_long, 0));

    private static void Check(GptConfig config, int batch, int accumulation, string preset)
    {
        TrainingMemory predicted = TrainingMemory.Of(config, batch, accumulation, Threads)!;
        long measured = Measure(config, batch, accumulation, preset);
        TestContext.Current.TestOutputHelper?.WriteLine($"{predicted.Total >> 20} MB predicted, {measured >> 20} MB measured");
        Assert.True(Math.Abs(predicted.Total - measured) <= 0.1 * measured, $"{measured} bytes measured of {predicted}");
    }

    private static long Measure(GptConfig config, int batch, int accumulation, string preset)
    {
        string[] sizes =
        [
            "--layers", $"{config.LayerCount}", "--heads", $"{config.HeadCount}", "--width", $"{config.Width}",
            "--context", $"{config.ContextLength}", "--vocabulary", $"{config.VocabularySize}", "--batch", $"{batch}",
            "--accumulate", $"{accumulation}", "--warmup", "1", "--steps", "1",
        ];
        string[] recomputation = config.Recompute ? ["--recompute"] : [];
        ProcessStartInfo start = new("dotnet", [_program, "train", preset, .. sizes, .. recomputation])
        {
            RedirectStandardOutput = true,
            Environment = { ["NABLA_THREADS"] = $"{Threads}" },
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        using JsonDocument json = JsonDocument.Parse(output);
        return (long)(json.RootElement.GetProperty("peakMegabytes").GetDouble() * (1 << 20));
    }
}
