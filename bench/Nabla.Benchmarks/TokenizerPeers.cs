using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Nabla.Benchmarks;

/// <summary>Runs the tokenizers of others on the same files, and prints how many times as fast ours is.</summary>
internal static class TokenizerPeers
{
    private static readonly JsonSerializerOptions _names = new(JsonSerializerDefaults.Web);

    /// <summary>Runs the peers, if the folder of their packages is given, and prints a line for each result.</summary>
    /// <param name="encoding">The encoding, by its name in tiktoken.</param>
    /// <param name="folder">The texts, each in a file of its name.</param>
    /// <param name="modules">The <c>node_modules</c> folder, or null to run nothing.</param>
    /// <param name="ours">Our speed on one thread, in MB/s, and the number of ids, for each text.</param>
    public static void Compare(string encoding, string folder, string? modules, Dictionary<string, (double Speed, int Ids)> ours)
    {
        if (modules is null)
        {
            return;
        }

        ProcessStartInfo start = new("node") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(FindPeers(), "tokenizers.mjs"));
        start.ArgumentList.Add(modules);
        start.ArgumentList.Add(encoding);
        start.ArgumentList.Add(folder);
        using Process? node = Start(start);
        if (node is null)
        {
            return;
        }

        while (node.StandardOutput.ReadLine() is { } line)
        {
            Result result = JsonSerializer.Deserialize<Result>(line, _names)!;
            (double speed, int ids) = ours[result.Text];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{encoding,-12} {result.Text,-20} {result.MegabytesPerSecond,7:F1} {result.Tool,12}   ours is {speed / result.MegabytesPerSecond:F1} times as fast; {(ids == result.Ids ? "as many ids" : $"{result.Ids} ids, ours {ids}")}"));
        }

        node.WaitForExit();
    }

    private static Process? Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            Console.WriteLine("node was not found: the peers are left out.");
            return null;
        }
    }

    private static string FindPeers()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "bench", "peers")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? ".", "bench", "peers");
    }

    private sealed record Result(string Tool, string Text, double MegabytesPerSecond, int Ids);
}
