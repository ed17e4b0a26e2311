using System.Text.Json.Nodes;
using Nabla.Language.Data;
using Nabla.Language.Tests.Data;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Training;

/// <summary>A run keeps the tokenizer that it was begun with, and goes on with no other.</summary>
public sealed class RunTokenizerTests : IDisposable
{
    private const string Text = "the cat sat on the mat. a dog ran by. ";

    private static readonly TextDataset _data = RunningText.Create(string.Concat(Enumerable.Repeat(Text, 20)), "cats");

    private readonly TemporaryFolder _folder = new();

    private string Run => _folder.File("run");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_tokenizer_that_is_read_back_is_the_one_that_was_kept()
    {
        RunDirectory.Create(Run, Config(_data), _data.Tokenizer).Dispose();
        using RunDirectory run = RunDirectory.Open(Run);

        Assert.Equal("tokenizer.json", run.Config.Tokenizer?.File);
        Assert.Equal(_data.Tokenizer.Encode(Text), run.LoadTokenizer().Encode(Text));
        Assert.Same(run.LoadTokenizer(), run.LoadTokenizer());
    }

    [Fact]
    public void A_run_that_was_begun_before_its_configuration_named_a_tokenizer_goes_on()
    {
        RunDirectory.Create(Run, Config(_data), _data.Tokenizer).Dispose();
        string config = Path.Combine(Run, "config.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
        Assert.True(json.Remove("tokenizer"));
        File.WriteAllText(config, json.ToJsonString());

        using RunDirectory run = RunDirectory.Open(Run);
        Assert.True(run.Resume(_data).Run(null, run));
        Assert.Equal(_data.Tokenizer.VocabularySize, run.LoadTokenizer().VocabularySize);
    }

    [Theory]
    [InlineData("\"boundary\": false", "\"boundary\": true")]
    [InlineData("{", "{ ")]
    public void A_tokenizer_file_that_has_changed_is_refused(string old, string changed)
    {
        RunDirectory.Create(Run, Config(_data), _data.Tokenizer).Dispose();
        string file = Path.Combine(Run, "tokenizer.json");
        string json = File.ReadAllText(file);
        Assert.Contains(old, json, StringComparison.Ordinal);
        File.WriteAllText(file, json.Replace(old, changed, StringComparison.Ordinal));
        using RunDirectory run = RunDirectory.Open(Run);

        string message = Assert.Throws<InvalidRunException>(() => run.Resume(_data)).Message;

        Assert.Contains("tokenizer.json is not the tokenizer that the run began with", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Data_of_another_tokenizer_is_refused_though_the_text_and_the_size_are_the_same()
    {
        RunDirectory.Create(Run, Config(_data), _data.Tokenizer).Dispose();
        var characters = (CharacterTokenizer)_data.Tokenizer;
        TextDataset other = _data with { Tokenizer = new CharacterTokenizer(characters.Characters.Reverse()) };
        using RunDirectory run = RunDirectory.Open(Run);

        Assert.Contains(
            "another tokenizer", Assert.Throws<InvalidRunException>(() => run.Resume(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_data_of_a_run_is_loaded_with_its_tokenizer_and_only_while_it_is_the_same()
    {
        string path = _folder.File("cats.txt");
        File.WriteAllText(path, Text + Text);
        TextDataset data = await TextSource.LoadAsync(path, tokenizer: CharacterTokenizer.FromText("xyz" + Text));
        using RunDirectory run = RunDirectory.Create(Run, Config(data) with
        {
            Data = new RunData { Source = path, Kind = TextKind.RunningText, Sha256 = data.SourceHash },
        }, data.Tokenizer);

        Assert.Equal(data.TrainingIds.ToArray(), (await run.LoadDataAsync()).TrainingIds.ToArray());

        File.WriteAllText(path, Text + Text + "?");
        InvalidRunException error = await Assert.ThrowsAsync<InvalidRunException>(() => run.LoadDataAsync());
        Assert.Contains("has changed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TextKind.RunningText, null)]
    [InlineData(TextKind.WordList, 0)]
    public void Only_data_of_documents_has_a_boundary(TextKind kind, int? expected)
    {
        RunData data = new() { Source = "x", Kind = kind, Sha256 = "0" };

        Assert.Equal(expected, data.BoundaryId(CharacterTokenizer.FromText("ab", boundary: true)));
    }

    private static RunConfig Config(TextDataset data) => new()
    {
        Data = new RunData { Source = "cats", Kind = TextKind.RunningText, Sha256 = data.SourceHash },
        Model = new GptConfig
        {
            VocabularySize = data.Tokenizer.VocabularySize,
            ContextLength = 8,
            LayerCount = 1,
            HeadCount = 1,
            Width = 8,
        },
        Training = new TrainingOptions { Steps = 2, BatchSize = 2, WarmupSteps = 0 },
    };
}
