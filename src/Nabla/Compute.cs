using System.Globalization;

namespace Nabla;

/// <summary>How the library uses the machine.</summary>
public static class Compute
{
    private static int _threadCount = FromEnvironment();

    /// <summary>
    /// Gets or sets the number of threads that kernels run on. Starts as the variable <c>NABLA_THREADS</c>, else as the
    /// number of processors. Results do not depend on it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public static int ThreadCount
    {
        get => _threadCount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _threadCount = value;
        }
    }

    private static int FromEnvironment()
    {
        string? text = Environment.GetEnvironmentVariable("NABLA_THREADS");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads > 0
            ? threads
            : Environment.ProcessorCount;
    }
}
