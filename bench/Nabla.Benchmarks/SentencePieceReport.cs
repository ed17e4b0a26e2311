using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Nabla.Tokenizers;

namespace Nabla.Benchmarks;

/// <summary>
/// Times SentencePiece models, encoding with Llama 2's and training one, beside SentencePiece itself on the same files in the
/// same minute (<c>bench/peers/sentencepiece_encode.py</c>).
/// </summary>
internal static class SentencePieceReport
{
    private const int Seed = 1;

    private static readonly string[] _sources = ["tinyshakespeare.txt", "taylorswift.txt", "names.txt"];

    /// <summary>Measures.</summary>
    /// <param name="args">The megabytes of text (10), and the size of the trained vocabulary (8000).</param>
    public static void Run(ReadOnlySpan<string> args)
    {
        int megabytes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
        int vocabulary = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 8000;
        string data = Environment.GetEnvironmentVariable("NABLA_DATA") ?? ".";
        string folder = Directory.CreateTempSubdirectory("nabla-sentencepiece-").FullName;
        try
        {
            Encode(Path.Combine(data, "llama2_tokenizer.model"), folder, megabytes);
            Train([.. _sources.Select(name => Path.Combine(data, name))], folder, megabytes, vocabulary);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Encode(string model, string folder, int megabytes)
    {
        SentencePieceTokenizer tokenizer = SentencePieceTokenizer.Load(model);
        Dictionary<string, (double Speed, int Ids)> ours = [];
        List<string> paths = [];
        foreach ((string name, string text) in EncodeTexts.Make(megabytes * 1_000_000))
        {
            paths.Add(Path.Combine(folder, name + ".txt"));
            File.WriteAllText(paths[^1], text);
            int ids = 0;
            double seconds = Median(() => ids = tokenizer.Encode(text).Length);
            ours[name] = (Encoding.UTF8.GetByteCount(text) / 1e6 / seconds, ids);
            Print($"{name,-15} ours {ours[name].Speed:F1} MB/s on one thread");
        }

        foreach (JsonElement peer in RunPeer(["encode", model, .. paths]))
        {
            string name = peer.GetProperty("text").GetString()!;
            (double whole, double lines) = (peer.GetProperty("whole").GetDouble(), peer.GetProperty("lines").GetDouble());
            string ids = peer.GetProperty("ids").GetInt32() == ours[name].Ids ? "as many ids" : "OTHER IDS";
            Print($"{name,-15} SentencePiece {whole:F2} MB/s, line by line {lines:F2} MB/s");
            Print($"{"",-15} ours is {ours[name].Speed / whole:F1} and {ours[name].Speed / lines:F1} times as fast; {ids}");
        }
    }

    private static void Train(string[] sources, string folder, int megabytes, int vocabulary)
    {
        string text = Path.Combine(folder, "train.txt");
        TokenizerTrainText.Write(text, sources, megabytes * 1_000_000L, Seed);
        long start = Stopwatch.GetTimestamp();
        SentencePieceModel model = SentencePieceTrainer.TrainFiles([text], new SentencePieceTrainingOptions
        {
            VocabularySize = vocabulary,
            CharacterCoverage = 0.99995f,
            ByteFallback = true,
            SplitDigits = true,
            AllowWhitespaceOnlyPieces = true,
            InputSentenceSize = 200_000_000,
            Normalization = SentencePieceNormalization.Identity,
        });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Print($"training {vocabulary} pieces on {megabytes} MB: ours {seconds:F2} s");
        string prefix = Path.Combine(folder, "peer");
        foreach (JsonElement peer in RunPeer(["train", text, $"{vocabulary}", prefix]))
        {
            double theirs = peer.GetProperty("seconds").GetDouble();
            SentencePieceModel other = SentencePieceModel.Load(prefix + ".model");
            int same = model.Pieces.Zip(other.Pieces).TakeWhile(pair => pair.First == pair.Second).Count();
            Print($"SentencePiece {theirs:F2} s: ours is {theirs / seconds:F1} times as fast; the first {same} pieces are equal");
        }
    }

    private static IEnumerable<JsonElement> RunPeer(string[] arguments)
    {
        string python = Environment.GetEnvironmentVariable("NABLA_PYTHON") ?? "python3";
        string script = Path.Combine("bench", "peers", "sentencepiece_encode.py");
        var start = new ProcessStartInfo(python, [script, .. arguments]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            yield return JsonSerializer.Deserialize<JsonElement>(line);
        }

        process.WaitForExit();
    }

    private static double Median(Action encode)
    {
        encode();
        List<double> seconds = [];
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < 1 || seconds.Count < 3)
        {
            long start = Stopwatch.GetTimestamp();
            encode();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        seconds.Sort();
        return seconds[seconds.Count / 2];
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
