using System.Text;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tests.Tokenizing;

/// <summary><c>nabla tokenizer encode</c> and <c>decode</c>.</summary>
public sealed class EncodeDecodeTests : IDisposable
{
    private readonly Workspace _workspace = new();

    private string Characters => _workspace.Write(
        "characters.json", """{"type":"character","version":1,"boundary":false,"characters":["a","b"," ","\n","é"]}""");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_file_the_input_and_a_text_give_the_same_ids()
    {
        string file = _workspace.Write("text.txt", "ab é\n");

        Assert.Equal("0 1 2 4 3\n", Encode(file).Output);
        Assert.Equal("0 1 2 4 3\n", Encode("--text", "ab é\n").Output);
        Assert.Equal(
            "0 1 2 4 3\n",
            Workspace.NablaReading(Encoding.UTF8.GetBytes("ab é\n"), "tokenizer", "encode", "--tokenizer", Characters, "-").Output);
    }

    [Fact]
    public void An_empty_text_has_no_ids() => Assert.Equal("\n", Encode("--text", "").Output);

    [Fact]
    public void The_count_alone() => Assert.Equal("5\n", Encode("--text", "ab é\n", "--count").Output);

    [Fact]
    public void Json_has_the_place_the_text_and_the_bytes_of_each_token()
        => Assert.Equal(
            """{"count":2,"tokens":[{"id":0,"start":0,"end":1,"text":"a","bytes":"61"},{"id":4,"start":1,"end":2,"text":"é","bytes":"c3a9"}]}"""
                + "\n",
            Encode("--text", "aé", "--json").Output);

    [Fact]
    public void Json_of_the_count_alone() => Assert.Equal("{\"count\":2}\n", Encode("--text", "aé", "--json", "--count").Output);

    [Fact]
    public void Decode_writes_the_exact_text_and_nothing_after_it()
    {
        Assert.Equal("ab é", Decode("0 1\n2\t4 ").Output);
        Assert.Equal("", Decode("").Output);
        Assert.Equal("ab\n", Workspace.Nabla("tokenizer", "decode", "--tokenizer", Characters, "--ids", "0 1 3").Output);
    }

    [Fact]
    public void More_ids_than_fit_one_piece_of_output()
    {
        string text = string.Concat(Enumerable.Repeat("ab é", 20_000));

        CommandResult ids = Encode(_workspace.Write("long.txt", text));

        Assert.Equal(80_000, ids.Output.Split(' ').Length);
        Assert.Equal(text, Decode(ids.Output).Output);
    }

    [Theory]
    [InlineData("0 x", "\"x\", word 2 of the ids, is no id: write whole numbers with spaces between.")]
    [InlineData("0 -1", "\"-1\", word 2 of the ids, is no id: write whole numbers with spaces between.")]
    [InlineData("0,1", "\"0,1\", word 1 of the ids, is no id: write whole numbers with spaces between.")]
    public void Words_that_are_no_ids_are_named(string ids, string line)
    {
        CommandResult result = Decode(ids);

        Assert.Equal($"nabla: {line}\n", result.Error);
        Assert.Equal(1, result.Code);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_named_with_their_place()
    {
        CommandResult result = Workspace.NablaReading(
            [.. "ab"u8, 0xFF, .. "a"u8], "tokenizer", "encode", "--tokenizer", Characters, "-");

        Assert.Equal("nabla: the input is not UTF-8 text (byte 2 is 0xFF): save it as UTF-8, or give a text file.\n", result.Error);
        Assert.Equal(1, result.Code);
    }

    [Fact]
    public void A_missing_file_is_a_failure()
    {
        CommandResult result = Encode("no/such.txt");

        Assert.Equal("nabla: no/such.txt does not exist: check the name and the folder.\n", result.Error);
        Assert.Equal(1, result.Code);
    }

    [Fact]
    public void A_folder_is_no_text()
        => Assert.Equal($"nabla: {_workspace.Folder} is a folder: name a file in it.\n", Encode(_workspace.Folder).Error);

    [Fact]
    public void Through_pipes_of_real_processes_every_byte_comes_back()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The pipe is made by sh.");
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. "a\r\nb\t\x01 \u2028 안 😉 no line break at the end"u8];
        File.WriteAllBytes(_workspace.PathOf("in.txt"), bytes);
        new BasicTokenizer([new('a', 'b')]).Save(_workspace.PathOf("my.model"));
        const string Script =
            "cd \"$1\"; dotnet \"$0\" tokenizer encode --tokenizer my.model in.txt "
            + "| dotnet \"$0\" tokenizer decode --tokenizer my.model - > out.txt";

        using NablaProcess process = NablaProcess.StartProgram("sh", "-c", Script, NablaProcess.Assembly, _workspace.Folder);
        CommandResult result = process.Result();

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(bytes, File.ReadAllBytes(_workspace.PathOf("out.txt")));
    }

    private CommandResult Encode(params string[] more)
        => Workspace.Nabla(["tokenizer", "encode", "--tokenizer", Characters, .. more]);

    private CommandResult Decode(string ids) => Workspace.NablaReading(
        Encoding.UTF8.GetBytes(ids), "tokenizer", "decode", "--tokenizer", Characters, "-");
}
