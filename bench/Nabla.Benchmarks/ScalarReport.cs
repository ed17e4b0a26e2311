using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Nabla.Scalar;

namespace Nabla.Benchmarks;

/// <summary>
/// Times training on single numbers: the network of the moons, 337 parameters and 100 points, about 66,000 values a step. Python
/// does the same (<c>bench/peers/scalar.py</c>), with an engine of its own and with PyTorch, where NABLA_PYTHON says which
/// Python has it.
/// </summary>
internal static class ScalarReport
{
    private const int Steps = 100;
    private const int Runs = 9;
    private const int PeerSteps = 9;

    private static readonly int[] _sizes = [2, 16, 16, 1];

    public static void Run()
    {
        var (points, labels) = MakeMoons(100, noise: 0.1, new Random(1));
        double[] parameters = [.. NewNetwork().Parameters.Select(parameter => parameter.Data)];
        List<double> secondsPerStep = [];
        var losses = new double[Steps];
        long allocated = 0;
        TimeSpan paused = default;

        // The first run compiles.
        for (int run = 0; run <= Runs; run++)
        {
            (allocated, paused) = (GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration());
            long start = Stopwatch.GetTimestamp();
            Train(points, labels, losses);
            secondsPerStep.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / Steps);
            (allocated, paused) = (GC.GetTotalAllocatedBytes() - allocated, GC.GetTotalPauseDuration() - paused);
        }

        secondsPerStep.RemoveAt(0);
        secondsPerStep.Sort();
        double ours = secondsPerStep[Runs / 2];
        Print($"Nabla        {ours * 1e3,9:F2} ms a step, {1 / ours:F0} steps a second (fastest {1 / secondsPerStep[0]:F0})");
        Print($"             {allocated / Steps / 1e6:F1} MB and {paused.TotalMilliseconds / Steps:F2} ms of garbage collection a step");
        Print($"             loss {losses[PeerSteps]:F12} after {PeerSteps} steps, {losses[^1]:F4} in the end");

        if (Environment.GetEnvironmentVariable("NABLA_PYTHON") is not { } python)
        {
            return;
        }

        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, JsonSerializer.Serialize(new { points, labels, sizes = _sizes, parameters }));
            foreach (JsonElement peer in RunPeer(python, file))
            {
                double theirs = peer.GetProperty("secondsPerStep").GetDouble();
                double loss = peer.GetProperty("loss").GetDouble();
                Print($"{peer.GetProperty("engine").GetString(),-12} {theirs * 1e3,9:F2} ms a step, {1 / theirs:F2} steps a second");
                Print($"             loss {loss:F12} after {PeerSteps} steps; ours is {theirs / ours:F0} times as fast");
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Mlp NewNetwork() => new(2, _sizes.AsSpan(1), new Random(1), hidden: x => x.Relu(), last: x => x);

    private static void Train(double[][] points, double[] labels, double[] losses)
    {
        Mlp network = NewNetwork();
        for (int step = 0; step < Steps; step++)
        {
            Value[] scores = [.. points.Select(point => network.Output(point[0], point[1]))];
            Value loss = Loss.MaxMargin(scores, labels) + Loss.L2(network.Parameters, 1e-4);
            network.ZeroGrad();
            loss.Backward();
            double learningRate = 1.0 - (0.9 * step / Steps);
            foreach (Value parameter in network.Parameters)
            {
                parameter.Data -= learningRate * parameter.Grad;
            }

            losses[step] = loss.Data;
        }
    }

    /// <summary>Points in turn from two half circles that reach into each other, with labels 1 and -1.</summary>
    private static (double[][] Points, double[] Labels) MakeMoons(int count, double noise, Random random)
    {
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var points = new double[count][];
        var labels = new double[count];
        for (int i = 0; i < count; i++)
        {
            bool outer = i % 2 == 0;
            var (sin, cos) = Math.SinCos(Math.PI * (i / 2) / ((count / 2) - 1));
            points[i] = [(outer ? cos : 1 - cos) + (noise * Normal()), (outer ? sin : 0.5 - sin) + (noise * Normal())];
            labels[i] = outer ? 1 : -1;
        }

        return (points, labels);
    }

    private static IEnumerable<JsonElement> RunPeer(string python, string file)
    {
        string script = Path.Combine("bench", "peers", "scalar.py");
        ProcessStartInfo start = new(python, [script, file, $"{PeerSteps}"]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            yield return JsonSerializer.Deserialize<JsonElement>(line);
        }

        process.WaitForExit();
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
