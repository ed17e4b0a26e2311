using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Nabla.Cli.Tests;

/// <summary>The command as a process of its own, for what only a process can show: signals, sudden death, a full disk.</summary>
internal sealed class NablaProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private NablaProcess(string program, IEnumerable<string> args, string? folder)
    {
        ProcessStartInfo start = new(program, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? string.Empty,
        };
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Gets the arguments of the <c>dotnet</c> that run the command.</summary>
    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "Nabla.Cli.dll");

    /// <summary>Starts the command.</summary>
    public static NablaProcess Start(params string[] args) => new("dotnet", [Assembly, .. args], null);

    /// <summary>Starts the command in a folder.</summary>
    public static NablaProcess StartIn(string folder, params string[] args) => new("dotnet", [Assembly, .. args], folder);

    /// <summary>Starts another program.</summary>
    public static NablaProcess StartProgram(string program, params string[] args) => new(program, args, null);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>Returns the most memory that the process has held, in bytes, while it still runs.</summary>
    public long PeakMemory()
    {
        _process.Refresh();
        return _process.PeakWorkingSet64;
    }

    /// <summary>Waits for the next line of the output; null at its end.</summary>
    public string? NextLine() => _process.StandardOutput.ReadLine();

    /// <summary>Waits until a number of steps have been reported by <c>--json</c>.</summary>
    /// <returns>The step that the run began at; null if it ended before.</returns>
    public int? WaitForSteps(int count)
    {
        int? first = null;
        for (int seen = 0; seen < count || first is null; seen++)
        {
            if (NextLine() is not string line)
            {
                return null;
            }

            using JsonDocument json = JsonDocument.Parse(line);
            first ??= json.RootElement.GetProperty("firstStep").GetInt32();
        }

        return first;
    }

    /// <summary>Sends a signal, such as INT.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Waits for its end.</summary>
    public CommandResult Result()
    {
        string output = _process.StandardOutput.ReadToEnd();
        string error = _errors.GetAwaiter().GetResult();
        _process.WaitForExit();
        return new CommandResult(_process.ExitCode, output, error);
    }
}
