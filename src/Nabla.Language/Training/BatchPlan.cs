using System.Globalization;

namespace Nabla.Language;

/// <summary>
/// How the tokens of one step of the optimiser are cut into batches: these are what fits in memory, and their gradients are
/// averaged. The step is the same up to rounding, whatever the cut.
/// </summary>
/// <param name="BatchSize">B, the rows that go through the model together.</param>
/// <param name="AccumulationSteps">The batches, of each process, that a step averages.</param>
public readonly record struct BatchPlan(int BatchSize, int AccumulationSteps)
{
    /// <summary>The most rows that are put into a batch unasked: from far fewer on a processor gains nothing from more.</summary>
    public const int MostRows = 64;

    /// <summary>Cuts a step into batches of so many rows.</summary>
    /// <param name="stepTokens">The tokens of a step, over all processes.</param>
    /// <param name="batchSize">B, the rows of a batch.</param>
    /// <param name="rowTokens">T, the tokens of a row.</param>
    /// <param name="worldSize">The number of processes that share a step.</param>
    /// <exception cref="ArgumentException">The step is not a whole number of such batches for each process.</exception>
    public static BatchPlan Of(int stepTokens, int batchSize, int rowTokens, int worldSize = 1)
    {
        int rows = Rows(stepTokens, rowTokens, worldSize);
        if (batchSize < 1 || rows % batchSize != 0)
        {
            int below = Divisors(rows).Last(divisor => divisor <= Math.Max(batchSize, 1));
            int above = Divisors(rows).FirstOrDefault(divisor => divisor > batchSize, rows);
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"A step of {stepTokens} tokens is {rows} rows of {rowTokens}{Each(worldSize)}, which batches of {batchSize} do not "
                + $"divide: take {(below == above ? $"{below}" : $"{below} or {above}")} rows in a batch."));
        }

        return new BatchPlan(batchSize, rows / batchSize);
    }

    /// <summary>Cuts a step into the largest batches that fit in memory; into single rows where not even one does.</summary>
    /// <param name="stepTokens">The tokens of a step.</param>
    /// <param name="rowTokens">T, the tokens of a row.</param>
    /// <param name="memoryOf">Returns the bytes that training with batches of so many rows takes.</param>
    /// <param name="memory">The bytes that there are for it.</param>
    /// <exception cref="ArgumentException">The step is not a whole number of rows.</exception>
    public static BatchPlan Fit(int stepTokens, int rowTokens, Func<int, long> memoryOf, long memory)
    {
        ArgumentNullException.ThrowIfNull(memoryOf);
        int rows = Rows(stepTokens, rowTokens, worldSize: 1);
        int batchSize = Divisors(rows)
            .TakeWhile(divisor => divisor <= MostRows)
            .LastOrDefault(divisor => memoryOf(divisor) <= memory, 1);
        return new BatchPlan(batchSize, rows / batchSize);
    }

    /// <summary>Returns the tokens of a step, over all processes.</summary>
    /// <param name="rowTokens">T, the tokens of a row.</param>
    /// <param name="worldSize">The number of processes that share a step.</param>
    public long Tokens(int rowTokens, int worldSize = 1) => (long)BatchSize * AccumulationSteps * rowTokens * worldSize;

    private static int Rows(int stepTokens, int rowTokens, int worldSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(worldSize, 1);
        long shared = (long)rowTokens * worldSize;
        if (stepTokens < 1 || stepTokens % shared != 0)
        {
            long below = stepTokens / shared * shared;
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"A step of {stepTokens} tokens is not a whole number of rows of {rowTokens}{Each(worldSize)}: take "
                + $"{(below > 0 ? $"{below} or {below + shared}" : $"{shared}")} tokens."));
        }

        return (int)(stepTokens / shared);
    }

    private static string Each(int worldSize)
        => worldSize == 1 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" for each of {worldSize} processes");

    private static IEnumerable<int> Divisors(int number) => Enumerable.Range(1, number).Where(divisor => number % divisor == 0);
}
