using System.Text.RegularExpressions;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tests;

/// <summary>A GPT is trained, resumed and sampled on the tokens of any tokenizer.</summary>
public sealed partial class TrainTokenizerTests : IDisposable
{
    private readonly Workspace _workspace = new();

    private string Run => _workspace.PathOf("run");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_byte_pair_tokenizer_is_kept_with_the_run_and_used_from_there()
    {
        string tokenizer = RegexFile();
        CommandResult whole = Train(_workspace.WriteText(), "--tokenizer", tokenizer, "--steps", "6");
        Assert.Matches(Bits(), whole.Error);
        Assert.Contains(", 281 different", whole.Error, StringComparison.Ordinal);
        string metrics = File.ReadAllText(Path.Combine(Run, "metrics.jsonl"));
        Directory.Delete(Run, recursive: true);

        Train(_workspace.PathOf("text.txt"), "--tokenizer", tokenizer, "--steps", "6", "--checkpoint-interval", "3");
        File.Delete(tokenizer);
        CommandResult resumed = Workspace.Nabla("train", "--resume", Run, "--threads", "1");

        Assert.Equal(whole.Output, resumed.Output);
        Assert.Equal(metrics, File.ReadAllText(Path.Combine(Run, "metrics.jsonl")));
        CommandResult sample = Workspace.Nabla("sample", Run, "--prompt", "the quick brown ", "--max-tokens", "5");
        Assert.StartsWith("the quick brown ", sample.Output, StringComparison.Ordinal);
        Assert.Equal(0, sample.Code);
    }

    [Fact]
    public void Bytes_alone_are_a_tokenizer_too()
    {
        string file = _workspace.PathOf("bytes.model");
        new BasicTokenizer([]).Save(file);

        Train(_workspace.WriteText(), "--tokenizer", file, "--steps", "2");

        Assert.True(File.Exists(Path.Combine(Run, "tokenizer.model")));
        Assert.Equal(0, Workspace.Nabla("sample", Run, "--max-tokens", "20").Code);
    }

    [Fact]
    public void A_SentencePiece_model_is_a_tokenizer_too()
    {
        CommandResult result = Train(
            _workspace.WriteText(), "--tokenizer", TestFiles.Data("llama2_tokenizer.model"), "--steps", "2");

        Assert.Contains(", 32,000 different", result.Error, StringComparison.Ordinal);
        CommandResult sample = Workspace.Nabla("sample", Run, "--prompt", "the quick", "--max-tokens", "4", "--temperature", "0");
        Assert.StartsWith("the quick", sample.Output, StringComparison.Ordinal);
        Assert.Equal(0, sample.Code);
    }

    [Fact]
    public void A_list_of_words_is_learnt_with_the_end_of_text_token_between_them()
    {
        CommandResult result = Train(
            _workspace.WriteWords(), "--words", "--tokenizer", RegexFile(), "--steps", "200", "--learning-rate", "0.03",
            "--samples", "8");

        // Each token is a letter here: words of four, learnt so well that all but the luckiest are words of the list.
        Assert.Equal(8, result.OutputLines.Length);
        Assert.All(result.OutputLines, word => Assert.InRange(word.Length, 1, 20));
        Assert.Matches("(?m)^[0-8] of 8 are not in the list$", result.Error);
        CommandResult sample = Workspace.Nabla("sample", Run, "--count", "3", "--prompt", "ba");
        Assert.All(sample.OutputLines, word => Assert.StartsWith("ba", word, StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_of_words_needs_an_end_of_text_token()
    {
        string file = _workspace.PathOf("bytes.model");
        new BasicTokenizer([]).Save(file);
        string words = _workspace.WriteWords();

        CommandResult result = Workspace.Nabla(Workspace.TinyTraining(words, Run, "--words", "--tokenizer", file));

        Assert.Equal(
            $"nabla: {words} is a list of documents, but its tokenizer has no end-of-text token to put between them: take one that "
            + "has, such as of `nabla tokenizer train --special \"<|endoftext|>\"`.\n",
            result.Error);
        Assert.Equal(1, result.Code);
        Assert.False(Path.Exists(Run));
    }

    [Fact]
    public void A_tokenizer_of_a_run_that_was_changed_is_refused()
    {
        string tokenizer = RegexFile();
        Train(_workspace.WriteText(), "--tokenizer", tokenizer, "--steps", "2");
        string kept = Path.Combine(Run, "tokenizer.json");
        File.AppendAllText(kept, " ");

        foreach (string command in (string[])["sample", "train --resume", "info"])
        {
            CommandResult result = Workspace.Nabla([.. command.Split(' '), Run]);

            Assert.Equal(
                $"nabla: {kept} is not the tokenizer that the run began with: put the old one back, or begin a new run.\n",
                result.Error);
            Assert.Equal(1, result.Code);
        }
    }

    [Fact]
    public void The_tokenizer_may_stand_in_the_configuration_file_and_not_beside_resume()
    {
        string config = _workspace.Write("my.json", $$"""{ "tokenizer": "{{RegexFile()}}" }""");
        Train(_workspace.WriteText(), "--config", config, "--steps", "1");

        CommandResult result = Workspace.Nabla("train", "--resume", Run, "--tokenizer", "gpt2");

        Assert.Contains("leave out --tokenizer", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Code);
    }

    [GeneratedRegex(@"(?m)^bytes     \d\.\d{4} bits per byte of it, whatever the tokenizer$")]
    private static partial Regex Bits();

    // The 280 commonest tokens of the text that tests train on, and an end of text.
    private string RegexFile()
    {
        string path = _workspace.PathOf("my-tokenizer.json");
        string text = string.Concat(Enumerable.Repeat("the quick brown fox jumps over the lazy dog\n", 20));
        RegexTokenizer.Train(text, 280, TextSplitter.Gpt2)
            .WithSpecialTokens([new("<|endoftext|>", 280)])
            .Save(path);
        return path;
    }

    private CommandResult Train(string source, params string[] more)
    {
        CommandResult result = Workspace.Nabla(Workspace.TinyTraining(source, Run, more));
        Assert.True(result.Code == 0, result.Error);
        return result;
    }
}
