using System.Diagnostics;

namespace Nabla.Lessons.Tests;

/// <summary>
/// Every program of a lesson prints what the lesson says. To store what they print now, set NABLA_STORE_LESSONS=1, and read
/// the difference before it is committed.
/// </summary>
public sealed class LessonTests
{
    public static TheoryData<string> Programs => [.. LessonProgram.All];

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_prints_what_is_stored(string program)
    {
        string printed = LessonProgram.Run(program, "--quick");
        string stored = LessonProgram.OutputOf(program);
        if (Environment.GetEnvironmentVariable("NABLA_STORE_LESSONS") == "1")
        {
            File.WriteAllText(stored, printed);
        }

        Assert.Equal(File.ReadAllText(stored), printed);
    }

    [Fact]
    public void A_program_runs_as_the_reader_runs_it()
    {
        string program = "09-tokenizer/1-unicode.cs";
        ProcessStartInfo start = new("dotnet", ["run", "-c", "Release", Path.Combine(LessonProgram.Folder, program)])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(File.ReadAllText(LessonProgram.OutputOf(program)), printed);
    }
}
