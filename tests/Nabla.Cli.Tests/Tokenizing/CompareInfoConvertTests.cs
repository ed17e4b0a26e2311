using System.Text.Json;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tests.Tokenizing;

/// <summary><c>nabla tokenizer compare</c>, <c>info</c> and <c>convert</c>.</summary>
public sealed class CompareInfoConvertTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Two_tokenizers_stand_side_by_side_with_the_places_where_they_differ()
    {
        PublishedTokenizers.Require();

        CommandResult result = Workspace.Nabla(
            "tokenizer", "compare", "--tokenizer", "gpt2", "--with", "cl100k_base", "--text", "one 1275\n  two", "--lines");

        Assert.Equal(
            """
                           gpt2    cl100k_base
            tokens         6       7
            bytes a token  2.33    2.00
            vocabulary     50,257  100,277

            tokens of cl100k_base for one of gpt2: 1.167
            places split differently: 1, 35.7% of the text

            line  text        gpt2    cl100k_base
            1     one[ 1275]   12|75   |127|5

            line  gpt2  cl100k_base  text
            1     4     5            one 1275
            2     2     2              two

            """, result.Output);
        Assert.Equal(0, result.Code);
    }

    [Fact]
    public void Lines_add_up_to_the_counts()
    {
        PublishedTokenizers.Require();
        string file = _workspace.Write("text.txt", "One line, and\nanother\n\n   and 12345 more 안녕\nlast");

        using JsonDocument json = JsonDocument.Parse(Workspace.Nabla(
            "tokenizer", "compare", "--tokenizer", "gpt2", "--with", "cl100k_base", file, "--lines", "--json").Output);

        JsonElement root = json.RootElement;
        foreach (string side in (string[])["first", "second"])
        {
            int[] lines = [.. root.GetProperty(side + "ByLine").EnumerateArray().Select(count => count.GetInt32())];
            Assert.Equal(5, lines.Length);
            Assert.Equal(root.GetProperty(side).GetProperty("tokens").GetInt32(), lines.Sum());
        }

        Assert.Equal(root.GetProperty("differenceCount").GetInt32(), root.GetProperty("differences").GetArrayLength());
        Assert.True(root.GetProperty("differenceCount").GetInt32() > 1);
    }

    [Fact]
    public void A_tokenizer_does_not_differ_from_itself()
    {
        string tokenizer = Train("same.json", "--vocab-size", "260");

        CommandResult result = Workspace.Nabla(
            "tokenizer", "compare", "--tokenizer", tokenizer, "--with", tokenizer, "--text", "the fox jumps");

        Assert.Contains("for one of " + tokenizer + ": 1.000\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("differently: 0, 0.0% of the text\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_tells_what_is_in_a_tokenizer()
    {
        string tokenizer = Train("my.json", "--vocab-size", "262", "--special", "<|end|>", "--pattern", "gpt2");

        CommandResult result = Workspace.Nabla("tokenizer", "info", "--tokenizer", tokenizer, "--examples", "2");

        Assert.Equal(0, result.Code);
        Assert.Contains("kind             byte pairs within chunks\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("ids              263\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("split pattern    gpt2: '(?:[sdmt]|ll", result.Output, StringComparison.Ordinal);
        Assert.Contains("not UTF-8 alone  128, which", result.Output, StringComparison.Ordinal);
        Assert.Contains("262  7      <|end|>\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("257  \"th\" + \"e\" = \"the\"\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("1      256     ▇", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_as_json_has_the_lists_whole()
    {
        PublishedTokenizers.Require();

        using JsonDocument json = JsonDocument.Parse(
            Workspace.Nabla("tokenizer", "info", "--tokenizer", "cl100k_base", "--json").Output);

        Assert.Equal(100_277, json.RootElement.GetProperty("ids").GetInt32());
        Assert.Equal(100_257, json.RootElement.GetProperty("specialTokens").GetProperty("<|endoftext|>").GetInt32());
        Assert.Equal(773, json.RootElement.GetProperty("notUtf8").GetArrayLength());
        Assert.Equal(58_040, json.RootElement.GetProperty("longest")[0].GetInt32());
        Assert.Equal(
            100_256, json.RootElement.GetProperty("tokensByLength").EnumerateArray().Sum(count => count.GetInt32()));
    }

    [Theory]
    [InlineData("my.json", "copy.json")]
    [InlineData("my.json", "copy.model")]
    [InlineData("my.json", "copy.tiktoken")]
    [InlineData("my.model", "copy.json")]
    [InlineData("my.model", "copy.tiktoken")]
    public void Converted_a_tokenizer_gives_the_same_ids(string from, string to)
    {
        const string Text = "the fox jumps over a lazy dog, 1234 times äöü";
        string source = Train(from, "--vocab-size", "300");
        string target = _workspace.PathOf(to);

        CommandResult result = Workspace.Nabla("tokenizer", "convert", "--tokenizer", source, "--out", target);

        Assert.True(result.Code == 0, result.Error);
        Assert.Contains(target, result.OutputLines);
        string[] pattern = to.EndsWith(".tiktoken", StringComparison.Ordinal) ? ["--pattern", "gpt4"] : [];
        Assert.Equal(
            Workspace.Nabla("tokenizer", "encode", "--tokenizer", source, "--text", Text).Output,
            Workspace.Nabla(["tokenizer", "encode", "--tokenizer", target, "--text", Text, .. pattern]).Output);
    }

    [Fact]
    public void Gpt2s_two_files_come_out_as_they_went_in()
    {
        string merges = TestFiles.Data("vocab.bpe");
        TestFiles.Data("encoder.json");
        string target = _workspace.PathOf("vocab.bpe");
        string json = _workspace.PathOf("gpt2.json");

        CommandResult result = Workspace.Nabla("tokenizer", "convert", "--tokenizer", merges, "--out", json);
        Assert.True(result.Code == 0, result.Error);
        result = Workspace.Nabla("tokenizer", "convert", "--tokenizer", json, "--out", target);

        Assert.True(result.Code == 0, result.Error);
        Assert.Equal([target, _workspace.PathOf("encoder.json")], result.OutputLines);
        Assert.Equal(File.ReadAllBytes(merges), File.ReadAllBytes(target));
        const string Text = "Hello world 안녕 <|endoftext|>";
        Assert.Equal(
            Workspace.Nabla("tokenizer", "encode", "--tokenizer", merges, "--text", Text, "--special", "allow").Output,
            Workspace.Nabla("tokenizer", "encode", "--tokenizer", target, "--text", Text, "--special", "allow").Output);
    }

    [Fact]
    public void Gpt2s_files_hold_no_other_pattern()
    {
        CommandResult result = Convert(Train("my.json", "--vocab-size", "300"), "vocab.bpe");

        Assert.Equal(1, result.Code);
        Assert.Equal(
            $"nabla: cannot write {_workspace.PathOf("vocab.bpe")}: these files are always read with GPT-2's split pattern, which is not "
                + "the tokenizer's own; write a tokenizer.json.\n", result.Error);
        Assert.Equal(2, Convert(_workspace.PathOf("my.json"), "my.bpe").Code);
    }

    [Fact]
    public void A_file_of_ranks_is_said_to_hold_less()
    {
        string source = Train("my.json", "--vocab-size", "300", "--special", "<|end|>");

        CommandResult result = Workspace.Nabla(
            "tokenizer", "convert", "--tokenizer", source, "--out", _workspace.PathOf("copy.tiktoken"));

        Assert.Equal(
            "note: a .tiktoken file holds the 287 tokens alone: it is read with --pattern, and without the 1 special tokens\n",
            result.Error);
    }

    [Fact]
    public void A_format_that_cannot_hold_a_tokenizer_is_refused_in_one_line()
    {
        string pieces = TestFiles.Data("llama2_tokenizer.model");
        string target = _workspace.PathOf("copy.json");

        CommandResult result = Workspace.Nabla("tokenizer", "convert", "--tokenizer", pieces, "--out", target);

        Assert.Equal(
            "nabla: huggingface cannot hold a SentencePiece byte-pair model: write it as sentencepiece, in a .model file.\n",
            result.Error);
        Assert.Equal(1, result.Code);
        Assert.False(File.Exists(target));
    }

    [Fact]
    public void A_SentencePiece_model_is_written_with_its_list_of_pieces()
    {
        string source = TestFiles.Data("llama2_tokenizer.model");
        string target = _workspace.PathOf("copy.model");

        CommandResult result = Workspace.Nabla("tokenizer", "convert", "--tokenizer", source, "--out", target);

        Assert.Equal([target, _workspace.PathOf("copy.vocab")], result.OutputLines);
        Assert.Equal(SentencePieceTokenizer.Load(source).Pieces, SentencePieceTokenizer.Load(target).Pieces);
        Assert.Equal("<unk>\t0", File.ReadLines(_workspace.PathOf("copy.vocab")).First());
    }

    [Fact]
    public void Characters_keep_their_own_format()
    {
        string source = _workspace.PathOf("characters.json");
        CharacterTokenizer.FromText("abc").Save(source);

        Assert.Equal(0, Convert(source, "copy.json").Code);
        Assert.Equal(File.ReadAllText(source), File.ReadAllText(_workspace.PathOf("copy.json")));
        Assert.Equal(
            "nabla: minbpe cannot hold one id for each character: write it as its own format, in a .json file without --format.\n",
            Convert(source, "copy.model").Error);
    }

    private CommandResult Convert(string source, string target)
        => Workspace.Nabla("tokenizer", "convert", "--tokenizer", source, "--out", _workspace.PathOf(target));

    private string Train(string name, params string[] more)
    {
        string path = _workspace.PathOf(name);
        CommandResult result = Workspace.Nabla(["tokenizer", "train", _workspace.WriteText(), "--out", path, .. more]);
        Assert.True(result.Code == 0, result.Error);
        return path;
    }
}
