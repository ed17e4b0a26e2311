using System.Globalization;
using Nabla.Kernels;

namespace Nabla;

/// <summary>How the library uses the machine.</summary>
public static class Compute
{
    private static int _threadCount = FromEnvironment();

    /// <summary>
    /// Gets or sets the number of threads that kernels run on. Starts as the variable <c>NABLA_THREADS</c>, else as the
    /// number of cores that the process may use: two threads of one core are no faster than one. Results do not depend on it.
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
            : CoreCount.OfThisProcess();
    }
}
