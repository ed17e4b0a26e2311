using System.Diagnostics;
using System.Globalization;

namespace Nabla.Language.Tests.Training;

/// <summary>
/// Memory over a training of the Shakespeare-sized model, measured in a process of its own: the benchmark program's
/// <c>memory</c> mode, which prints a line a step.
/// </summary>
public class MemoryTests
{
    private const int MaxBytesPerStep = 64 * 1024;

    // Beside this project's output, under the same configuration.
    private static readonly string _program = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory,
        "..",
        "..",
        "Nabla.Benchmarks",
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)),
        "Nabla.Benchmarks.dll"));

    [Fact]
    public void A_training_in_scopes_stays_flat() => CheckScoped(150);

    [Fact]
    public void A_plain_loop_stays_flat_at_most_twice_as_high() => CheckPlain(150);

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    public void A_thousand_steps_stay_flat_with_and_without_scopes()
    {
        CheckScoped(1000);
        CheckPlain(1000);
    }

    private static void CheckScoped(int steps)
    {
        Step[] scoped = Train("trainer", steps);

        // On a busy machine the compiler works on in the background past step 50. A block of 100 KB lost in each of a hundred
        // steps would be 8 %.
        AssertFlat(scoped, tolerance: steps < 1000 ? 0.05 : 0.02);
        Assert.Equal(0, scoped[^1].OldCollections);

        // Each hundredth step and the last also evaluate; the others all allocate the same.
        long[] allocated = [.. scoped[10..^1].Where(step => step.Number % 100 != 99).Select(step => step.Allocated)];
        Assert.InRange(allocated.Max(), 1, MaxBytesPerStep);
        Assert.InRange(allocated.Max() - allocated.Min(), 0, 1024);
    }

    private static void CheckPlain(int steps)
    {
        Step[] plain = Train("plain", steps);
        AssertFlat(plain, tolerance: 0.05);
        long scoped = Train("trainer", 60).Max(step => step.Resident);
        Assert.InRange(plain.Max(step => step.Resident), 1, 2 * scoped);
    }

    private static void AssertFlat(Step[] steps, double tolerance)
    {
        long settled = steps[50].Resident;
        long highest = steps.Skip(50).Max(step => step.Resident);
        Assert.True(highest <= (1 + tolerance) * settled, $"{settled} bytes resident at step 50, {highest} later.");
    }

    private static Step[] Train(string mode, int steps)
    {
        ProcessStartInfo start = new("dotnet", [_program, "memory", mode, steps.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        Step[] result = [.. process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Step.Parse)];
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(steps, result.Length);
        return result;
    }

    private sealed record Step(int Number, long Resident, int OldCollections, long Allocated)
    {
        public static Step Parse(string line)
        {
            long[] numbers = [.. line.Split(' ').Select(part => long.Parse(part, CultureInfo.InvariantCulture))];
            return new Step((int)numbers[0], numbers[1], (int)numbers[2], numbers[3]);
        }
    }
}
