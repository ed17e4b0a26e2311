using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Tests;

namespace Nabla.Cli.Tests;

/// <summary>The page about training: its C# is the code of this test, and its commands are commands.</summary>
public sealed class TrainingPageTests : IDisposable
{
    private readonly Workspace _workspace = new();

    private static string Page => File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "training.md")).ReplaceLineEndings("\n");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_example_trains_and_is_the_code_of_the_page()
    {
        TextDataset data = RunningText.Create(File.ReadAllText(_workspace.WriteText()), "my.txt");
        (string folder, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) = (_workspace.PathOf("run"), null, default);

        RunConfig config = new()
        {
            Data = new RunData { Source = "my.txt", Kind = TextKind.RunningText, Sha256 = data.SourceHash },
            Model = new GptConfig { LayerCount = 2, HeadCount = 2, Width = 32, ContextLength = 16, VocabularySize = data.Tokenizer.VocabularySize },
            Training = new TrainingOptions { Steps = 20, BatchSize = 4, AccumulationSteps = 2, CheckpointInterval = 5, KeepCheckpoints = 1 },
        };
        using RunDirectory run = RunDirectory.Create(folder, config, data.Tokenizer);
        Trainer trainer = run.Resume(data);
        bool isDone = trainer.Run(progress, run, cancellationToken);

        Assert.True(isDone);
        Assert.Equal("checkpoint-00000015.safetensors", Path.GetFileName(Directory.GetFiles(folder, "checkpoint-*").Single()));
        string source = File.ReadAllText(Path.Combine(TestFiles.Root, "tests", "Nabla.Cli.Tests", "TrainingPageTests.cs"));
        Assert.Contains(Code(Page.Split("```csharp\n")[1].Split("```")[0]), Code(source), StringComparison.Ordinal);
    }

    [Fact]
    public void The_commands_of_the_page_are_written_rightly()
    {
        string[] commands = [.. Page.Split('\n').Where(line => line.StartsWith("nabla ", StringComparison.Ordinal))
            .Select(line => line.Split("   ")[0])];

        Assert.Equal(5, commands.Length);
        Assert.All(commands, command => Assert.Null(CommandLines.FaultOf(command)));
    }

    private static string Code(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
}
