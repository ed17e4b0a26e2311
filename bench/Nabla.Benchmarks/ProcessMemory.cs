using System.Diagnostics;
using System.Globalization;

namespace Nabla.Benchmarks;

/// <summary>What the process has held in memory.</summary>
internal static class ProcessMemory
{
    /// <summary>Gets the most bytes that were resident at once.</summary>
    public static long Peak
    {
        get
        {
            // As the kernel counts it: what the runtime reports is what it saw when it last looked.
            string? line = File.Exists("/proc/self/status")
                ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                : null;
            return line is null
                ? Process.GetCurrentProcess().PeakWorkingSet64
                : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
        }
    }
}
