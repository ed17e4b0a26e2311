using System.Globalization;
using Nabla.Cli.Training;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Tests;

namespace Nabla.Cli.Tests;

/// <summary>The page about models: its table is that of the command, its C# runs, its commands are commands.</summary>
public sealed class ModelsPageTests
{
    private static string Page => File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "models.md")).ReplaceLineEndings("\n");

    [Fact]
    public void The_table_is_what_the_command_lists()
    {
        string[] rows = [.. Page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Take(ModelChoice.All.Count)];

        Assert.Equal(ModelChoice.All.Select(Row), rows);
    }

    [Fact]
    public async Task The_example_trains()
    {
        // The code of the page, with fewer steps.
        TextDataset data = await TextSource.LoadAsync("names");
        LanguageModelConfig config = new MlpConfig { Width = 100 }.For(data.Tokenizer.VocabularySize, data.BoundaryId);
        Trainer trainer = new(config, data, new TrainingOptions { Steps = 100, BatchSize = 256 });
        trainer.Run();

        Assert.InRange(trainer.ValidationLoss(), 2, 3);
        string source = Code(File.ReadAllText(Path.Combine(TestFiles.Root, "tests", "Nabla.Cli.Tests", "ModelsPageTests.cs")));
        string[] lines = Page.Split("```csharp\n")[1].Split("```")[0].Trim().Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.All(lines[..2], line => Assert.Contains(Code(line), source, StringComparison.Ordinal));
        Assert.Contains(Code(lines[2].Replace("2000", "100", StringComparison.Ordinal)), source, StringComparison.Ordinal);
    }

    [Fact]
    public void The_commands_of_the_page_are_written_rightly()
    {
        string[] commands = [.. Page.Split('\n').Where(line => line.StartsWith("nabla ", StringComparison.Ordinal))
            .Select(line => line.Split("   ")[0])];

        Assert.Equal(4, commands.Length);
        Assert.All(commands, command => Assert.Null(CommandLines.FaultOf(command)));
    }

    private static string Code(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));

    private static string Row(ModelChoice choice)
    {
        long parameters = choice.Settings.Model.For(27, 0).Create().ParameterCount;
        return string.Create(CultureInfo.InvariantCulture,
            $"| `{choice.Name}` | {parameters:N0} | {choice.LectureLoss?.ToString("0.00#", CultureInfo.InvariantCulture) ?? "-"} | "
            + $"{choice.MeasuredLoss:0.00#} | {choice.Description} | {choice.Source} |");
    }
}
