using Nabla.Language;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tests;

/// <summary>The page about measuring models: its commands are commands, its C# runs.</summary>
public sealed class EvaluationPageTests : IDisposable
{
    private readonly Workspace _workspace = new();

    private static string Page => File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "evaluation.md")).ReplaceLineEndings("\n");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_commands_of_the_page_are_written_rightly()
    {
        string[] commands = [.. Page.Split('\n').Where(line => line.StartsWith("nabla ", StringComparison.Ordinal))
            .Select(line => line.Split("   ")[0])];

        Assert.Equal(5, commands.Length);
        Assert.All(commands, command => Assert.Null(CommandLines.FaultOf(command)));
    }

    [Fact]
    public void The_example_measures()
    {
        string run = _workspace.PathOf("run");
        string text = _workspace.WriteText();
        string file = _workspace.Write(
            "q.jsonl", """{"ctx": "fox", "label": 2, "endings": ["dog", "lazy", "brown", "jumps"]}""");
        Assert.Equal(0, Workspace.Nabla(Workspace.TinyTraining(text, run, "--steps", "2")).Code);

        // The code of the page, with other names and a stride that fits.
        SavedModel saved = SavedModel.Open(run);
        LanguageModel model = saved.LoadModel();
        ITokenizer tokenizer = saved.LoadTokenizer();

        TextLoss loss = new TextScorer(model, tokenizer).ScoreText(File.ReadAllText(text), stride: 5);
        (double nats, double perplexity, double bits) = (loss.NatsPerToken, loss.Perplexity, loss.BitsPerByte);

        ChoiceQuestion[] questions = [.. HellaSwagFile.Read(file).Select(question => question.Encode(tokenizer))];
        IReadOnlyList<ChoiceLosses> losses = new ChoiceScorer(model).Score(questions);
        ChoiceScore score = questions.Zip(losses, ChoiceScore.Of).Aggregate((left, right) => left + right);

        Assert.Equal((Math.Exp(nats), nats / Math.Log(2)), (perplexity, bits));
        Assert.Equal(1, score.Questions);
        string source = Code(File.ReadAllText(Path.Combine(TestFiles.Root, "tests", "Nabla.Cli.Tests", "EvaluationPageTests.cs")));
        string[] lines = Page.Split("```csharp\n")[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(8, lines.Length);
        Assert.All(lines, line => Assert.Contains(Code(line), source, StringComparison.Ordinal));
    }

    private static string Code(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)))
        .Replace("\"gpt2\"", "run", StringComparison.Ordinal)
        .Replace("\"my.txt\"", "text", StringComparison.Ordinal)
        .Replace("\"hellaswag_val.jsonl\"", "file", StringComparison.Ordinal)
        .Replace("512", "5", StringComparison.Ordinal);
}
