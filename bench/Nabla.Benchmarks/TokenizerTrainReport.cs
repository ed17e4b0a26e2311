using System.Diagnostics;
using System.Globalization;
using Nabla.Tokenizers;

namespace Nabla.Benchmarks;

/// <summary>
/// Times byte-pair training: minbpe's own run, and many merges on a large text beside SentencePiece, which
/// <c>bench/peers/train_sentencepiece.py</c> trains on the same file in the same minute.
/// </summary>
internal static class TokenizerTrainReport
{
    private const int Seed = 1;
    private const int SmallRuns = 30;

    private static readonly string[] _sources = ["tinyshakespeare.txt", "taylorswift.txt", "names.txt"];

    /// <summary>Measures.</summary>
    /// <param name="args">
    /// The megabytes of text (100), the number of merges (32000), <c>unsplit</c> for no splitter instead of GPT-4's pattern, and
    /// <c>alone</c> for no SentencePiece.
    /// </param>
    public static void Run(ReadOnlySpan<string> args)
    {
        int megabytes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100;
        int merges = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 32_000;
        TextSplitter splitter = args.Contains("unsplit") ? TextSplitter.None : TextSplitter.Cl100k;
        bool withPeer = !args.Contains("alone");
        string data = Environment.GetEnvironmentVariable("NABLA_DATA") ?? ".";
        RunSmall(Path.Combine(data, "taylorswift.txt"));

        string text = Path.Combine(Path.GetTempPath(), $"nabla-tokenizer-train-{Environment.ProcessId}.txt");
        try
        {
            TokenizerTrainText.Write(text, _sources.Select(name => Path.Combine(data, name)), megabytes * 1_000_000L, Seed);
            double ours = RunLarge(text, merges, splitter);
            if (withPeer)
            {
                double theirs = RunPeer(text, merges);
                Print($"SentencePiece / Nabla: {theirs / ours:F1}");
            }
        }
        finally
        {
            File.Delete(text);
        }
    }

    private static void RunSmall(string path)
    {
        string text = File.ReadAllText(path);
        var options = new BytePairTrainingOptions { VocabularySize = 512, Splitter = TextSplitter.Cl100k };
        List<double> seconds = [];
        for (int run = 0; run < SmallRuns; run++)
        {
            long start = Stopwatch.GetTimestamp();
            BytePairTrainer.Train(text, options);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        Print($"{Path.GetFileName(path)}, 256 merges: first run {1000 * seconds[0]:F1} ms, median of the next {Median(seconds[1..]) * 1000:F2} ms");
    }

    private static double RunLarge(string path, int merges, TextSplitter splitter)
    {
        var options = new BytePairTrainingOptions
        {
            VocabularySize = 256 + merges,
            Splitter = splitter,
            ThreadCount = Compute.ThreadCount,
        };
        var phases = new PhaseClock();
        long start = Stopwatch.GetTimestamp();
        BytePairTraining training = BytePairTrainer.Train([path], options, phases);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Print($"{training.ByteCount / 1e6:F0} MB, {training.ChunkCount:N0} chunks, {training.DistinctChunkCount:N0} of them different; "
            + $"{training.Merges.Length:N0} merges, the last of a pair that occurs {training.Merges[^1].Count:N0} times");
        Print($"Nabla, {options.ThreadCount} threads: {seconds:F2} s (reading {phases.Reading:F2} s, to the first merge "
            + $"{phases.FirstMerge:F2} s, merges {seconds - phases.FirstMerge:F2} s), peak memory "
            + $"{Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        return seconds;
    }

    private static double RunPeer(string path, int merges)
    {
        string python = Environment.GetEnvironmentVariable("NABLA_PYTHON") ?? "python3";
        string script = Path.Combine("bench", "peers", "train_sentencepiece.py");
        var start = new ProcessStartInfo(python, [script, path, "--merges", $"{merges}", "--threads", $"{Compute.ThreadCount}"])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Console.Write(output);
        return double.Parse(output.Split("seconds ")[1].Split(' ', '\n')[0], CultureInfo.InvariantCulture);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Print(string line) => Console.WriteLine(line);

    /// <summary>Notes when the text was read and when the first merge was learned.</summary>
    private sealed class PhaseClock : IProgress<BytePairTrainingProgress>
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public double Reading { get; private set; }

        public double FirstMerge { get; private set; }

        public void Report(BytePairTrainingProgress value)
        {
            double now = Stopwatch.GetElapsedTime(_start).TotalSeconds;
            if (value.Phase == BytePairTrainingPhase.Counting)
            {
                Reading = now;
            }
            else if (value.MergesDone == 1)
            {
                FirstMerge = now;
            }
        }
    }
}
