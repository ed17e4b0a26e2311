using System.Text;
using System.Text.Json;
using Nabla.Tests;

namespace Nabla.Cli.Tests.Tokenizing;

/// <summary><c>nabla tokenizer train</c>.</summary>
public sealed class TrainTokenizerTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Bytes_in_a_model_file_are_minbpes_two_files()
    {
        string path = _workspace.PathOf("toy.model");

        CommandResult result = Train("aaabdaaabac", "--type", "bytes", "--vocab-size", "259", "--out", path);

        Assert.Equal(0, result.Code);
        Assert.Equal([path, _workspace.PathOf("toy.vocab")], result.OutputLines);
        Assert.Equal("minbpe v1\n\n0\n97 97\n256 97\n257 98\n", File.ReadAllText(path));
        Assert.Equal("258 100 258 97 99\n", Encode(path, "aaabdaaabac"));
        Assert.Equal(
            ["tokens  259", "text    11 bytes in 5 tokens: 2.20 bytes a token"], result.ErrorLines.Skip(2).Take(2));
    }

    [Fact]
    public void Special_tokens_come_after_the_learned_ones_and_are_not_learned_from()
    {
        string path = _workspace.PathOf("my.json");
        string text = string.Concat(Enumerable.Repeat("one two<|end|>", 50));

        CommandResult result = Train(text, "--vocab-size", "260", "--special", "<|end|>", "--special", "<|x|>", "--out", path);

        Assert.Equal(0, result.Code);
        Assert.Equal("261 260\n", Encode(path, "<|x|><|end|>"));
        Assert.DoesNotContain("end", Workspace.Nabla("tokenizer", "decode", "--tokenizer", path, "--ids", "256 257 258 259").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_runs_out_of_pairs_makes_fewer_tokens_and_says_so()
    {
        string path = _workspace.PathOf("my.json");

        CommandResult result = Train("aab", "--type", "bytes", "--vocab-size", "300", "--out", path);

        Assert.Equal(0, result.Code);
        Assert.Contains("warning: the text has no more to merge: 258 tokens, not 300\n", result.Error, StringComparison.Ordinal);
        Assert.Equal("257\n", Encode(path, "aab"));
    }

    [Fact]
    public void Json_says_what_was_learned()
    {
        string path = _workspace.PathOf("my.json");

        CommandResult result = Train("abababab", "--vocab-size", "257", "--out", path, "--json");

        Assert.Empty(result.Error);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Equal(257, json.RootElement.GetProperty("vocabulary").GetInt32());
        Assert.Equal(8, json.RootElement.GetProperty("bytes").GetInt64());
        Assert.Equal(4, json.RootElement.GetProperty("tokens").GetInt64());
        Assert.Equal(path, json.RootElement.GetProperty("files")[0].GetString());
    }

    [Fact]
    public void The_rule_for_ties_decides()
    {
        string first = _workspace.PathOf("first.model");
        string lowest = _workspace.PathOf("lowest.model");

        Train("xyxy abab", "--type", "bytes", "--vocab-size", "257", "--out", first);
        Train("xyxy abab", "--type", "bytes", "--vocab-size", "257", "--out", lowest, "--ties", "lowest-ids");

        Assert.EndsWith("120 121\n", File.ReadAllText(first), StringComparison.Ordinal);
        Assert.EndsWith("97 98\n", File.ReadAllText(lowest), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_of_ones_own_splits_the_text()
    {
        string path = _workspace.PathOf("my.json");

        Train("a-a-a-a-a-a-", "--pattern", "[^-]+|-", "--vocab-size", "300", "--out", path);

        Assert.Equal("97 45 97\n", Encode(path, "a-a"));
    }

    [Fact]
    public void The_standard_input_and_several_files_are_learned_from()
    {
        string path = _workspace.PathOf("in.model");
        CommandResult input = Workspace.NablaReading(
            Encoding.UTF8.GetBytes("abab"), "tokenizer", "train", "-", "--type", "bytes", "--vocab-size", "257", "--out", path);
        CommandResult files = Workspace.Nabla(
            "tokenizer", "train", _workspace.Write("a.txt", "ab"), _workspace.Write("b.txt", "ab"),
            "--type", "bytes", "--vocab-size", "257", "--out", _workspace.PathOf("files.model"));

        Assert.Equal(0, input.Code);
        Assert.Equal(0, files.Code);
        Assert.Equal(File.ReadAllText(path), File.ReadAllText(_workspace.PathOf("files.model")));
    }

    [Theory]
    [InlineData("no-such.txt", "my.json", "no-such.txt does not exist: check the name and the folder.")]
    [InlineData("text.txt", "no/such/my.json", "The folder {0}no/such does not exist: make it, or name another.")]
    [InlineData("bad.txt", "my.json", null)]
    public void What_cannot_be_read_or_written_is_a_failure(string file, string path, string? line)
    {
        File.WriteAllBytes(_workspace.PathOf("bad.txt"), [97, 0xFF, 98]);
        _workspace.Write("text.txt", "abc");
        string source = File.Exists(_workspace.PathOf(file)) ? _workspace.PathOf(file) : file;

        CommandResult result = Workspace.Nabla("tokenizer", "train", source, "--out", _workspace.PathOf(path));

        Assert.Equal(1, result.Code);
        Assert.Empty(result.Output);
        Assert.False(File.Exists(_workspace.PathOf(path)));
        string expected = line ?? "bad.txt";
        Assert.Contains(
            expected.Replace("{0}", _workspace.Folder + "/", StringComparison.Ordinal), result.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Interrupted_it_leaves_no_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        string pipe = _workspace.PathOf("endless.txt");
        using (NablaProcess make = NablaProcess.StartProgram("mkfifo", pipe))
        {
            Assert.Equal(0, make.Result().Code);
        }

        string path = _workspace.PathOf("my.json");
        using NablaProcess endless = NablaProcess.StartProgram("sh", "-c", $"yes 'the same words again' > {pipe}");
        using NablaProcess process = NablaProcess.StartProgram(
            "sh", "-c", "exec dotnet \"$@\" 2>&1", "sh", NablaProcess.Assembly, "tokenizer", "train", pipe, "--out", path);
        Assert.StartsWith("reading", process.NextLine(), StringComparison.Ordinal);

        process.Signal("INT");
        CommandResult result = process.Result();

        Assert.Equal(130, result.Code);
        Assert.Equal("nabla: Interrupted.", result.OutputLines[^1]);
        Assert.Equal([pipe], Directory.GetFileSystemEntries(_workspace.Folder));
    }

    [Fact]
    public void The_lectures_text_has_the_lectures_first_merges()
    {
        string path = _workspace.PathOf("taylor.model");

        CommandResult result = Workspace.Nabla("tokenizer", "train", TestFiles.Data("taylorswift.txt"),
            "--type", "bytes", "--vocab-size", "512", "--out", path);

        Assert.Equal(0, result.Code);
        Assert.Equal(["101 32", "44 32", "100 32"], File.ReadLines(path).Skip(3).Take(3));
    }

    private CommandResult Train(string text, params string[] more)
        => Workspace.Nabla(["tokenizer", "train", _workspace.Write("training.txt", text), .. more]);

    private static string Encode(string tokenizer, string text)
        => Workspace.Nabla("tokenizer", "encode", "--tokenizer", tokenizer, "--text", text, "--special", "allow").Output;
}
