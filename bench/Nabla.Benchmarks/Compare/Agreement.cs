using System.Text.Json;

namespace Nabla.Benchmarks.Compare;

/// <summary>Makes sure that both sides do the same work: from the same weights they must come to the same numbers.</summary>
internal static class Agreement
{
    // The two add up in another order.
    private const double Tolerance = 2e-4;

    /// <summary>Runs the job with a small model on both sides, and says so if their losses, tokens or logits differ.</summary>
    public static void Check(Job job, Programs programs, Action<string> say)
    {
        if (job.Check.Length == 0)
        {
            return;
        }

        string weights = Path.Combine(Path.GetTempPath(), $"nabla-compare-{Environment.ProcessId}.safetensors");
        JsonElement ours = Child.Run(programs.Ours([job.Ours[0], .. job.Check, "--save-weights", weights]));
        Pair pair = new(ours, Child.Run(programs.Theirs(job.Script, 1, [.. job.Check, "--weights", weights])));
        File.Delete(weights);
        bool same = true;
        foreach (string field in new[] { "parameters", "firstLoss", "lastLoss", "ids", "logits" })
        {
            same &= Compare(pair, field, say);
        }

        if (same)
        {
            say($"{job.Title}: from the same weights a small one finds the same on both sides.");
        }
    }

    /// <summary>
    /// Returns whether a field, a number or a list of them, is the same in both, or in neither, and says so if it is not.
    /// </summary>
    public static bool Compare(Pair pair, string field, Action<string> say)
    {
        double[] ours = Numbers(pair.Ours, field);
        double[] theirs = Numbers(pair.Theirs, field);
        bool same = ours.Length == theirs.Length && ours.Zip(theirs).All(both => Math.Abs(both.First - both.Second) <= Tolerance);
        if (!same)
        {
            say($"This was not the same work: {field} is {string.Join(" ", ours)} here and {string.Join(" ", theirs)} there.");
        }

        return same;
    }

    private static double[] Numbers(JsonElement side, string field)
        => !side.TryGetProperty(field, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? []
            : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(number => number.GetDouble())]
            : [value.GetDouble()];
}
