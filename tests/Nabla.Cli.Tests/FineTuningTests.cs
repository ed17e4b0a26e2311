using Nabla.Language;

namespace Nabla.Cli.Tests;

/// <summary>A run that begins with the weights of another one.</summary>
public sealed class FineTuningTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public FineTuningTests()
    {
        CommandResult result = Workspace.Nabla(
            Workspace.TinyTraining(_workspace.WriteText(), _workspace.PathOf("old"), "--steps", "3", "--vocab-multiple", "32"));
        Assert.True(result.Code == 0, result.Error);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_text_with_new_characters_is_trained_on_with_a_shorter_context()
    {
        CommandResult result = Further("--context", "4");

        Assert.True(result.Code == 0, result.Error);
        Assert.Contains(result.ErrorLines, line => line == $"from      {_workspace.PathOf("old")}");
        RunConfig config = Config();
        Assert.Equal((4, 32, 8), (config.Model.ContextLength, config.Model.VocabularySize, ((GptConfig)config.Model).Width));
        Assert.Equal((2, 8, 1e-4f), (config.Training.Steps, config.Training.BatchSize, config.Training.LearningRate));
        Assert.Equal(_workspace.PathOf("old"), config.From);
        Assert.Equal(0, Workspace.Nabla("sample", _workspace.PathOf("new"), "--prompt", "Quick", "--max-tokens", "3").Code);
        Assert.Equal(0, Workspace.Nabla("train", "--resume", _workspace.PathOf("new")).Code);
    }

    [Fact]
    public void Frozen_the_rows_of_new_characters_learn()
    {
        CommandResult result = Further("--freeze");

        Assert.True(result.Code == 0, result.Error);
        Assert.Contains(result.ErrorLines, line => line.EndsWith("; only the rows of the tokens from 28 on are trained", StringComparison.Ordinal));
        Assert.Equal(28, Config().Training.FrozenTokens);
    }

    [Theory]
    [InlineData("--from has a model already, whose weights have their sizes: leave out --layers.", "--layers", "2")]
    [InlineData("--from has a model already, whose weights have their sizes: leave out --model.", "--model", "mlp")]
    [InlineData("--from: The context of 9 tokens is longer than the 8 that the model has positions for: take 8 or fewer.", "--context", "9")]
    [InlineData("--from: Token 0 of the model's tokenizer is not that of the text's: take the model's own tokenizer, or one that begins "
        + "with all its tokens.", "--tokenizer", "other.json")]
    public void What_does_not_fit_the_weights_is_refused_in_one_line(string message, string option, string value)
    {
        Tokenizers.CharacterTokenizer.FromText("ABC").Save(_workspace.PathOf("other.json"));

        CommandResult result = Further(option, value == "other.json" ? _workspace.PathOf(value) : value);

        Assert.Equal((2, $"nabla: {message}\n"), (result.Code, result.Error));
        Assert.False(Directory.Exists(_workspace.PathOf("new")));
    }

    [Fact]
    public void Freezing_needs_tokens_that_are_new_and_a_model_that_knows_the_others()
    {
        string[] tiny = Workspace.TinyTraining(_workspace.PathOf("text.txt"), _workspace.PathOf("new"), "--freeze");
        string text = _workspace.PathOf("text.txt");

        CommandResult none = Workspace.Nabla("train", text, "--from", _workspace.PathOf("old"), "--freeze", "--out", _workspace.PathOf("new"));

        Assert.Equal(2, none.Code);
        Assert.StartsWith("nabla: --freeze trains only the rows of added tokens, and this text adds none", none.Error, StringComparison.Ordinal);
        Assert.Equal("nabla: --freeze is for a run that begins with the weights of a model: name it with --from.\n", Workspace.Nabla(tiny).Error);
    }

    [Fact]
    public void A_folder_without_a_model_is_named()
    {
        CommandResult result = Workspace.Nabla("train", _workspace.PathOf("text.txt"), "--from", _workspace.PathOf("nowhere"));

        Assert.Equal(1, result.Code);
        Assert.StartsWith($"nabla: There is no model in {_workspace.PathOf("nowhere")}", result.Error, StringComparison.Ordinal);
    }

    private CommandResult Further(params string[] options)
    {
        string text = string.Concat(Enumerable.Repeat("the Quick brown fox\n", 20));
        return Workspace.Nabla(
            ["train", _workspace.Write("new.txt", text), "--from", _workspace.PathOf("old"), "--out", _workspace.PathOf("new"),
                "--steps", "2", "--eval-batches", "2", "--threads", "1", .. options]);
    }

    private RunConfig Config() => RunConfig.FromJson(File.ReadAllText(_workspace.PathOf("new", "config.json")));
}
