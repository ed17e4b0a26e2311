using System.Text.Json;

namespace Nabla.Language;

/// <summary>
/// A run's <c>metrics.jsonl</c>: one JSON object a line for each step, with numbers that read back to the same bits. It holds
/// nothing that depends on the machine or the clock, so equal runs give equal files.
/// </summary>
public sealed class MetricsLog : IDisposable
{
    private readonly FileStream _file;
    private readonly MemoryStream _line = new();
    private readonly Utf8JsonWriter _json;

    private MetricsLog(FileStream file)
    {
        _file = file;
        _json = new Utf8JsonWriter(_line);
    }

    /// <summary>Opens a log to append to, cut back to the lines of steps before <paramref name="step"/>.</summary>
    /// <exception cref="IOException">The file cannot be opened or written.</exception>
    public static MetricsLog Open(string path, int step)
    {
        FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            long length = LengthBefore(file, step);
            file.SetLength(length);
            file.Position = length;
            return new MetricsLog(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads a log, which a trainer may be writing meanwhile: a last line without its end is not read. Without a file there are no
    /// steps.
    /// </summary>
    /// <exception cref="InvalidRunException">A line is not that of a step.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<StepMetrics> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(file);
        string text = reader.ReadToEnd();
        List<StepMetrics> steps = [];
        int start = 0;
        while (text.IndexOf('\n', start) is int end and >= 0)
        {
            steps.Add(StepMetrics.Parse(text.AsMemory(start, end - start))
                ?? throw new InvalidRunException($"{path}, line {steps.Count + 1}, is not that of a step: mend it, or delete it."));
            start = end + 1;
        }

        return steps;
    }

    /// <summary>Writes the line of a step.</summary>
    /// <exception cref="IOException">The disk is full, or the file is gone.</exception>
    public void Append(StepMetrics step)
    {
        _line.SetLength(0);
        _json.Reset();
        step.WriteTo(_json);
        _json.Flush();
        _line.WriteByte((byte)'\n');
        _file.Write(_line.GetBuffer().AsSpan(0, (int)_line.Length));
        _file.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _line.Dispose();
        _file.Dispose();
    }

    // Lines are in order of their steps; a last line without its end was cut off by a crash and does not count.
    private static long LengthBefore(FileStream file, int step)
    {
        using StreamReader reader = new(file, leaveOpen: true);
        long length = 0;
        string text = reader.ReadToEnd();
        int start = 0;
        while (text.IndexOf('\n', start) is int end and >= 0)
        {
            if (StepOf(text.AsMemory(start, end - start)) is not int found || found >= step)
            {
                break;
            }

            length += end - start + 1;
            start = end + 1;
        }

        return length;
    }

    private static int? StepOf(ReadOnlyMemory<char> line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("step"u8).GetInt32();
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
