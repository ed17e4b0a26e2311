using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Nabla.Nn;
using Nabla.Optim;

namespace Nabla.Benchmarks;

/// <summary>
/// Times what a step costs when its tensors are tiny: the XOR notebook's 40,000 steps of a network with nine parameters. PyTorch
/// does the same in the same minute (<c>bench/peers/xor.py</c>) where NABLA_PYTHON says which Python has it.
/// </summary>
internal static class XorReport
{
    private const int Steps = 40_000;
    private const int Warmups = 3;
    private const int Runs = 7;
    private const int PeerRuns = 3;

    private static readonly Tensor _x = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
    private static readonly Tensor _targets = Tensor.From([0, 1, 1, 0], 4, 1);

    public static void Run()
    {
        Dictionary<int, double> slower = [];
        long start = Stopwatch.GetTimestamp();
        Train(batch: 1, scoped: false);
        Print($"batch 1, the first run of the program {Stopwatch.GetElapsedTime(start).TotalSeconds:F3} s");
        foreach (int batch in new[] { 1, 4 })
        {
            slower[batch] = Math.Max(Report(batch, scoped: false), Report(batch, scoped: true));
        }

        if (Environment.GetEnvironmentVariable("NABLA_PYTHON") is not { } python)
        {
            return;
        }

        foreach (JsonElement peer in RunPeer(python))
        {
            (int batch, double seconds) = (peer.GetProperty("batch").GetInt32(), peer.GetProperty("seconds").GetDouble());
            string outputs = Outputs(peer.GetProperty("outputs").EnumerateArray().Select(output => output.GetSingle()));
            Print($"batch {batch}, PyTorch    {seconds,7:F3} s {seconds / Steps * 1e6,7:F2} us a step; it answers {outputs}");
            Print($"         ours is {seconds / slower[batch]:F1} times as fast, with or without a scope");
        }
    }

    private static double Report(int batch, bool scoped)
    {
        string form = scoped ? "in a scope" : "no scope";
        List<double> seconds = [];
        float[] outputs = [];
        for (int run = 0; run < Warmups + Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            Model model = Train(batch, scoped);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            outputs = model.Forward(_x).ToArray();
        }

        // At first, methods run as they were compiled in haste.
        seconds.RemoveRange(0, Warmups);
        seconds.Sort();
        double median = seconds[Runs / 2];
        Print($"batch {batch}, {form,-10} {median,7:F3} s {median / Steps * 1e6,7:F2} us a step; it answers {Outputs(outputs)}");
        return median;
    }

    private static Model Train(int batch, bool scoped)
    {
        Model model = new();
        Sgd optimizer = new(model.Parameters(), learningRate: 0.1f);
        for (int step = 0; step < Steps; step++)
        {
            using MemoryScope? scope = scoped ? MemoryScope.Begin() : null;
            (Tensor x, Tensor target) = batch == 1 ? (_x[step % 4], _targets[step % 4]) : (_x, _targets);
            optimizer.ZeroGrad();
            Tensor loss = model.Forward(x).MseLoss(target);
            loss.Backward();
            optimizer.Step();
        }

        return model;
    }

    private static IEnumerable<JsonElement> RunPeer(string python)
    {
        string script = Path.Combine("bench", "peers", "xor.py");
        ProcessStartInfo start = new(python, [script, $"{Steps}", $"{PeerRuns}"]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            yield return JsonSerializer.Deserialize<JsonElement>(line);
        }

        process.WaitForExit();
    }

    private static string Outputs(IEnumerable<float> values)
        => string.Join(' ', values.Select(value => value.ToString("F4", CultureInfo.InvariantCulture)));

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>The notebook's model, from its seed.</summary>
    private sealed class Model : Layer
    {
        private readonly Linear _fc1;
        private readonly Linear _fc2;
        private readonly Sigmoid _sigmoid;

        public Model()
        {
            RandomGenerator random = new(42);
            _fc1 = AddModule("fc1", new Linear(2, 2, random: random));
            _fc2 = AddModule("fc2", new Linear(2, 1, random: random));
            _sigmoid = AddModule("sigmoid", new Sigmoid());
        }

        public override Tensor Forward(Tensor x) => _sigmoid.Forward(_fc2.Forward(_sigmoid.Forward(_fc1.Forward(x))));
    }
}
