using System.Text.Json;
using Nabla.Language.Data;
using Nabla.Language.Tests.Data;
using Nabla.Tests;

namespace Nabla.Language.Tests.Training;

/// <summary>Runs go on to be read, though what is written has changed since.</summary>
public sealed class OldRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_from_before_there_were_other_models_is_that_of_a_GPT()
    {
        using RunDirectory run = RunDirectory.Open(Copy());
        TextDataset data = WordList.Create(File.ReadAllText(Path.Combine(run.Path, "words.txt")), "words.txt");

        GptConfig config = Assert.IsType<GptConfig>(run.Config.Model);
        Assert.Equal((20, 8, 1, 2, 8), (config.VocabularySize, config.ContextLength, config.LayerCount, config.HeadCount, config.Width));
        Assert.Equal(0.1f, config.Dropout);
        LanguageModel model = run.LoadModel();
        StepMetrics last = run.ReadMetrics()[^1];
        Assert.Equal(5, last.Step);
        Assert.Equal(last.ValidationLoss!.Value, Evaluation.WholeLoss(model, data.ValidationIds), 1e-5);
        Trainer trainer = run.Resume(data);
        Assert.Equal(6, trainer.Step);
        Assert.True(trainer.Run(null, run));
    }

    [Fact]
    public void A_configuration_that_is_written_says_which_model_it_is_of_and_reads_back_equal()
    {
        using RunDirectory run = RunDirectory.Open(Copy());
        string json = run.Config.ToJson();

        Assert.Contains("\"model\": {\n    \"kind\": \"gpt\",\n    \"vocabularySize\": 20,", json.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(run.Config, RunConfig.FromJson(json));
    }

    [Theory]
    [InlineData("\"kind\": \"gtp\",")]
    [InlineData("\"kind\": \"gpt\", \"layers\": 3,")]
    public void A_model_of_another_kind_or_with_an_unknown_entry_is_refused(string entries)
    {
        string run = Copy();
        string file = Path.Combine(run, "config.json");
        string json = File.ReadAllText(file);
        File.WriteAllText(file, json.Replace("\"model\": {", "\"model\": { " + entries, StringComparison.Ordinal));

        string message = Assert.Throws<InvalidRunException>(() => RunDirectory.Open(run)).Message;

        Assert.Contains("config.json cannot be read", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_is_no_object_is_not_JSON_of_a_run()
        => Assert.Throws<JsonException>(() => RunConfig.FromJson("[{ \"model\": 1 }]"));

    private string Copy()
    {
        string run = Directory.CreateDirectory(_folder.File("run")).FullName;
        foreach (string file in Directory.GetFiles(TestFiles.Fixture("run-without-kind")))
        {
            File.Copy(file, Path.Combine(run, Path.GetFileName(file)));
        }

        return run;
    }
}
