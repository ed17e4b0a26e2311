using System.Diagnostics;
using System.Globalization;
using System.Text;
using Nabla.Tokenizers;

namespace Nabla.Benchmarks;

/// <summary>
/// Prints how fast text is encoded, in megabytes of UTF-8 a second, on one thread and on all cores; and, where Node and the
/// packages are found, how fast <c>bench/peers/tokenizers.mjs</c> encodes the same files in the same minute.
/// </summary>
internal static class EncodeReport
{
    private const double SecondsPerText = 1;

    private static readonly string[] _encodings = ["gpt2", "cl100k_base", "o200k_base"];

    public static void Run(string[] args)
    {
        int megabytes = int.Parse(Option(args, "--megabytes") ?? "8", CultureInfo.InvariantCulture);
        string? filter = Option(args, "--encoding");
        string? modules = Option(args, "--node-modules");
        string folder = Directory.CreateTempSubdirectory("nabla-encode-").FullName;
        try
        {
            List<(string Name, string Text)> texts = [.. EncodeTexts.Make(megabytes * 1_000_000)];
            foreach ((string name, string text) in texts)
            {
                File.WriteAllText(Path.Combine(folder, name + ".txt"), text);
            }

            Console.WriteLine($"{"encoding",-12} {"text",-15} {"one thread",12} {"all cores",12}   MB/s of UTF-8, median");
            foreach (string encoding in _encodings.Where(name => filter is null || name == filter))
            {
                long start = Stopwatch.GetTimestamp();
                RegexTokenizer tokenizer = Load(encoding);
                TimeSpan loaded = Stopwatch.GetElapsedTime(start);
                Dictionary<string, (double One, int Ids)> ours = [];
                foreach ((string name, string text) in texts)
                {
                    double megabytesOfText = Encoding.UTF8.GetByteCount(text) / 1e6;
                    var ids = 0;
                    double one = megabytesOfText / Median(() => ids = tokenizer.Encode(text, SpecialTokenPolicy.AsText).Length);
                    double all = megabytesOfText / Median(() => tokenizer.EncodeParallel(text, SpecialTokenPolicy.AsText));
                    ours[name] = (one, ids);
                    Print(encoding, name, one, all);
                }

                foreach ((string name, string text) in EncodeTexts.MakeHard(1_000_000).Concat(EncodeTexts.MakeHard(10_000_000)))
                {
                    double one = text.Length / 1e6 / Median(() => tokenizer.Encode(text, SpecialTokenPolicy.AsText));
                    Print(encoding, string.Create(CultureInfo.InvariantCulture, $"{text.Length / 1_000_000}M {name}"), one, null);
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{encoding,-12} loaded in {loaded.TotalMilliseconds:F0} ms"));
                TokenizerPeers.Compare(encoding, folder, modules, ours);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static RegexTokenizer Load(string encoding)
    {
        string data = Environment.GetEnvironmentVariable("NABLA_DATA") ?? ".";
        NamedEncoding named = NamedEncoding.Find(encoding)!;
        return named.Load([.. named.Files.Select(file => Path.Combine(data, file.FileName))]);
    }

    private static void Print(string encoding, string text, double one, double? all) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{encoding,-12} {text,-20} {one,7:F1} {all,12:F1}"));

    private static string? Option(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and var index && index + 1 < args.Length ? args[index + 1] : null;

    private static double Median(Action encode)
    {
        encode();
        List<double> seconds = [];
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < SecondsPerText || seconds.Count < 3)
        {
            long start = Stopwatch.GetTimestamp();
            encode();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        seconds.Sort();
        return seconds[seconds.Count / 2];
    }
}
