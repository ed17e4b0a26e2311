using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Nabla.Language;

namespace Nabla.Benchmarks;

/// <summary>
/// Times the trainings of the makemore lectures in steps a second. PyTorch does the same in the same minute
/// (<c>bench/peers/makemore.py</c>), from the same weights and on the same minibatches, where NABLA_PYTHON says which Python has
/// it.
/// </summary>
internal static class MakemoreReport
{
    private const int Warmups = 2;
    private const int Runs = 5;

    // The two add up in another order, and each step passes the difference on.
    private const double FirstLossTolerance = 1e-4;
    private const double LastLossTolerance = 0.01;

    /// <summary>Times the models of the names given, or all; a number among the names is how many steps to take.</summary>
    public static void Run(string[] arguments)
    {
        int? steps = null;
        List<string> names = [];
        foreach (string argument in arguments)
        {
            if (int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0)
            {
                steps = number;
            }
            else if (MakemoreTraining.Models.ContainsKey(argument))
            {
                names.Add(argument);
            }
            else
            {
                string models = string.Join(", ", MakemoreTraining.Models.Keys);
                Console.Error.WriteLine($"There is no model {argument}; give any of {models}, and a number of steps.");
                return;
            }
        }

        string file = MakemoreTraining.FindNames();
        foreach (string name in names.Count > 0 ? names : MakemoreTraining.Models.Keys)
        {
            (LanguageModelConfig config, int usual) = MakemoreTraining.Models[name];
            Report(name, new MakemoreTraining(config, file), steps ?? usual, file);
        }
    }

    private static void Report(string name, MakemoreTraining training, int steps, string file)
    {
        long parameters = training.NewModel().ParameterCount;
        Print($"{name}, {parameters:N0} parameters, {MakemoreTraining.BatchSize} examples a step, {steps:N0} steps");
        List<double> speeds = [];
        (double seconds, float first, float last) = (0, 0, 0);
        for (int run = 0; run < Warmups + Runs; run++)
        {
            (seconds, first, last) = training.Run(steps);
            speeds.Add(steps / seconds);
        }

        // At first, methods run as they were compiled in haste.
        speeds.RemoveRange(0, Warmups);
        speeds.Sort();
        double ours = speeds[Runs / 2];
        PrintSpeed("Nabla", Compute.ThreadCount, ours, speeds[^1], first, last);
        if (Environment.GetEnvironmentVariable("NABLA_PYTHON") is not { } python)
        {
            return;
        }

        (double best, int threads) = (0, 0);
        bool same = true;
        foreach (JsonElement peer in RunPeer(python, name, training, steps, file))
        {
            (double speed, int used) = (peer.GetProperty("stepsPerSecond").GetDouble(), peer.GetProperty("threads").GetInt32());
            double peerFirst = peer.GetProperty("firstLoss").GetDouble();
            double peerLast = peer.GetProperty("lastLoss").GetDouble();
            PrintSpeed("PyTorch", used, speed, peer.GetProperty("fastest").GetDouble(), peerFirst, peerLast);
            (best, threads) = speed > best ? (speed, used) : (best, threads);
            same &= peer.GetProperty("parameters").GetInt64() == parameters
                && Math.Abs(peerFirst - first) < FirstLossTolerance
                && Math.Abs(peerLast - last) < LastLossTolerance;
        }

        if (best == 0)
        {
            Console.Error.WriteLine("    PyTorch gave no answer; run from the root of the repository.");
            return;
        }

        Print($"    ours is {ours / best:F2} times as fast as PyTorch at its best, threads: {threads}");
        if (!same)
        {
            Print($"    the losses or the parameters differ: this was not the same work");
        }
    }

    private static IEnumerable<JsonElement> RunPeer(string python, string name, MakemoreTraining training, int steps, string file)
    {
        string script = Path.Combine("bench", "peers", "makemore.py");
        string weights = Path.GetTempFileName();
        try
        {
            training.NewModel().Save(weights);
            string[] arguments = [script, name, file, weights, "--steps", $"{steps}", "--runs", $"{Runs}"];
            using Process process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true })!;
            while (process.StandardOutput.ReadLine() is { } line)
            {
                yield return JsonSerializer.Deserialize<JsonElement>(line);
            }

            process.WaitForExit();
        }
        finally
        {
            File.Delete(weights);
        }
    }

    private static void PrintSpeed(string program, int threads, double speed, double fastest, double first, double last)
        => Print($"    {program,-7} {threads} thr. {speed,8:N0} steps/s (fastest {fastest:N0}), loss {first:F5}, in the end {last:F4}");

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
