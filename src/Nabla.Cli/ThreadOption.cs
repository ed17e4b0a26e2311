namespace Nabla.Cli;

/// <summary>Sets the number of threads, from <c>--threads</c> or else from <c>NABLA_THREADS</c>.</summary>
internal static class ThreadOption
{
    private const string Variable = "NABLA_THREADS";

    /// <summary>Sets the number of threads, if one was written.</summary>
    /// <param name="threads">The number after <c>--threads</c>, or null.</param>
    /// <exception cref="UsageException">It, or that of the variable, is no number of threads.</exception>
    public static void Apply(int? threads)
    {
        // The library takes the variable as it starts, and passes over a wrong one in silence.
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } inherited)
        {
            Check(Variable, Values.WholeNumber(Variable, inherited));
        }

        if (threads is int count)
        {
            Compute.ThreadCount = Check("--threads", count);
        }
    }

    private static int Check(string name, int threads)
        => threads >= 1 ? threads : throw new UsageException($"{name} takes a number of at least 1, not {threads}.");
}
