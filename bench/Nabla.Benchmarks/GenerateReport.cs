using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Nabla.Autograd;
using Nabla.Language;
using Nabla.Tokenizers;

namespace Nabla.Benchmarks;

/// <summary>
/// Times a GPT of random weights as it writes text, and as it reads a long prompt. The options are those of
/// <c>bench/peers/generate.py</c>, and so is the line of JSON that comes out.
/// </summary>
internal static class GenerateReport
{
    public static void Run(Arguments arguments)
    {
        GptConfig config = TrainPreset.Read("gpt2-124m", arguments).Model with { ContextLength = 1024 };
        int streams = arguments.Count("--streams") ?? 1;
        int[] start = Tokens(config, arguments.Count("--prompt") ?? 16);
        int[] longPrompt = Tokens(config, arguments.Count("--long-prompt") ?? 512);
        int tokens = arguments.Count("--tokens") ?? 128;
        int runs = arguments.Count("--steps") ?? 3;
        int warmup = arguments.Count("--warmup", least: 0) ?? 1;
        string? weights = arguments.Text("--save-weights");
        bool isHalf = arguments.Flag("--bfloat16");
        if (arguments.Words() is [string word, ..])
        {
            throw new UsageException($"generate takes options such as --tokens 128 only; {word} is none.");
        }

        Gpt model = new(config, new RandomGenerator(1337));
        if (weights is not null)
        {
            model.Save(weights);
        }

        if (isHalf)
        {
            model.StoreAsBFloat16();
        }

        model.Eval();
        int[] ids = [];
        Generator generator = new(model, new CharacterTokenizer(Enumerable.Range(0, model.VocabularySize).Select(id => new Rune(id))));
        double seconds = Median(warmup, runs, () => streams == 1 ? Stream(generator, start, tokens, out ids) : Batch(model, start, tokens, streams, out ids));
        float[] logits = [];
        double? promptSeconds = streams == 1 ? Median(warmup, runs, () => Prompt(model, longPrompt, out logits)) : null;
        long peakMemory = ProcessMemory.Peak;
        double bandwidth = MachineLimits.ReadBytes();
        double speed = streams * tokens / seconds;
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            threads = Compute.ThreadCount,
            streams,
            tokensPerSecond = speed,
            promptSeconds,
            peakMegabytes = peakMemory / 1048576.0,
            readGigabytesPerSecond = bandwidth / 1e9,
            shareOfBandwidth = speed / streams * WeightBytes(model, isHalf) / bandwidth,
            ids = ids.Take(16),
            logits = logits.Take(5),
        }));
    }

    /// <summary>What every token reads: all weights but the table of positions.</summary>
    private static double WeightBytes(Gpt model, bool isHalf)
        => (isHalf ? 2 : 4) * (model.ParameterCount - ((double)model.Config.ContextLength * model.Config.Width));

    private static double Median(int warmup, int runs, Func<double> run)
        => Enumerable.Range(0, warmup + runs).Select(_ => run()).ToArray().Skip(warmup).Median();

    /// <summary>The time from the first new token on, which the prompt's own time is not part of.</summary>
    private static double Stream(Generator generator, int[] start, int tokens, out int[] ids)
    {
        List<int> drawn = [];
        long begin = 0;
        foreach (int id in generator.StreamIds(start, new GenerationOptions { MaxTokens = tokens + 1, Temperature = 0 }))
        {
            begin = drawn.Count == 0 ? Stopwatch.GetTimestamp() : begin;
            drawn.Add(id);
        }

        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        ids = [.. drawn];
        return seconds;
    }

    private static double Batch(Gpt model, int[] start, int tokens, int streams, out int[] ids)
    {
        using NoGradScope noGrad = Tensor.NoGrad();
        KeyValueCache cache = new(model.Config, streams);
        int[] next = Next(model, cache, [.. Enumerable.Repeat(start, streams).SelectMany(ids => ids)], streams);
        List<int> drawn = [next[0]];
        long begin = Stopwatch.GetTimestamp();
        for (int token = 0; token < tokens; token++)
        {
            next = Next(model, cache, next, streams);
            drawn.Add(next[0]);
        }

        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        ids = [.. drawn];
        return seconds;
    }

    private static int[] Next(Gpt model, KeyValueCache cache, int[] ids, int streams)
    {
        using MemoryScope scope = MemoryScope.Begin();
        return model.NextLogits(IndexTensor.From(ids, streams, -1), cache).ArgMax(1).ToArray();
    }

    private static double Prompt(Gpt model, int[] prompt, out float[] logits)
    {
        using NoGradScope noGrad = Tensor.NoGrad();
        using MemoryScope scope = MemoryScope.Begin();
        KeyValueCache cache = new(model.Config);
        IndexTensor ids = IndexTensor.From(prompt, 1, -1);
        long begin = Stopwatch.GetTimestamp();
        logits = model.NextLogits(ids, cache).ToArray();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static int[] Tokens(GptConfig config, int count)
    {
        int[] ids = new int[count];
        new RandomGenerator(1).Integers(ids, 0, config.VocabularySize);
        return ids;
    }
}
