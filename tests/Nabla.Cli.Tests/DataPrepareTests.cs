using System.IO.Compression;
using System.Text;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tests;

/// <summary><c>nabla data prepare</c>, and a training on what it made.</summary>
public sealed class DataPrepareTests : IDisposable
{
    private readonly Workspace _workspace = new();

    private string Out => _workspace.PathOf("out");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_files_are_listed_with_their_tokens_and_can_be_trained_on()
    {
        CommandResult result = Prepare(_workspace.WriteText(), "--documents", "line", "--shard-tokens", "300");

        Assert.True(result.Code == 0, result.Error);
        Assert.Collection(
            result.OutputLines,
            line => Assert.Matches(@"out.text_val_000000\.npy \d+$", line),
            line => Assert.EndsWith("text_train_000001.npy 300", line, StringComparison.Ordinal),
            line => Assert.Matches(@"out.text_train_000002\.npy \d+$", line));
        string info = Workspace.Nabla("info", Out).Output;
        Assert.Matches(@"(?m)^text_train_000001\.npy +train +300$", info);
        Assert.Matches(@"(?m)^40 documents, \d+ tokens of a vocabulary of 271, each document begun with 270$", info);
        Assert.Matches(@"^100%  40 documents, \d+ tokens, [\d.]+ MB/s$", Assert.Single(result.ErrorLines));

        CommandResult training = Workspace.Nabla(Workspace.TinyTraining(Out, _workspace.PathOf("run"), "--steps", "4"));
        Assert.True(training.Code == 0, training.Error);
        Assert.NotEmpty(training.Output);
        CommandResult again = Workspace.Nabla("train", "--resume", _workspace.PathOf("run"), "--threads", "1");
        Assert.Equal(training.Output, again.Output);
        Assert.StartsWith(
            "the ", Workspace.Nabla("sample", _workspace.PathOf("run"), "--prompt", "the ").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Documents_format_and_name_can_be_chosen()
    {
        string file = _workspace.Write("stories.jsonl", "{\"story\": \"the fox\"}\n{\"story\": \"the dog\"}\n");

        CommandResult result = Prepare(
            file, "--documents", "jsonl:story", "--format", "bin", "--name", "tales", "--validation-shards", "0");

        Assert.Matches(@"out.tales_train_000000\.bin \d+$", Assert.Single(result.OutputLines));
        Assert.Equal(
            ["index.json", "tales_train_000000.bin", "tokenizer.json"], Directory.GetFiles(Out).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Packed_JSON_lines_are_told_by_their_name_and_read_without_a_word()
    {
        string lines = "{\"text\": \"the fox\"}\n{\"text\": \"the dog\"}\n";
        string packed = _workspace.PathOf("stories.jsonl.gz");
        using (GZipStream stream = new(File.Create(packed), CompressionLevel.Fastest))
        {
            stream.Write(Encoding.UTF8.GetBytes(lines));
        }

        CommandResult result = Prepare(packed, "--validation-shards", "0");

        Assert.Matches(@"out.stories_train_000000\.npy \d+$", Assert.Single(result.OutputLines));
        Assert.Matches(@"(?m)^2 documents, ", Workspace.Nabla("info", Out).Output);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("shuffled")]
    [InlineData("sequential")]
    public void Files_without_an_index_are_trained_on_with_the_tokenizer_that_is_named(string order)
    {
        Prepare(_workspace.WriteText(), "--documents", "line", "--shard-tokens", "300", "--format", "bin");
        File.Delete(Path.Combine(Out, "index.json"));
        File.Delete(Path.Combine(Out, "tokenizer.json"));

        CommandResult without = Workspace.Nabla("train", Out);
        Assert.Equal(1, without.Code);
        Assert.Contains("say what made them, as with --tokenizer gpt2", Assert.Single(without.ErrorLines), StringComparison.Ordinal);

        string run = _workspace.PathOf("run");
        CommandResult training = Workspace.Nabla(
            Workspace.TinyTraining(Out, run, "--steps", "4", "--tokenizer", TokenizerPath(), "--order", order));
        Assert.True(training.Code == 0, training.Error);
        Assert.Equal(training.Output, Workspace.Nabla("train", "--resume", run, "--threads", "1").Output);
    }

    [Theory]
    [InlineData("--format pt", "--format takes one of npy, bin, not 'pt'.")]
    [InlineData("--shard-tokens 0", "The number of tokens in a shard must be at least 1, not 0.")]
    [InlineData("--val-fraction 2", "The share for validation must be from 0 to 1, not 2.")]
    [InlineData("--val-fraction 0.1 --validation-shards 1", "--val-fraction and --validation-shards say the same thing")]
    [InlineData("--name a/b", "The name of the shards, 'a/b', cannot begin the name of a file.")]
    [InlineData("--documents jsonl:", "jsonl: names no field: write jsonl:text, or what holds the text of a document.")]
    public void A_wrong_option_is_refused(string options, string fault)
    {
        CommandResult result = Prepare(_workspace.WriteText(), options.Split(' '));

        Assert.Contains(fault, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(2, result.Code);
        Assert.False(Path.Exists(Out));
    }

    [Theory]
    [InlineData("--out")]
    [InlineData("--tokenizer")]
    public void What_must_be_said_is_asked_for(string option)
    {
        string[] words = ["data", "prepare", _workspace.WriteText(), "--out", Out, "--tokenizer", TokenizerPath()];
        int place = Array.IndexOf(words, option);

        CommandResult result = Workspace.Nabla([.. words[..place], .. words[(place + 2)..]]);

        Assert.StartsWith($"nabla: {option} ", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(2, result.Code);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        CommandResult result = Prepare(_workspace.PathOf("none.txt"));

        Assert.Equal($"nabla: {_workspace.PathOf("none.txt")} does not exist: check the name and the folder.\n", result.Error);
        Assert.Equal(1, result.Code);
        Assert.False(Path.Exists(Out));
    }

    [Fact]
    public void Nothing_is_left_of_a_corpus_that_is_refused_halfway()
    {
        string file = _workspace.Write("text.jsonl", "{\"text\": \"the fox\"}\n{\"text\": 7}\n");

        CommandResult result = Prepare(file, "--documents", "jsonl");

        Assert.StartsWith(
            $"nabla: {file}: line 2 is no JSON object with a text", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(1, result.Code);
        Assert.False(Path.Exists(Out));
    }

    [Fact]
    public void A_set_that_is_part_of_the_program_is_no_file()
    {
        CommandResult result = Prepare("names", "--documents", "line");

        Assert.Contains("take names-full", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(2, result.Code);
    }

    [Fact]
    public void Prepared_tokens_have_their_tokenizer()
    {
        Prepare(_workspace.WriteText());

        CommandResult result = Workspace.Nabla("train", Out, "--tokenizer", TokenizerPath());

        Assert.Equal(
            $"nabla: {Out} holds tokens already, with the tokenizer that made them: leave out the tokenizer.\n", result.Error);
        Assert.Equal(1, result.Code);
    }

    [Fact]
    public void A_signal_leaves_whole_files_only_and_no_index()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill, and a corpus without an end through a pipe.");
        string pipe = _workspace.PathOf("endless");
        using NablaProcess make = NablaProcess.StartProgram("mkfifo", pipe);
        Assert.Equal(0, make.Result().Code);
        using NablaProcess process = NablaProcess.Start(
            "data", "prepare", pipe, "--out", Out, "--tokenizer", TokenizerPath(), "--documents", "line",
            "--shard-tokens", "50000", "--threads", "1");

        // A write returns when it has been read, save what the pipe holds: some files are whole by then.
        byte[] lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("the quick brown fox\n", 5000)));
        using (FileStream corpus = new(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            for (int i = 0; i < 30; i++)
            {
                corpus.Write(lines);
            }

            process.Signal("INT");
            Action goOn = () =>
            {
                while (true)
                {
                    corpus.Write(lines);
                }
            };
            Assert.Throws<IOException>(goOn);
        }

        CommandResult result = process.Result();
        Assert.Equal(130, result.Code);
        Assert.Equal(
            $"Stopped: the files in {Out} are whole, but not all: take it away to begin again.", result.ErrorLines[^1]);
        string[] files = [.. Directory.GetFiles(Out).Where(file => Path.GetFileName(file) != "tokenizer.json")];
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Equal(50_000, TokenShards.ReadFile(file).Length));
    }

    private CommandResult Prepare(string file, params string[] more)
        => Workspace.Nabla(["data", "prepare", file, "--out", Out, "--tokenizer", TokenizerPath(), .. more]);

    private string TokenizerPath()
    {
        string path = _workspace.PathOf("my-tokenizer.json");
        RegexTokenizer.Train("the quick brown fox jumps over the lazy dog, the fox, the dog", 270, TextSplitter.Gpt2)
            .WithSpecialTokens([new("<|endoftext|>", 270)])
            .Save(path);
        return path;
    }
}
