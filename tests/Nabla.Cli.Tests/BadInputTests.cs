using System.Text;

namespace Nabla.Cli.Tests;

/// <summary>Right commands on wrong files: exit code 1, one line that names file and fault, and nothing left behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_missing_file()
        => Refused("no-such.txt", "no-such.txt does not exist: give the path of a text file, or one of names, names-full, "
            + "shakespeare, taylorswift.");

    [Fact]
    public void Pictures() => Refused("mnist", "mnist is pictures of digits and not a text: take a text, or read the lesson "
        + "lessons/02b-digits, which trains on them.");

    [Fact]
    public void An_empty_file()
    {
        string file = _workspace.Write("empty.txt", string.Empty);
        Refused(file, $"{file} is empty: there is nothing to learn from it.");
    }

    [Fact]
    public void A_file_of_one_character()
    {
        string file = _workspace.Write("one.txt", "a");
        Refused(file, $"{file} has one character: at least two are needed to learn what follows what.");
    }

    [Fact]
    public void A_binary_file()
    {
        string file = _workspace.PathOf("binary.bin");
        File.WriteAllBytes(file, [.. Encoding.ASCII.GetBytes("text"), 0, 1, 2, 3]);
        Refused(file, $"{file} is not UTF-8 text (byte 4 is 0): save it as UTF-8, or give a text file.");
    }

    [Fact]
    public void A_folder() => Refused(_workspace.Folder, $"{_workspace.Folder} is a folder: name a text file in it.");

    [Fact]
    public void A_context_longer_than_the_text()
    {
        string file = _workspace.Write("short.txt", "to be or not to be, that is the question");
        Refused(file, "BatchSampler: 36 tokens hold no window of context length 64 and the token after it: give more text, "
            + "or a context length of at most 35.");
    }

    [Fact]
    public void A_context_far_longer_than_the_text_takes_no_memory()
    {
        string file = _workspace.WriteText();
        Refused(file, "BatchSampler: 792 tokens hold no window of context length 2000000000 and the token after it: give more "
            + "text, or a context length of at most 791.", "--context", "2000000000");
    }

    [Fact]
    public void A_text_too_short_to_validate_on()
    {
        string file = _workspace.Write("short.txt", "to be or ");
        Refused(file, $"{file} is too short: its validation split, a tenth of it, needs at least two tokens.", "--context", "2");
    }

    [Fact]
    public void A_folder_that_is_not_empty_keeps_what_is_in_it()
    {
        string file = _workspace.WriteText();
        string run = Directory.CreateDirectory(_workspace.PathOf("run")).FullName;
        File.WriteAllText(Path.Combine(run, "mine.txt"), "mine");

        CommandResult result = Workspace.Nabla(Workspace.TinyTraining(file, run));

        Assert.Equal(
            $"nabla: The folder {run} is not empty: resume the run in it with --resume, or name another folder with --out.\n",
            result.Error);
        Assert.Equal(1, result.Code);
        Assert.Equal(Path.Combine(run, "mine.txt"), Assert.Single(Directory.GetFileSystemEntries(run)));
    }

    [Fact]
    public void An_empty_folder_that_was_there_before_stays_when_the_run_is_refused()
    {
        string run = Directory.CreateDirectory(_workspace.PathOf("run")).FullName;

        CommandResult result = Workspace.Nabla("train", _workspace.WriteText(), "--out", run, "--context", "9999");

        Assert.Equal(1, result.Code);
        Assert.Empty(Directory.GetFileSystemEntries(run));
    }

    [Theory]
    [InlineData("sample")]
    [InlineData("info")]
    public void A_folder_without_a_model(string command)
    {
        string folder = _workspace.PathOf("nowhere");

        CommandResult result = Workspace.Nabla([.. command.Split(' '), folder]);

        Assert.Equal(
            $"nabla: There is no model in {folder}: config.json is missing. Train one with `nabla train`, or fetch one with "
            + "`nabla import`.\n", result.Error);
        Assert.Equal(1, result.Code);
    }

    [Theory]
    [InlineData("plot")]
    [InlineData("train --resume")]
    public void A_folder_without_a_run(string command)
    {
        string folder = _workspace.PathOf("nowhere");

        CommandResult result = Workspace.Nabla([.. command.Split(' '), folder]);

        Assert.Equal(
            $"nabla: There is no run in {folder}: config.json is missing. Begin one with `nabla train`.\n", result.Error);
        Assert.Equal(1, result.Code);
    }

    [Theory]
    [InlineData("sample")]
    [InlineData("train --resume")]
    [InlineData("info")]
    public void A_truncated_checkpoint(string command)
    {
        string checkpoint = TrainedCheckpoint();
        byte[] bytes = File.ReadAllBytes(checkpoint);
        File.WriteAllBytes(checkpoint, bytes[..^100]);

        string line = Failed(command);

        Assert.Contains(checkpoint, line, StringComparison.Ordinal);
        Assert.Contains("bytes", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sample")]
    [InlineData("train --resume")]
    [InlineData("info")]
    public void A_corrupt_checkpoint(string command)
    {
        string checkpoint = TrainedCheckpoint();
        byte[] bytes = File.ReadAllBytes(checkpoint);
        bytes.AsSpan(8, 40).Fill((byte)'?');
        File.WriteAllBytes(checkpoint, bytes);

        Assert.Contains(checkpoint, Failed(command), StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_is_no_json()
    {
        TrainedCheckpoint();
        File.WriteAllText(_workspace.PathOf("run", "config.json"), "{ \"version\": ");

        Assert.Contains(_workspace.PathOf("run", "config.json"), Failed("sample"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_changed_since_the_run_began()
    {
        TrainedCheckpoint();
        _workspace.Write("text.txt", "another text, and not the one that the run began with, but long enough");

        Assert.Equal(
            $"nabla: The text of {_workspace.PathOf("text.txt")} has changed since the run in {_workspace.PathOf("run")} began: "
            + "put the old one back, or begin a new run.",
            Failed("train --resume"));
    }

    [Fact]
    public void A_prompt_with_a_character_that_the_model_does_not_know()
    {
        TrainedCheckpoint();

        Assert.StartsWith(
            "nabla: CharacterTokenizer: character '7' (U+0037) at position 2 is not among the",
            Failed("sample", "--prompt", "a 7"), StringComparison.Ordinal);
    }

    private string TrainedCheckpoint()
    {
        string text = _workspace.WriteText();
        CommandResult result = Workspace.Nabla(
            Workspace.TinyTraining(text, _workspace.PathOf("run"), "--steps", "2", "--samples", "0"));
        Assert.Equal(0, result.Code);
        return _workspace.PathOf("run", "checkpoint.safetensors");
    }

    // The one line that a command on the run answers with.
    private string Failed(string command, params string[] more)
    {
        CommandResult result = Workspace.Nabla([.. command.Split(' '), _workspace.PathOf("run"), .. more]);

        Assert.Equal(1, result.Code);
        Assert.Empty(result.Output);
        Assert.StartsWith("nabla: ", result.Error, StringComparison.Ordinal);
        return Assert.Single(result.ErrorLines);
    }

    private void Refused(string source, string line, params string[] more)
    {
        CommandResult result = Workspace.Nabla(["train", source, "--out", _workspace.PathOf("a", "b"), .. more]);

        Assert.Equal($"nabla: {line}\n", result.Error);
        Assert.Equal(1, result.Code);
        Assert.Empty(result.Output);
        Assert.False(Path.Exists(_workspace.PathOf("a")));
    }
}
