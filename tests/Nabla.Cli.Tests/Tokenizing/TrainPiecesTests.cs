using System.Text;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tests.Tokenizing;

/// <summary><c>nabla tokenizer train --type sentencepiece</c>.</summary>
public sealed class TrainPiecesTests : IDisposable
{
    private readonly Workspace _workspace = new();

    private string Model => _workspace.PathOf("my.model");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_model_and_its_list_of_pieces_are_written()
    {
        CommandResult result = Train(_workspace.WriteText(), "--vocab-size", "60");

        Assert.True(result.Code == 0, result.Error);
        Assert.Equal([Model, _workspace.PathOf("my.vocab")], result.OutputLines);
        Assert.Equal(60, File.ReadLines(_workspace.PathOf("my.vocab")).Count());
        Assert.Contains("text    880 bytes in ", result.Error, StringComparison.Ordinal);
        string ids = Workspace.Nabla("tokenizer", "encode", "--tokenizer", Model, "--text", "the lazy fox").Output;
        Assert.Equal("the lazy fox", Workspace.Nabla("tokenizer", "decode", "--tokenizer", Model, "--ids", ids).Output);
    }

    [Fact]
    public void Options_are_known_with_dashes_and_with_underscores_and_reach_the_model()
    {
        CommandResult result = Train(
            _workspace.WriteText(), "--vocab-size", "310", "--byte_fallback", "--split-digits", "true", "--add-dummy-prefix=false",
            "--control-symbols", "<sep>,<cls>", "--user_defined_symbols", "fox", "--pad-id", "3", "--character_coverage", "1",
            "--max-sentencepiece-length", "5", "--hard-vocab-limit=false");

        Assert.True(result.Code == 0, result.Error);
        SentencePieceTokenizer tokenizer = SentencePieceTokenizer.Load(Model);
        SentencePieceTrainingOptions options = tokenizer.Model.Training;
        Assert.True(options.ByteFallback);
        Assert.True(options.SplitDigits);
        Assert.False(options.Normalization.AddDummyPrefix);
        Assert.Equal(["<sep>", "<cls>"], options.ControlSymbols);
        Assert.Equal(3, options.PaddingId);
        Assert.All(tokenizer.Pieces.Where(piece => piece.Kind == SentencePieceKind.Normal), piece => Assert.InRange(piece.Text.Length, 1, 5));
        Assert.Equal(tokenizer.IdOf("fox"), Assert.Single(tokenizer.Encode("fox")));
    }

    [Fact]
    public void The_standard_input_is_learned_from_line_by_line()
    {
        string text = File.ReadAllText(_workspace.WriteText());
        string[] options = ["--type", "sentencepiece", "--vocab-size", "60", "--normalization-rule-name", "identity"];
        CommandResult input = Workspace.NablaReading(
            Encoding.UTF8.GetBytes(text), ["tokenizer", "train", "-", "--out", _workspace.PathOf("in.model"), .. options]);

        Assert.True(input.Code == 0, input.Error);
        Train(_workspace.WriteText(), "--vocab-size", "60");
        Assert.Equal(File.ReadAllBytes(Model), File.ReadAllBytes(_workspace.PathOf("in.model")));
    }

    [Fact]
    public void Lines_that_are_too_long_are_skipped_and_counted()
    {
        string file = _workspace.Write("long.txt", "a short line of words\n" + new string('z', 5000) + "\n");

        CommandResult result = Train(file, "--vocab-size", "20", "--hard-vocab-limit=false");

        Assert.True(result.Code == 0, result.Error);
        Assert.Contains(
            "warning: 1 lines were skipped, being longer than 4,192 bytes: raise --max-sentence-length\n", result.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_too_small_for_the_vocabulary_is_a_failure_and_leaves_nothing()
    {
        CommandResult result = Train(_workspace.WriteText(), "--vocab-size", "5000");

        Assert.Equal(1, result.Code);
        Assert.StartsWith("nabla: ", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains("5000", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.False(File.Exists(Model));
    }

    [Fact]
    public void By_itself_text_is_normalised_as_SentencePiece_does()
    {
        CommandResult result = Workspace.Nabla(
            "tokenizer", "train", _workspace.WriteText(), "--type", "sentencepiece", "--vocab-size", "60", "--out", Model);

        Assert.True(result.Code == 0, result.Error);
        SentencePieceTokenizer tokenizer = SentencePieceTokenizer.Load(Model);
        Assert.Equal("nmt_nfkc", tokenizer.Model.Normalization.Name);
        Assert.Equal(tokenizer.Encode("the fox"), tokenizer.Encode("ｔｈｅ　ｆｏｘ"));
    }

    private CommandResult Train(string file, params string[] more) => Workspace.Nabla(
        ["tokenizer", "train", file, "--type", "sentencepiece", "--normalization-rule-name", "identity", "--out", Model, .. more]);
}
