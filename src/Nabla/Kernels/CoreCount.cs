using System.Globalization;

namespace Nabla.Kernels;

/// <summary>
/// How many cores the process may use. Two threads of one core share its arithmetic units: kernels that keep those busy gain
/// nothing from the second, and a loop would wait for a thread that runs at half speed.
/// </summary>
internal static class CoreCount
{
    private const string SystemFolder = "/sys/devices/system/cpu";

    /// <summary>
    /// Returns the number of cores, at least 1; where the system does not tell which processors share one, the number of
    /// processors.
    /// </summary>
    public static int OfThisProcess()
    {
        // The runtime's number heeds the limits of containers, the list of processors does not.
        int processors = Environment.ProcessorCount;
        return OperatingSystem.IsLinux() ? Math.Clamp(Among(Allowed("/proc/self/status"), SystemFolder), 1, processors) : processors;
    }

    /// <summary>Returns how many different cores some processors belong to.</summary>
    /// <param name="processors">The numbers of the processors.</param>
    /// <param name="folder">Where each has a folder <c>cpuN/topology</c> that names those it shares a core with.</param>
    internal static int Among(IReadOnlyList<int> processors, string folder)
    {
        HashSet<string> cores = [];
        foreach (int processor in processors)
        {
            string number = processor.ToString(CultureInfo.InvariantCulture);
            string siblings = Path.Combine(folder, $"cpu{number}", "topology", "thread_siblings_list");
            cores.Add(Text(siblings)?.Trim() ?? number);
        }

        return cores.Count == 0 ? int.MaxValue : cores.Count;
    }

    /// <summary>Returns the processors that a process status file allows; none where it cannot be read.</summary>
    internal static IReadOnlyList<int> Allowed(string statusFile)
    {
        const string Name = "Cpus_allowed_list:";
        string? line = Text(statusFile)?.Split('\n').FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        return line is null ? [] : Numbers(line[Name.Length..]);
    }

    /// <summary>Reads a list such as <c>0-3,8</c>; none where it is written otherwise.</summary>
    private static List<int> Numbers(string list)
    {
        List<int> numbers = [];
        foreach (string range in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = range.Split('-');
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
                || last - first is < 0 or > 1 << 16)
            {
                return [];
            }

            numbers.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return numbers;
    }

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
