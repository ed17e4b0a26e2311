using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tests;

/// <summary>Models that come and go: import, export, convert, inspect, and what reads the outcome.</summary>
public sealed class ExchangeTests : IDisposable
{
    private readonly Workspace _workspace = new();

    private static string HuggingFace => TestFiles.Fixture("gpt2-hf");

    private static string Llmc => TestFiles.Fixture("gpt2-llmc.bin");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Import_export_and_import_again_gives_the_same_files()
    {
        (string first, string hf, string second) = (_workspace.PathOf("first"), _workspace.PathOf("hf"), _workspace.PathOf("second"));

        CommandResult imported = Done("import", HuggingFace, "--out", first);
        Done("export", first, "--format", "hf", "--out", hf);
        Done("import", hf, "--out", second);

        Assert.Contains("parameters  7,760", imported.Output, StringComparison.Ordinal);
        Assert.Contains($"to          {first}", imported.Output, StringComparison.Ordinal);
        Assert.Equal(["config.json", "model.safetensors"], Names(first));
        AssertSameFiles(first, second);
    }

    [Fact]
    public void Every_form_becomes_every_other()
    {
        string llmc = _workspace.PathOf("model.bin");
        Done("convert", HuggingFace, "--format", "llmc", "--out", llmc);
        Assert.Equal(File.ReadAllBytes(Llmc), File.ReadAllBytes(llmc));
        Done("convert", llmc, "--format", "llmc", "--dtype", "bfloat16", "--out", llmc);
        Assert.Equal(File.ReadAllBytes(TestFiles.Fixture("gpt2-llmc-bfloat16.bin")), File.ReadAllBytes(llmc));

        (string direct, string around) = (_workspace.PathOf("direct"), _workspace.PathOf("around"));
        Done("convert", TestFiles.Fixture("gpt2-hf-bfloat16"), "--format", "nabla", "--out", direct);
        Done("convert", llmc, "--format", "hf", "--dtype", "bfloat16", "--out", _workspace.PathOf("hf"));
        Done("convert", _workspace.PathOf("hf"), "--format", "nabla", "--out", around);
        Assert.Equal(File.ReadAllBytes(Path.Combine(direct, "model.safetensors")), File.ReadAllBytes(Path.Combine(around, "model.safetensors")));
    }

    [Fact]
    public void An_imported_model_writes_text_with_the_tokenizer_that_it_was_given()
    {
        CharacterTokenizer.FromText("abcdefghij \n").Save(_workspace.PathOf("letters.json"));
        string model = _workspace.PathOf("model");
        Assert.Contains("tokenizer   12 tokens", Done("import", Llmc, "--tokenizer", _workspace.PathOf("letters.json"), "--out", model).Output, StringComparison.Ordinal);

        string[] texts = Done("sample", model, "--prompt", "abc", "--count", "3", "--max-tokens", "5", "--top-k", "5").OutputLines;

        Assert.All(texts.Where(text => text.Length > 0).Take(1), text => Assert.StartsWith("abc", text, StringComparison.Ordinal));
        Assert.Contains("imported model", Done("info", model).Output, StringComparison.Ordinal);
        Assert.Contains("2 layers, 2 heads, width 16, context 12", Done("info", Llmc).Output, StringComparison.Ordinal);
        Assert.Contains("Hugging Face folder", Done("info", HuggingFace).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_others_goes_on_from_the_prompt_alone()
    {
        // The same weights, once with a token that documents begin with: it is not put before a prompt.
        string letters = _workspace.PathOf("letters.json");
        CharacterTokenizer.FromText("abcdefghij").Save(letters);
        Done("import", HuggingFace, "--tokenizer", letters, "--out", _workspace.PathOf("with"));
        Done("import", Llmc, "--tokenizer", letters, "--out", _workspace.PathOf("without"));

        string[] texts = [.. ((string[])["with", "without"]).Select(name => Done(
            "sample", _workspace.PathOf(name), "--prompt", "abc", "--max-tokens", "8").Output)];

        Assert.Contains("boundaryId", File.ReadAllText(_workspace.PathOf("with", "config.json")), StringComparison.Ordinal);
        Assert.DoesNotContain("boundaryId", File.ReadAllText(_workspace.PathOf("without", "config.json")), StringComparison.Ordinal);
        Assert.Equal("abc".Length + 8 + 1, texts[0].Length);
        Assert.Equal(texts[1], texts[0]);
    }

    [Fact]
    public void A_run_is_exported_without_the_tokenizer_that_the_form_cannot_hold()
    {
        string run = _workspace.PathOf("run");
        Done(Workspace.TinyTraining(_workspace.WriteWords(), run, "--steps", "2"));

        CommandResult result = Done("export", run, "--format", "hf", "--out", _workspace.PathOf("hf"));

        Assert.Contains("left out, since Hugging Face's tokenizer.json cannot hold it", result.Output, StringComparison.Ordinal);
        Assert.Equal(["config.json", "model.safetensors"], Names(_workspace.PathOf("hf")));
        Done("import", run, "--out", _workspace.PathOf("alone"));
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json"], Names(_workspace.PathOf("alone")));
    }

    [Fact]
    public void Inspect_shows_every_tensor_as_it_is_stored_and_the_numbers_of_one()
    {
        string[] lines = Done("inspect", HuggingFace).OutputLines;
        Assert.Contains("h.1.attn.c_attn.weight  F32   [16, 48]", lines);
        Assert.Equal("32 tensors, 8,050 numbers", lines[^1]);
        Assert.Contains("wte.weight              BF16  [128, 16]", Done("inspect", TestFiles.Fixture("gpt2-llmc-bfloat16.bin")).OutputLines);

        string shown = Done("inspect", HuggingFace, "--tensor", "h.1.attn.c_attn.weight").Output;
        Assert.Contains("[48, 16]", shown, StringComparison.Ordinal);
        Assert.Contains("tensor([[", shown, StringComparison.Ordinal);
        CommandResult wrong = Workspace.Nabla("inspect", HuggingFace, "--tensor", "wte");
        Assert.Equal((2, "nabla: The model has no parameter wte. Did you mean wte.weight?\n"), (wrong.Code, wrong.Error));
    }

    [Fact]
    public void A_model_of_the_hub_is_taken_from_the_cache_when_offline()
    {
        const string Commit = "0123456789abcdef0123456789abcdef01234567";
        string root = _workspace.PathOf("hub", "models--someone--tiny");
        string snapshot = Directory.CreateDirectory(Path.Combine(root, "snapshots", Commit)).FullName;
        foreach (string file in Directory.GetFiles(HuggingFace))
        {
            File.Copy(file, Path.Combine(snapshot, Path.GetFileName(file)));
        }

        Directory.CreateDirectory(Path.Combine(root, "refs"));
        File.WriteAllText(Path.Combine(root, "refs", "main"), Commit);
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", _workspace.PathOf("hub"));

        Done("import", "hf:someone/tiny", "--offline", "--out", _workspace.PathOf("model"));
        CommandResult missing = Workspace.Nabla("import", "hf:someone/else", "--offline", "--out", _workspace.PathOf("other"));

        Assert.Equal((1, $"nabla: someone/else is not in the cache {_workspace.PathOf("hub")}: fetch it once without --offline, or give the "
            + "path of a folder that holds it.\n"), (missing.Code, missing.Error));
        Assert.False(Directory.Exists(_workspace.PathOf("other")));
    }

    [Theory]
    [InlineData(2, "--out PATH is missing.", "import", "HF")]
    [InlineData(2, "--format hf|llmc is missing.", "export", "HF", "--out", "OUT")]
    [InlineData(2, "--format takes one of hf, llmc, not 'nabla'.", "export", "HF", "--out", "OUT", "--format", "nabla")]
    [InlineData(2, "--dtype of Nabla's own folders is float32: leave the option out.", "convert", "HF", "--out", "OUT", "--format", "nabla", "--dtype", "bfloat16")]
    [InlineData(1, "An llm.c checkpoint holds float32 or bfloat16, not F16.", "export", "HF", "--out", "OUT", "--format", "llmc", "--dtype", "float16")]
    [InlineData(1, "The model in HF has no tokenizer: put its tokenizer.json there, or vocab.json and merges.txt.", "sample", "HF")]
    [InlineData(1, "HF is a folder: name a file.", "export", "HF", "--format", "llmc", "--out", "HF")]
    [InlineData(1, "hf:../x names no model: ", "import", "hf:../x", "--out", "OUT")]
    public void What_is_wrong_is_said_in_one_line_and_nothing_is_left(int code, string fault, params string[] args)
    {
        string[] actual = [.. args.Select(arg => arg.Replace("HF", HuggingFace, StringComparison.Ordinal).Replace("OUT", _workspace.PathOf("out"), StringComparison.Ordinal))];

        CommandResult result = Workspace.Nabla(actual);

        Assert.StartsWith("nabla: " + fault.Replace("HF", HuggingFace, StringComparison.Ordinal), result.Error, StringComparison.Ordinal);
        Assert.Single(result.ErrorLines);
        Assert.Equal(code, result.Code);
        Assert.Empty(Directory.GetFileSystemEntries(_workspace.Folder));
    }

    private static CommandResult Done(params string[] args)
    {
        CommandResult result = Workspace.Nabla(args);
        Assert.True(result.Code == 0, result.Error);
        return result;
    }

    private static string[] Names(string folder) => [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static void AssertSameFiles(string first, string second)
    {
        Assert.Equal(Names(first), Names(second));
        Assert.All(Names(first), name => Assert.Equal(
            File.ReadAllBytes(Path.Combine(first, name)), File.ReadAllBytes(Path.Combine(second, name))));
    }
}
