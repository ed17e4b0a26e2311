using System.Text.Json;

namespace Nabla.Benchmarks.Compare;

/// <summary>What one process of ours and one of theirs found, one after the other.</summary>
internal readonly record struct Pair(JsonElement Ours, JsonElement Theirs);

/// <summary>Runs a job's pairs, each measurement a process of its own and who goes first in turn.</summary>
/// <param name="programs">What starts both.</param>
/// <param name="say">Told how it goes, a line at a time.</param>
/// <param name="quick">Whether to measure few steps.</param>
internal sealed class Pairs(Programs programs, Action<string> say, bool quick)
{
    /// <summary>Returns the pairs, and on how many threads theirs ran.</summary>
    public (IReadOnlyList<Pair> Pairs, int Threads) Run(Job job, int count, int? chosenThreads)
    {
        Agreement.Check(job, programs, say);
        string[] shared = job.Share?.Invoke() ?? [];
        try
        {
            return Run(job, count, chosenThreads, [.. job.Theirs, .. shared]);
        }
        finally
        {
            // Ours is the last of the shared files; the others were there before.
            if (shared is [.., string made])
            {
                Delete(made);
            }
        }
    }

    private (IReadOnlyList<Pair> Pairs, int Threads) Run(Job job, int count, int? chosenThreads, string[] theirArguments)
    {
        int threads = chosenThreads ?? (quick ? Environment.ProcessorCount : BestThreads(job, theirArguments));
        List<Pair> pairs = [];
        bool isSame = job.Share is not null;
        for (int index = 0; index < count; index++)
        {
            JsonElement Ours() => Child.Run(programs.Ours(job.WithSteps(job.Ours, quick)));
            JsonElement Theirs() => Child.Run(programs.Theirs(job.Script, threads, job.WithSteps(theirArguments, quick)));
            Pair pair;
            if (index % 2 == 0)
            {
                JsonElement first = Ours();
                pair = new Pair(first, Theirs());
            }
            else
            {
                JsonElement first = Theirs();
                pair = new Pair(Ours(), first);
            }

            pairs.Add(pair);
            say($"{job.Title}, pair {index + 1} of {count}: {string.Join("; ", job.Measures.Select(measure => Row.Describe(measure, pair)))}");
            if (job.Share is not null)
            {
                foreach (string field in job.Same)
                {
                    isSame &= Agreement.Compare(pair, field, say);
                }
            }
        }

        if (isSame)
        {
            say($"{job.Title}: from the same weights both find the same losses.");
        }

        return (pairs, threads);
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    /// <summary>Tries all processors, half of them and so on, until fewer are clearly slower.</summary>
    private int BestThreads(Job job, string[] arguments)
    {
        Measure measure = job.Measures[0];
        (double best, int threads) = (double.MaxValue, 0);
        for (int tried = Environment.ProcessorCount; tried > 0; tried /= 2)
        {
            double value = Child.Run(programs.Theirs(job.Script, tried, job.WithSteps(arguments, quick: true)))
                .GetProperty(measure.Field).GetDouble();
            double cost = measure.Kind == MeasureKind.Speed ? 1 / value : value;
            say($"{job.Title}: theirs with {tried} threads: {Row.Number(value)} {measure.Unit}");
            if (cost < best)
            {
                (best, threads) = (cost, tried);
            }
            else if (cost > 1.25 * best)
            {
                break;
            }
        }

        return threads;
    }
}
