using System.Diagnostics;
using System.Text.Json;

namespace Nabla.Benchmarks.Compare;

/// <summary>A process that measures something: its last line of output is what it found, in JSON.</summary>
internal static class Child
{
    /// <summary>Runs the process to its end and returns what it printed last.</summary>
    public static JsonElement Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Start(start);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string? last = null;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            last = line;
        }

        process.WaitForExit();
        if (process.ExitCode != 0 || last is null)
        {
            string reason = errors.Result.TrimEnd().Split('\n')[^1];
            throw new ChildException($"{Path.GetFileName(start.FileName)} {string.Join(' ', start.ArgumentList)}: {reason}");
        }

        return JsonSerializer.Deserialize<JsonElement>(last);
    }

    /// <summary>Starts the process.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new ChildException($"{start.FileName} could not be started: {exception.Message}");
        }
    }
}

/// <summary>A measurement's process failed; the message has its command and its last line.</summary>
internal sealed class ChildException(string message) : Exception(message);
