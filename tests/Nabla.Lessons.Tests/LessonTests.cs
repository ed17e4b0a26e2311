using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Nabla.Lessons.Tests;

/// <summary>
/// Every program of a lesson prints and draws what the lesson shows. To store what they print and draw now, set
/// NABLA_STORE_LESSONS=1, and look at the difference before it is committed.
/// </summary>
public sealed partial class LessonTests
{
    public static TheoryData<string> Programs => [.. LessonProgram.All];

    private static bool Storing => Environment.GetEnvironmentVariable("NABLA_STORE_LESSONS") == "1";

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_prints_and_draws_what_is_stored(string program)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("nabla-lesson-");
        try
        {
            CheckOutput(LessonProgram.OutputOf(program), LessonProgram.Run(program, folder.FullName, "--quick"));
            foreach (FileInfo drawn in folder.EnumerateFiles("*.svg", SearchOption.AllDirectories))
            {
                CheckFigure(Path.Combine(LessonProgram.Folder, Path.GetDirectoryName(program)!,
                    Path.GetRelativePath(folder.FullName, drawn.FullName)), File.ReadAllText(drawn.FullName));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_figure_of_a_text_is_stored_and_drawn_by_a_program()
    {
        foreach (string text in Directory.EnumerateFiles(LessonProgram.Folder, "README.md", SearchOption.AllDirectories))
        {
            string lesson = Path.GetDirectoryName(text)!;
            string programs = string.Concat(Directory.EnumerateFiles(lesson, "*.cs").Select(File.ReadAllText));
            string figures = Path.Combine(lesson, "figures");
            string[] stored = Directory.Exists(figures) ? [.. Directory.EnumerateFiles(figures).Select(path => Path.GetFileName(path)!)] : [];
            string[] shown = [.. Figures().Matches(File.ReadAllText(text)).Select(match => match.Groups[1].Value).Distinct()];

            Assert.Equal(shown.Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
            Assert.All(shown, figure => Assert.Contains(figure, programs, StringComparison.Ordinal));
        }
    }

    /// <summary>Asserts on what is stored, which the test above compares with what is printed; the times in it are of one machine.</summary>
    [Theory]
    [InlineData("6-fast.txt", 1000, 1024)]
    [InlineData("6-fast-full.txt", 50257, 50304)]
    public void What_makes_a_step_of_GPT2_fast_leaves_its_loss_as_it_is(string output, int vocabulary, int padded)
    {
        double[] losses = [.. File.ReadLines(Path.Combine(LessonProgram.Folder, "10-gpt2", "output", output))
            .Skip(2)
            .Take(10)
            .Select(rung => double.Parse(rung.AsSpan(27, 8), CultureInfo.InvariantCulture))];

        Assert.All(losses[..9], loss => Assert.Equal(losses[0], loss, 1e-3));
        Assert.Equal(losses[0] + Math.Log((double)padded / vocabulary), losses[9], 1e-3);
    }

    /// <summary>Asserts on what is stored, too: of the powers of two beside 1, TF32 keeps the tenth and no more, as its 10 bits say.</summary>
    [Fact]
    [Trait("Number", "L10-080")]
    public void A_factor_of_TF32_keeps_19_bits_and_drops_13()
    {
        string line = File.ReadLines(Path.Combine(LessonProgram.Folder, "10-gpt2", "output", "6-fast.txt"))
            .Single(line => line.StartsWith("TF32", StringComparison.Ordinal));
        double[] kept = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..5]
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

        int[] powers = [7, 8, 10, 11];
        int mantissa = powers.Where((power, i) => Math.Abs(kept[i] - 1 - Math.Pow(2, -power)) < 1e-7).Max();
        Assert.Equal(1, kept[3]);
        Assert.Equal((19, 13), (1 + 8 + mantissa, 23 - mantissa));
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

    private static void CheckOutput(string stored, string printed)
    {
        if (Storing)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(stored)!);
            File.WriteAllText(stored, printed);
        }

        Assert.Equal(File.ReadAllText(stored), printed);
    }

    private static void CheckFigure(string stored, string drawn)
    {
        if (Storing)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(stored)!);
            File.WriteAllText(stored, drawn);
        }

        Assert.True(File.Exists(stored), $"{Path.GetFileName(stored)} was drawn and is not stored");
        string? difference = FigureComparison.Difference(File.ReadAllText(stored), drawn);
        Assert.True(difference is null, $"{Path.GetFileName(stored)}: {difference}");
    }

    [GeneratedRegex(@"\]\(figures/([^)]+)\)")]
    private static partial Regex Figures();
}
